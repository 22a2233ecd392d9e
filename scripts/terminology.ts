/**
 * Rewrites profiles/terminology/ from a folder of code tables and says what changed:
 * `node scripts/terminology.ts DIR [RELEASE] [OUT]`, where RELEASE is what the folder's origin calls its state.
 * A newer release needs no change of code: the version of a table is the newest date in its rows.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Cell = string | readonly string[] | null;
type Row = readonly Cell[];
type Source = Readonly<Record<string, unknown>>;

interface Table {
  readonly file: string;
  readonly from: string;
  readonly about: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  /** How many of the first columns name a row. */
  readonly key: number;
  rows(source: Source): readonly Row[];
}

const CDC = 'Work of the United States government (CDC), public domain in the USA.';
const AIRA = 'AIRA codebase (https://github.com/immregistries/codebase), Apache-2.0';

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const of = (value: unknown): Source => (typeof value === 'object' && value !== null ? (value as Source) : {});

const V2 = 'http://terminology.hl7.org/CodeSystem/v2-';
const CDCREC = 'urn:oid:2.16.840.1.113883.6.238';
const SNOMED = 'http://snomed.info/sct';
/** PHIN VS, CDC's local coding system. */
const PHIN = 'urn:oid:2.16.840.1.114222.4.5.274';
const NCIT = 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl';

type SystemOf = (code: string) => string | null;
const always =
  (system: string | null): SystemOf =>
  () =>
    system;
const whereLike =
  (pattern: RegExp, system: string, otherwise: string | null): SystemOf =>
  (code) =>
    pattern.test(code) ? system : otherwise;
const finding = whereLike(/^\d{6,}$/, SNOMED, PHIN);
const raceOrEthnicity = whereLike(/^\d{4}-\d$/, CDCREC, null);

/** HL7 v2 value sets that the registry reads or writes: our name, the source's name, the FHIR code system of a code. */
const V2_SETS: readonly (readonly [ours: string, theirs: string, system: SystemOf])[] = [
  ['body-site', 'BODY_SITE', always(`${V2}0163`)],
  ['completion', 'VACCINATION_COMPLETION', always(`${V2}0322`)],
  ['contraindication', 'CONTRAINDICATION_OR_PRECATION', finding],
  ['eligibility', 'FINANCIAL_STATUS_CODE', always(`${V2}0064`)],
  ['ethnicity', 'PATIENT_ETHNICITY', raceOrEthnicity],
  ['evidence-of-immunity', 'EVIDENCE_OF_IMMUNITY', whereLike(/^\d{6,}$/, SNOMED, null)],
  ['funding-source', 'VACCINATION_FUNDING_SOURCE', always(PHIN)],
  ['information-source', 'VACCINATION_INFORMATION_SOURCE', always('urn:oid:2.16.840.1.114222.4.5.293')],
  ['protection', 'PATIENT_PROTECTION', always(`${V2}0136`)],
  ['publicity', 'PATIENT_PUBLICITY', always('https://fhir-iis.org/fhir/CodeSystem/reminder-recall')],
  ['race', 'PATIENT_RACE', raceOrEthnicity],
  ['reaction', 'VACCINATION_REACTION', finding],
  ['refusal-reason', 'VACCINATION_REFUSAL', always(null)],
  ['registry-status', 'REGISTRY_STATUS', always(`${V2}0441`)],
  ['relationship', 'PERSON_RELATIONSHIP', always(`${V2}0063`)],
  ['route', 'BODY_ROUTE', whereLike(/^C\d+$/, NCIT, `${V2}0162`)],
];

/** Slips of the source, put right so that no label of ours carries them on. */
const SPELLINGS: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/\balergy\b/gi, 'allergy'],
  [/\bhisotry\b/gi, 'history'],
  [/\b(dephteria|diphteria)\b/gi, 'diphtheria'],
  [/\bhepbatitis\b/gi, 'hepatitis'],
  [/\bmealses\b/gi, 'measles'],
  [/\borgin\b/gi, 'origin'],
  [/\bhypersenstiviity\b/gi, 'hypersensitivity'],
  [/\bdiorders\b/gi, 'disorders'],
  [/\bhemotologic\b/gi, 'hematologic'],
  [/\bcongential\b/gi, 'congenital'],
  [/\bintussesception\b/gi, 'intussusception'],
  [/\bcryting\b/gi, 'crying'],
];
/** Where the source has two labels for one code, the one that the code system itself has. */
const LABELS: Readonly<Record<string, string>> = {
  'body-site LA': 'Left Arm',
  'body-site RA': 'Right Arm',
  'race 2076-8': 'Native Hawaiian or Other Pacific Islander',
};

