/**
 * The catalog as a CapabilityStatement: what this server can do, and nothing that it cannot
 * (https://hl7.org/fhir/R4/capabilitystatement.html).
 */
import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceInteraction,
  CapabilityStatementRestResourceSearchParam,
  CapabilityStatementRestSecurity,
} from '@medplum/fhirtypes';
import type { Interaction } from '../core/context.ts';
import { COMMON_SEARCH } from './common.ts';
import type { ReferenceParameter, ResourceEntry, SearchParameter } from './define.ts';
import type { Catalog } from './index.ts';
import { operationsOf, SYSTEM_OPERATIONS, type Operation } from './operations.ts';

/** The version of the server and the day on which what it can do last changed: no clock is asked. */
const VERSION = '0.1.0';
const DATE = '2026-11-22';
const FHIR = 'http://hl7.org/fhir';
const US_CORE_SERVER = 'http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server';

/** What the server offers beside the types; the router knows the same. */
const SYSTEM_INTERACTIONS = [
  'transaction',
  'batch',
  'history-system',
] as const satisfies readonly Interaction[];

const STRICT =
  'Searches are strict: an unknown parameter, modifier or value is refused, unless "Prefer: handling=lenient" asks to leave unknown parameters out. A search that no index serves is refused as too costly.';

const canonicalOf = (type: string, name: string, { canonical }: SearchParameter): string =>
  canonical ?? `${FHIR}/SearchParameter/${type}-${name}`;

function searchParameters({
  type,
  search,
  derived = {},
}: ResourceEntry): CapabilityStatementRestResourceSearchParam[] {
  const kept = Object.entries<SearchParameter>({ ...COMMON_SEARCH, ...search }).map(([name, parameter]) => ({
    name,
    definition: canonicalOf(type, name, parameter),
    type: parameter.kind,
  }));
  const workedOut = Object.entries(derived).map(([name, { canonical }]) => ({
    name,
    definition: canonical,
    type: 'token' as const,
  }));
  return [...kept, ...workedOut];
}

const isSearched = ({ interactions, source }: ResourceEntry): boolean =>
  interactions.includes('search-type') && source !== 'files';

function references({ search }: ResourceEntry): readonly (readonly [string, ReferenceParameter])[] {
  return Object.entries(search).flatMap(([name, parameter]) =>
    parameter.kind === 'reference' ? [[name, parameter] as const] : [],
  );
}

const leadsTo = ({ targets }: ReferenceParameter, type: string): boolean =>
  targets.length === 0 || targets.includes(type);

/** References from the type to what is stored here. */
function includes(catalog: Catalog, entry: ResourceEntry): readonly string[] {
  if (!isSearched(entry)) return [];
  const stored = [...catalog.values()].filter(({ source }) => source !== 'files');
  return references(entry)
    .filter(([, parameter]) => stored.some(({ type }) => leadsTo(parameter, type)))
    .map(([name]) => `${entry.type}:${name}`);
}

/** References from what is stored here to the type. */
function revIncludes(catalog: Catalog, entry: ResourceEntry): readonly string[] {
  if (!isSearched(entry)) return [];
  return [...catalog.values()].filter(isSearched).flatMap((other) =>
    references(other)
      .filter(([, parameter]) => leadsTo(parameter, entry.type))
      .map(([name]) => `${other.type}:${name}`),
  );
}

const operation = ({ name, definition }: Operation): { name: string; definition: string } => ({
  name,
  definition,
});

const filled = <T>(name: string, list: readonly T[]): Readonly<Record<string, T[]>> =>
  list.length === 0 ? {} : { [name]: [...list] };

function conditions({ interactions }: ResourceEntry): Partial<CapabilityStatementRestResource> {
  const has = (interaction: Interaction): boolean => interactions.includes(interaction);
  return {
    versioning: has('vread') ? 'versioned' : 'no-version',
    readHistory: has('vread'),
    updateCreate: false,
    conditionalCreate: has('create'),
    conditionalRead: has('vread') ? 'full-support' : 'not-supported',
    conditionalUpdate: has('update'),
    conditionalDelete: has('delete') ? 'single' : 'not-supported',
  };
}

function resource(catalog: Catalog, entry: ResourceEntry): CapabilityStatementRestResource {
  const { type, profiles, interactions } = entry;
  const isSearchable = interactions.includes('search-type');
  return {
    type: type as NonNullable<CapabilityStatementRestResource['type']>,
    profile: `${FHIR}/StructureDefinition/${type}`,
    ...filled('supportedProfile', profiles),
    interaction: interactions.map((code) => ({
      code: code as CapabilityStatementRestResourceInteraction['code'],
    })),
    ...conditions(entry),
    referencePolicy: ['literal', 'logical'],
    ...filled('searchInclude', includes(catalog, entry)),
    ...filled('searchRevInclude', revIncludes(catalog, entry)),
    ...filled('searchParam', isSearchable ? searchParameters(entry) : []),
    ...filled('operation', operationsOf(entry).map(operation)),
  };
}

/** Where tokens come from: the addresses of the authorization server, where they are known. */
export type Security = Readonly<Record<string, string>>;

const OAUTH_URIS = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';
const SECURITY_SERVICE = 'http://terminology.hl7.org/CodeSystem/restful-security-service';

/** https://hl7.org/fhir/smart-app-launch/conformance.html; the extension is for clients of version 1. */
const securityText = (addresses: Security): CapabilityStatementRestSecurity => ({
  ...filled(
    'extension',
    Object.keys(addresses).length === 0
      ? []
      : [
          {
            url: OAUTH_URIS,
            extension: Object.entries(addresses).map(([url, valueUri]) => ({ url, valueUri })),
          },
        ],
  ),
  cors: true,
  service: [
    {
      coding: [{ system: SECURITY_SERVICE, code: 'SMART-on-FHIR', display: 'SMART-on-FHIR' }],
      text: 'OAuth 2.0 as SMART App Launch uses it',
    },
  ],
});

/**
 * The statement of a server with this catalog.
 *
 * @param baseUrl where the server is; left out of the checked-in file, which is the same for all
 */
export function capabilityOf(catalog: Catalog, baseUrl?: string, security?: Security): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    id: 'fhir-iis',
    version: VERSION,
    name: 'FhirIis',
    title: 'fhir-iis, an immunization registry',
    status: 'active',
    date: DATE,
    kind: 'instance',
    description:
      'A state immunization information system: immunizations, recommendations and consent of a population.',
    instantiates: [US_CORE_SERVER],
    software: { name: 'fhir-iis', version: VERSION },
    implementation: { description: 'fhir-iis', ...(baseUrl !== undefined && { url: baseUrl }) },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        documentation: STRICT,
        ...(security && { security: securityText(security) }),
        resource: [...catalog.values()].map((entry) => resource(catalog, entry)),
        interaction: SYSTEM_INTERACTIONS.map((code) => ({ code })),
        ...filled('operation', SYSTEM_OPERATIONS.map(operation)),
        compartment: [`${FHIR}/CompartmentDefinition/patient`],
      },
    ],
  };
}
