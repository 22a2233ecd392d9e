/**
 * The consolidated history: each dose once, by the best report of it, from the reports that a caller may see and from
 * what people decided (matching/history.ts). It is derived whenever it is asked for, so that it is never old, shows
 * nobody more than the reports do, and is what it was when a decision is taken back. Reports stay as they are.
 */
import type { Immunization } from '@medplum/fhirtypes';
import { parseJson } from '../../fhir/json.ts';
import { reportOf, type VaccineFacts } from '../../matching/dose.ts';
import { judgeDoses } from '../../matching/doses.ts';
import { consolidate, type ConsolidatedDose, type Decisions } from '../../matching/history.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Note, Store, Stored } from '../../storage/store.ts';
import { terminology } from '../../terminology/load.ts';
import { groupsOf, vaccineOf } from '../../terminology/lookup.ts';
import { CVX } from '../../terminology/tables.ts';
import { cvxOf } from '../../terminology/vaccine-of.ts';

export const DECISIONS = 'dose_decisions';

/** What people decided about two reports, under both ids in their order. */
export interface DoseDecision extends Note {
  readonly a: string;
  readonly b: string;
  readonly verdict: 'same' | 'different';
}

/** What the code tables say of vaccines. */
const facts: VaccineFacts = {
  groupsOf: (cvx) => groupsOf(terminology(), cvx),
  isUnspecified: (cvx) => vaccineOf(terminology(), cvx)?.kind === 'unspecified',
};

/** However the vaccine was coded, it is compared by its type. */
function withCvx(dose: Immunization): Immunization {
  const cvx = cvxOf(dose.vaccineCode);
  const { coding = [] } = dose.vaccineCode;
  if (cvx === undefined || coding.some(({ system }) => system === CVX)) return dose;
  return { ...dose, vaccineCode: { ...dose.vaccineCode, coding: [...coding, { system: CVX, code: cvx }] } };
}

export interface Dose extends ConsolidatedDose {
  /** The primary report, with what only others say of the dose. */
  readonly immunization: Immunization;
}

const LISTS: readonly (keyof Immunization)[] = [
  'performer',
  'education',
  'programEligibility',
  'protocolApplied',
];
const FILLED: readonly (keyof Immunization)[] = [
  'lotNumber',
  'expirationDate',
  'manufacturer',
  'location',
  'site',
  'route',
  'doseQuantity',
  'fundingSource',
  ...LISTS,
];

function filled(sources: readonly Immunization[], cvx: string | undefined): Immunization {
  const [primary, ...others] = sources as readonly [Immunization, ...Immunization[]];
  const lacking = FILLED.flatMap((name) => {
    if (primary[name] !== undefined) return [];
    const value = others.map((other) => other[name]).find((each) => each !== undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  const specific = sources.find(({ vaccineCode }) => cvxOf(vaccineCode) === cvx);
  return {
    ...primary,
    ...Object.fromEntries(lacking),
    ...(specific !== undefined && { vaccineCode: specific.vaccineCode }),
  };
}

/** The doses of a person, by date; what is no dose (refused, entered in error) is not among them. */
export function dosesOf(immunizations: readonly Immunization[], decisions: Decisions): readonly Dose[] {
  const byId = new Map(immunizations.map((each) => [each.id ?? '', each]));
  const reports = immunizations.flatMap((each) => reportOf(withCvx(each), facts) ?? []);
  return consolidate(reports, decisions).map((dose) => ({
    ...dose,
    immunization: filled(
      dose.sources.flatMap((id) => byId.get(id) ?? []),
      dose.dose.cvx,
    ),
  }));
}

/** Whether two reports can be of one dose at all: their vaccines share a group and their days the window, or their number is one. */
export function areComparable(one: Immunization, other: Immunization): boolean {
  const [a, b] = [one, other].map((each) => reportOf(withCvx(each), facts));
  return a !== undefined && b !== undefined && judgeDoses(a, b).because !== 'not-candidates';
}

/** A history in which each dose stands once; what is no dose stays as it is. */
export function consolidatedHistory(
  immunizations: readonly Immunization[],
  decisions: Decisions,
): readonly Immunization[] {
  const others = immunizations.filter(({ status }) => status !== 'completed');
  return [...dosesOf(immunizations, decisions).map(({ immunization }) => immunization), ...others];
}

/** What was decided about any of these reports. */
export async function decisionsOf(
  { decisionsAbout }: Pick<Store, 'decisionsAbout'>,
  ids: readonly string[],
): Promise<Decisions> {
  const found = ids.length < 2 ? [] : ((await decisionsAbout(ids)) as readonly DoseDecision[]);
  const pairs = (wanted: DoseDecision['verdict']): (readonly [string, string])[] =>
    found.filter(({ verdict }) => verdict === wanted).map(({ a, b }) => [a, b]);
  return { same: pairs('same'), different: pairs('different') };
}

/** More than any record has. */
const MOST = 200_000;
const BY_ID = [{ field: '_id', descending: false }] as const;

/** The reports of doses in some records, as far as the grant shows them. */
export const reportsOf = (
  { find }: Pick<Store, 'find'>,
  grant: Grant,
  patients: readonly string[],
): Promise<readonly Stored[]> =>
  find(grant, 'Immunization', {
    where: [{ op: 'in', field: 'patients', keys: patients }],
    order: BY_ID,
    limit: MOST,
  });

/** The doses that stored reports come to, those of each record by themselves; `asDecided` adds what is being decided. */
export async function dosesIn(
  store: Pick<Store, 'decisionsAbout'>,
  reports: readonly Stored[],
  asDecided: (decisions: Decisions) => Decisions = (decisions) => decisions,
): Promise<ReadonlyMap<string, readonly Dose[]>> {
  const ids = reports.map(({ _id }) => _id);
  const decisions = asDecided(await decisionsOf(store, ids));
  const byRecord = Map.groupBy(reports, ({ patients }) => patients[0] ?? '');
  return new Map(
    [...byRecord].map(([patient, some]) => [
      patient,
      dosesOf(
        some.map(({ json }) => parseJson(json) as Immunization),
        decisions,
      ),
    ]),
  );
}
