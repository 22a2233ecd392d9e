/** Organisations, their sites and staff as FHIR resources, in one transaction for each organisation. */
import type {
  Bundle,
  BundleEntry,
  Location,
  Organization as OrganizationBody,
  Practitioner,
  PractitionerRole,
} from '@medplum/fhirtypes';
import { coding, concept, SYSTEM } from './concepts.ts';
import { byCondition, sharedIdentifier, type SharedType } from './identifiers.ts';
import { KINDS, type Kind, type Organization, type Site, type Worker } from './organizations.ts';
import { addressOf } from './patient-body.ts';

type Shared = OrganizationBody | Location | Practitioner;

/** Names of the Health Care Provider Taxonomy (NUCC), by profession. */
const SPECIALTIES: Readonly<Record<Worker['profession'], readonly [code: string, text: string]>> = {
  physician: ['208D00000X', 'General practice physician'],
  nurse: ['163W00000X', 'Registered nurse'],
  'nurse-practitioner': ['363L00000X', 'Nurse practitioner'],
  pharmacist: ['183500000X', 'Pharmacist'],
};
const NUCC = 'http://nucc.org/provider-taxonomy';

const typeOf = (kind: Kind): OrganizationBody['type'] => {
  const [code, display] = KINDS[kind].type;
  return [{ coding: [coding('organizationType', code, display)], text: KINDS[kind].says }];
};

function organizationBody(
  organization: Pick<Organization, 'key' | 'kind' | 'name' | 'place' | 'phone' | 'npi' | 'partOf'>,
): OrganizationBody {
  const { key, kind, name, place, phone, npi, partOf } = organization;
  const type = typeOf(kind);
  return {
    resourceType: 'Organization',
    identifier: [
      sharedIdentifier('Organization', key),
      ...(npi === undefined ? [] : [{ system: SYSTEM.npi, value: npi }]),
    ],
    active: true,
    ...(type !== undefined && { type }),
    name,
    telecom: [{ system: 'phone', value: phone, use: 'work' }],
    address: [{ use: 'work', ...addressOf(place) }],
    ...(partOf !== undefined && { partOf: { reference: partOf } }),
  };
}

function locationBody(site: Site, organization: string): Location {
  const facts = KINDS[site.kind].site;
  return {
    resourceType: 'Location',
    identifier: [sharedIdentifier('Location', site.key)],
    status: 'active',
    name: site.name,
    mode: 'instance',
    ...(facts !== undefined && { type: [concept('roleCode', facts[0], facts[1])] }),
    telecom: [{ system: 'phone', value: site.phone, use: 'work' }],
    address: { use: 'work', ...addressOf(site.place) },
    managingOrganization: { reference: organization },
  };
}

function practitionerBody(worker: Worker): Practitioner {
  return {
    resourceType: 'Practitioner',
    identifier: [{ system: SYSTEM.npi, value: worker.npi }, sharedIdentifier('Practitioner', worker.key)],
    active: true,
    name: [{ use: 'official', family: worker.family, given: [worker.given] }],
    gender: worker.sex,
  };
}

function roleBody(
  worker: Worker,
  site: Site,
  references: { readonly practitioner: string; readonly organization: string; readonly location: string },
): PractitionerRole {
  const [code, text] = SPECIALTIES[worker.profession];
  return {
    resourceType: 'PractitionerRole',
    identifier: [sharedIdentifier('PractitionerRole', worker.key)],
    active: true,
    practitioner: { reference: references.practitioner },
    organization: { reference: references.organization },
    specialty: [{ coding: [{ system: NUCC, code }], text }],
    location: [{ reference: references.location }],
    telecom: [{ system: 'phone', value: site.phone, use: 'work' }],
  };
}

/** A shared resource is created once, however often the world is loaded. */
function once(fullUrl: string, resource: Shared, key: string): BundleEntry {
  const { system, value } = sharedIdentifier(resource.resourceType, key);
  return {
    fullUrl,
    resource,
    request: { method: 'POST', url: resource.resourceType, ifNoneExist: `identifier=${system}|${value}` },
  };
}

/** Resources of the bundle are known by their place in it: `urn:uuid:` with the place as the last digits. */
function urls(): () => string {
  let made = 0;
  return () => {
    made += 1;
    return `urn:uuid:00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
  };
}

function workerEntries(
  worker: Worker,
  site: Site,
  at: { readonly organization: string; readonly location: string },
  url: () => string,
): BundleEntry[] {
  const practitioner = url();
  const roleNumber = sharedIdentifier('PractitionerRole', worker.key);
  const role = roleBody(worker, site, { practitioner, ...at });
  return [
    once(practitioner, practitionerBody(worker), worker.key),
    {
      fullUrl: url(),
      resource: role,
      request: {
        method: 'POST',
        url: 'PractitionerRole',
        ifNoneExist: `identifier=${roleNumber.system}|${roleNumber.value}`,
      },
    },
  ];
}

function siteEntries(site: Site, parent: string, url: () => string): BundleEntry[] {
  const [organization, location] = [url(), url()];
  return [
    once(organization, organizationBody({ ...site, partOf: parent }), site.key),
    once(location, locationBody(site, organization), site.key),
    ...site.workers.flatMap((worker) => workerEntries(worker, site, { organization, location }, url)),
  ];
}

const transaction = (entry: BundleEntry[]): Bundle => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry,
});

/** An organisation with its sites and staff. What it is part of must be there before. */
export function organizationBundle(organization: Organization): Bundle {
  const url = urls();
  const own = url();
  const { partOf } = organization;
  const body = organizationBody({
    ...organization,
    ...(partOf !== undefined && { partOf: byCondition('Organization', partOf) }),
  });
  return transaction([
    once(own, body, organization.key),
    ...organization.sites.flatMap((site) => siteEntries(site, own, url)),
  ]);
}

/** A branch of a state-wide organisation, which must be there before. */
export function branchBundle(site: Site): Bundle {
  return transaction(siteEntries(site, byCondition('Organization', site.organization), urls()));
}

/** The keys of the shared resources of a bundle, entry by entry: what a loader learns ids for. */
export function sharedKeys(
  bundle: Bundle,
): readonly (readonly [type: SharedType, key: string] | undefined)[] {
  return (bundle.entry ?? []).map(({ resource }) => {
    if (
      resource?.resourceType !== 'Organization' &&
      resource?.resourceType !== 'Location' &&
      resource?.resourceType !== 'Practitioner'
    )
      return undefined;
    const { system } = sharedIdentifier(resource.resourceType, '');
    const key = resource.identifier?.find((identifier) => identifier.system === system)?.value;
    return key === undefined ? undefined : [resource.resourceType, key];
  });
}