function labelOf(set: string, code: Source): string {
  const said = SPELLINGS.reduce(
    (label, [wrong, right]) => label.replace(wrong, right),
    String(code['label']),
  );
  return LABELS[`${set} ${String(code['code'])}`] ?? said.charAt(0).toUpperCase() + said.slice(1);
}

function codesOf(source: Source): readonly Row[] {
  const ours = V2_SETS.find(([, theirs]) => theirs === source['set']);
  if (ours === undefined) return [];
  const [set, , systemOf] = ours;
  const codes = Array.isArray(source['codes']) ? source['codes'].map(of) : [];
  return codes.map((c) => [
    set,
    text(c['code']),
    labelOf(set, c),
    text(c['status']),
    systemOf(String(c['code'])),
    text(source['hl7Table']),
  ]);
}

function vaccineOf(source: Source): Row {
  const date = of(source['useDate']);
  const months = of(source['useAgeMonths']);
  return [
    text(source['code']),
    text(source['short']),
    text(source['full']),
    text(source['status']),
    list(source['groups']),
    text(source['conceptType']),
    text(date['notBefore']),
    text(date['notAfter']),
    text(months['notBefore']),
    text(months['notAfter']),
    text(source['updated']),
  ];
}

const productOf = (s: Source): Row => [
  text(s['ndc']),
  text(s['kind']),
  text(s['cvx']),
  list(text(s['mvx'])?.split('/')),
  text(s['product']),
  text(s['start']),
  text(s['end']),
  text(s['gtin']),
  list(s['kind'] === 'use' ? s['sale'] : s['use']),
  text(s['updated']),
];

const TABLES: readonly Table[] = [
  {
    file: 'cvx.json',
    from: 'cvx.json',
    key: 1,
    about: {
      title: 'Vaccines administered (CVX)',
      system: 'http://hl7.org/fhir/sid/cvx',
      origin: `CDC cvx and vax2vg tables; kind and limits of use: ${AIRA}`,
      licence: CDC,
      note: 'The limits of use are hints; some follow the date a row was edited. Warn at most, never refuse.',
    },
    columns: [
      'code',
      'short',
      'full',
      'status',
      'groups',
      'kind',
      'usedFrom',
      'usedUntil',
      'minMonths',
      'maxMonths',
      'updated',
    ],
    rows: (s) => [vaccineOf(s)],
  },
  {
    file: 'mvx.json',
    from: 'mvx.json',
    key: 1,
    about: {
      title: 'Manufacturers of vaccines (MVX)',
      system: 'http://hl7.org/fhir/sid/mvx',
      origin: 'CDC mvx table',
      licence: CDC,
    },
    columns: ['code', 'name', 'status', 'updated'],
    rows: (s) => [[text(s['code']), text(s['name']), text(s['status']), text(s['updated'])]],
  },
  {
    file: 'ndc.json',
    from: 'ndc-cvx.json',
    key: 2,
    about: {
      title: 'Packages (NDC, 5-4-2): units of use and of sale, their CVX and MVX',
      system: 'http://hl7.org/fhir/sid/ndc',
      origin: 'CDC NDC unit-of-use, unit-of-sale and linker tables',
      licence: CDC,
    },
    columns: ['ndc', 'kind', 'cvx', 'mvx', 'product', 'start', 'end', 'gtin', 'linked', 'updated'],
    rows: (s) => [productOf(s)],
  },
  {
    file: 'cpt-cvx.json',
    from: 'cpt-cvx.json',
    key: 2,
    about: {
      title: 'CPT to CVX',
      system: 'http://www.ama-assn.org/go/cpt',
      origin: 'CDC cpt table',
      licence: `Pairs of codes only. CPT codes are the American Medical Association's. ${CDC}`,
    },
    columns: ['cpt', 'cvx', 'updated'],
    rows: (s) => [[text(s['cpt']), text(s['cvx']), text(s['updated'])]],
  },
  {
    file: 'trade-names.json',
    from: 'tradename.json',
    key: 3,
    about: { title: 'Trade names, their CVX and MVX', origin: 'CDC tradename table', licence: CDC },
    columns: ['product', 'cvx', 'mvx', 'status', 'updated'],
    rows: (s) => [
      [text(s['product']), text(s['cvx']), text(s['mvx']), text(s['status']), text(s['updated'])],
    ],
  },
  {
    file: 'vaccine-groups.json',
    from: 'vaccine-groups.json',
    key: 1,
    about: {
      title: 'Vaccine groups: the code that stands for the group, and its members',
      origin: 'CDC vax2vg table',
      licence: CDC,
    },
    columns: ['group', 'cvx', 'members'],
    rows: (s) => [[text(s['group']), text(s['groupCvx']), list(s['cvx'])]],
  },
  {
    file: 'vis.json',
    from: 'vis.json',
    key: 2,
    about: {
      title: 'Vaccine Information Statements: editions and the vaccines each is for',
      origin: 'CDC vis, cvxvis and visurl tables',
      licence: CDC,
    },
    columns: ['gdti', 'edition', 'document', 'encoded', 'status', 'cvx', 'pdf', 'updated'],
    rows: (s) => [
      [
        text(s['gdti']),
        text(s['edition']),
        text(s['doc']),
        text(s['barcode']),
        text(s['status']),
        list(s['cvx']),
        text(s['pdf']),
        text(s['updated']),
      ],
    ],
  },
  {
    file: 'v2-code-sets.json',
    from: 'v2-code-sets.json',
    key: 2,
    about: { title: 'Value sets of immunization messages (HL7 v2)', origin: AIRA, licence: 'Apache-2.0' },
    columns: ['set', 'code', 'label', 'status', 'system', 'table'],
    rows: codesOf,
  },
];

