/**
 * The status of a person: a relationship with each provider organisation, and with the jurisdiction (HL7 v2 table 0441;
 * MIROW, Management of Patient Active/Inactive Status, 2015). What is kept are facts: which status, since when, why.
 */

export const TABLE = 'http://terminology.hl7.org/CodeSystem/v2-0441';
/** The registry's own words, which tell apart what the table calls alike (profiles/code-systems/patient-status.json). */
export const OWN_STATUS = 'https://fhir-iis.org/fhir/CodeSystem/patient-status';

const PERMANENT = 'Permanently inactive - Do not reactivate or add new entries to this record';

/** Every status: its code in table 0441, and how both code systems call it. */
export const STATUSES = {
  active: { code: 'A', table: 'Active', own: 'Active' },
  inactive: { code: 'I', table: 'Inactive', own: 'Inactive' },
  moved: { code: 'M', table: 'Inactive - Moved or gone elsewhere (cancel contract)', own: 'Gone elsewhere' },
  lost: { code: 'L', table: 'Inactive - Lost to follow-up (cancel contract)', own: 'Lost to follow-up' },
  outside: {
    code: 'M',
    table: 'Inactive - Moved or gone elsewhere (cancel contract)',
    own: 'Outside the jurisdiction',
  },
  permanent: { code: 'P', table: PERMANENT, own: 'Permanently inactive' },
  deceased: { code: 'P', table: PERMANENT, own: 'Deceased' },
  unknown: { code: 'U', table: 'Unknown', own: 'Unknown' },
} as const;
export type StatusName = keyof typeof STATUSES;

/** What a status came about by (profiles/code-systems/patient-status-reason.json). */
export const REASONS = {
  record: 'The record was begun',
  dose: 'A dose was administered there',
  'taken-over': 'A dose was administered by another provider since',
  report: 'The provider reported it',
  staff: 'Staff of the registry said so',
  address: 'The address changed',
  silence: 'Nothing was heard for as long as the jurisdiction says',
  death: 'The person died',
} as const;
export type Reason = keyof typeof REASONS;

/** The relationship with the jurisdiction, where others have the id of an organisation. */
export const JURISDICTION = '(jurisdiction)';

export interface Status {
  /** Id of the organisation, or JURISDICTION. */
  readonly with: string;
  readonly is: StatusName;
  /** Civil day, YYYY-MM-DD. */
  readonly since: string;
  readonly why: Reason;
  /** What it came about by: `Immunization/id`, or the organisation or client that said it. */
  readonly by?: string;
  /** The last civil day on which the organisation gave a dose or reported. */
  readonly heard?: string;
  /** Of the jurisdiction: where the address was when it was last known. */
  readonly home?: 'inside' | 'outside';
}

/** All statuses of a person, and the day of the death, under which they are kept as they were. */
export interface Statuses {
  readonly all: readonly Status[];
  /** Civil day of the death, or on which it was told. */
  readonly died?: string;
}

export const NO_STATUSES: Statuses = { all: [] };

/** As they count: who has died is deceased everywhere, and is what it was before if that is corrected. */
export const counting = ({ all, died }: Statuses): readonly Status[] =>
  died === undefined
    ? all
    : all.map((each) => ({ with: each.with, is: 'deceased', since: died, why: 'death' }));

/** What is left where a record is erased: the status with the jurisdiction. */
export const withoutProviders = ({ all, ...more }: Statuses): Statuses => ({
  ...more,
  all: all.filter((each) => each.with === JURISDICTION),
});

/** Those of one's own, and the jurisdiction's. */
export const shownTo = (sight: StatusSight, statuses: readonly Status[]): readonly Status[] =>
  sight === 'all'
    ? statuses
    : statuses.filter((each) => each.with === JURISDICTION || each.with === sight.organization);

/** Whose statuses a caller sees: everybody's with everybody, or those with its organisation. */
export type StatusSight = 'all' | { readonly organization: string | undefined };
