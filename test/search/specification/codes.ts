/**
 * Value sets and hierarchies of the codes that generated resources have, as their publishers give them: CDC's tables
 * and HL7's code systems, read from the files and not by the server's terminology.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}
type Row = Readonly<Record<string, unknown>>;

function rowsOf(file: string): readonly Row[] {
  const path = join(import.meta.dirname, '../../../profiles/terminology', file);
  const { columns, rows } = JSON.parse(readFileSync(path, 'utf8')) as Table;
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
}

const CVX = 'http://hl7.org/fhir/sid/cvx';
const OWN_SETS = 'https://fhir-iis.org/fhir/ValueSet/';
const vaccines = rowsOf('cvx.json');
const groups = rowsOf('vaccine-groups.json');
const concepts = rowsOf('hl7-codes.json');

const keyOf = (system: string, code: unknown): string => `${system}|${String(code)}`;
const vaccinesWith = (status: string): ReadonlySet<string> =>
  new Set(vaccines.filter((row) => row['status'] === status).map((row) => keyOf(CVX, row['code'])));

const VALUE_SETS: Readonly<Record<string, ReadonlySet<string>>> = {
  [`${OWN_SETS}vaccine-active`]: vaccinesWith('Active'),
  [`${OWN_SETS}vaccine-non-us`]: vaccinesWith('Non-US'),
  'http://hl7.org/fhir/ValueSet/administrative-gender': new Set(
    ['male', 'female', 'other', 'unknown'].map((code) =>
      keyOf('http://hl7.org/fhir/administrative-gender', code),
    ),
  ),
};

interface Code {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
}

/** Whether a code is in a value set. */
export function isIn({ system = '', code }: Code, valueSet: string): boolean {
  const members = VALUE_SETS[valueSet];
  if (members === undefined) throw new Error(`No value set ${valueSet}`);
  return members.has(keyOf(system, code));
}

/** The codes right above one; a vaccine stands below the code that stands for its group. */
function parentsOf(system: string, code: string): readonly string[] {
  if (system === CVX) {
    return groups
      .filter(({ members, cvx }) => (members as readonly string[]).includes(code) && cvx !== code)
      .map(({ cvx }) => String(cvx));
  }
  return concepts
    .filter((row) => row['system'] === system && row['code'] === code && row['parent'] !== null)
    .map(({ parent }) => String(parent));
}

/** Whether a code is another of the same system, or stands below it. */
export function isBelow(code: Code, other: Code): boolean {
  const { system = '', code: here = '' } = code;
  if (system !== other.system) return false;
  if (here === other.code) return true;
  // Groups of vaccines are one step deep: the code of one group may be a member of another.
  const above = parentsOf(system, here);
  return system === CVX
    ? above.includes(other.code ?? '')
    : above.some((parent) => isBelow({ system, code: parent }, other));
}