const keyOf = (row: Row, parts: number): string => row.slice(0, parts).map(String).join(' ');

/** Newest `updated` of the rows; a table without dates says so. */
function versionOf(table: Table, rows: readonly Row[]): string {
  const column = table.columns.indexOf('updated');
  const dates = column < 0 ? [] : rows.map((row) => String(row[column] ?? ''));
  return dates.reduce((newest, date) => (date > newest ? date : newest), '') || 'undated';
}

function rowsOf(table: Table, folder: string): Row[] {
  const sources = (JSON.parse(readFileSync(join(folder, table.from), 'utf8')) as unknown[]).map(of);
  const rows = sources.flatMap((source) => table.rows(source));
  const faulty = rows.find((row) => row[0] === null);
  if (faulty !== undefined) throw new Error(`${table.from}: a row has no key: ${JSON.stringify(faulty)}`);
  const keyed = rows.map((row) => [keyOf(row, table.key), row] as const);
  return [...new Map(keyed)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row);
}

function render(table: Table, rows: readonly Row[], release: string): string {
  const about = { ...table.about, version: versionOf(table, rows), release };
  const head = `{\n"about": ${JSON.stringify(about)},\n"columns": ${JSON.stringify(table.columns)},\n"rows": [\n`;
  return `${head}${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n}\n`;
}

/** What a newer table adds, changes and drops, by key. */
function differences(table: Table, before: readonly Row[], after: readonly Row[]): string {
  const index = (rows: readonly Row[]): Map<string, string> =>
    new Map(rows.map((row) => [keyOf(row, table.key), JSON.stringify(row)]));
  const [old, now] = [index(before), index(after)];
  const added = [...now.keys()].filter((key) => !old.has(key));
  const changed = [...now].filter(([key, row]) => old.has(key) && old.get(key) !== row).map(([key]) => key);
  const gone = [...old.keys()].filter((key) => !now.has(key));
  const named = (what: string, keys: readonly string[]): string[] =>
    keys.length === 0
      ? []
      : [`  ${what} ${keys.length}: ${keys.slice(0, 20).join(', ')}${keys.length > 20 ? ', …' : ''}`];
  const lines = [...named('added', added), ...named('changed', changed), ...named('gone', gone)];
  return lines.length === 0 ? '  unchanged' : lines.join('\n');
}

function rewrite(table: Table, folder: string, out: string, release: string): void {
  const path = join(out, table.file);
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { rows: Row[] }).rows : [];
  const rows = rowsOf(table, folder);
  writeFileSync(path, render(table, rows, release));
  process.stdout.write(
    `${table.file} ${versionOf(table, rows)}, ${rows.length} rows\n${differences(table, before, rows)}\n`,
  );
}

const [folder, release = 'unnamed', out = join(import.meta.dirname, '../profiles/terminology')] =
  process.argv.slice(2);
if (folder === undefined)
  throw new Error('Say which folder holds the code tables: node scripts/terminology.ts DIR [RELEASE] [OUT]');
mkdirSync(out, { recursive: true });
for (const table of TABLES) rewrite(table, folder, out, release);
