/**
 * The purposes of use: who may claim each, and what it opens. HL7's are those of v3 PurposeOfUse and stand in its
 * hierarchy, so that a purpose without a row of its own is the one above it; the registry's own are in
 * profiles/code-systems/registry-purpose.json. What has no row, and none above it, nobody can claim: an employer's
 * check on an employee has none. docs/participants.md shows this table.
 */
import { library } from '../terminology/library.ts';
import { CLINICAL_READ, CLINICAL_WRITE, DEFINITIONS, DIRECTORY, FORECAST } from './opened.ts';

/** Whose records a purpose opens. */
export type Reach =
  /** Everybody's. */
  | 'all'
  /** Those of a person whom the caller can name; nobody browses. */
  | 'identified'
  /** Those of the organisation's own members or enrolled children. */
  | 'related'
  /** The own one, and those of the people whom one acts for. */
  | 'own'
  /** Nobody's: what it opens is about no patient, or about the registry's work. */
  | 'none';

export interface Purpose {
  readonly means: string;
  /** Words as scopes write them, without their level. */
  readonly opens: string;
  readonly reach: Reach;
  /** Element paths that are hidden, by type. */
  readonly hides?: Readonly<Record<string, readonly string[]>>;
  /** Only people may claim it, and no program for itself. */
  readonly isPersonal?: true;
  /** Whether it opens no searches, only reads by id. */
  readonly isUnsearched?: true;
}

const BASE = `${DIRECTORY} ${DEFINITIONS}`;
const NO_CONTACT = [
  'address',
  'telecom',
  'contact',
  'communication',
  'extension',
  'generalPractitioner',
  'link',
  'managingOrganization',
  'maritalStatus',
  'photo',
];
/** Of a dose, what is about money, supply or the encounter and not about protection. */
const NOT_THE_DOSE = ['education', 'extension', 'note', 'programEligibility', 'reaction', 'reasonReference'];

export const PURPOSES = {
  TREAT: {
    means: 'Treatment',
    opens: `Patient.crus Immunization.cruds Consent.crs Communication.rs Task.rs Group.rs ${CLINICAL_WRITE} ${FORECAST} ${BASE}`,
    reach: 'identified',
  },
  ETREAT: {
    means: 'Emergency treatment',
    opens: `Patient.r Immunization.rs AllergyIntolerance.rs Condition.rs Observation.rs ${FORECAST} ${BASE}`,
    reach: 'identified',
    isPersonal: true,
    isUnsearched: true,
  },
  HOPERAT: {
    means: 'Health care operations: the work of an organisation on itself',
    opens: `AuditEvent.rs Provenance.rs Communication.rs Group.rs MeasureReport.rs Task.crus ${BASE}`,
    reach: 'none',
  },
  HPAYMT: {
    means: 'Payment and coverage',
    opens: `Patient.crs Immunization.crs Group.rs MeasureReport.rs Task.rs ${BASE}`,
    reach: 'related',
    hides: {
      Patient: NO_CONTACT,
      Immunization: [...NOT_THE_DOSE, 'encounter', 'location', 'subpotentReason'],
    },
  },
  PUBHLTH: { means: 'Public health', opens: '*.cruds', reach: 'all' },
  PATRQT: {
    means: 'The person asks',
    opens: `Patient.rs Immunization.rs Consent.crs Task.crs ${CLINICAL_READ} ${FORECAST} ${BASE}`,
    reach: 'own',
    isPersonal: true,
  },
  FAMRQT: {
    means: 'A guardian or family member asks',
    opens: `Patient.rs Immunization.rs Consent.crs Task.crs ${CLINICAL_READ} ${FORECAST} ${BASE}`,
    reach: 'own',
    isPersonal: true,
  },
  HRESCH: { means: 'Approved research', opens: `MeasureReport.rs ${DEFINITIONS}`, reach: 'none' },
  SCHOOL: {
    means: 'School or child-care compliance',
    opens: `Patient.rs Immunization.rs Group.rs ${FORECAST} ${BASE}`,
    reach: 'related',
    hides: {
      Patient: [...NO_CONTACT, 'deceased', 'multipleBirth'],
      Immunization: [
        ...NOT_THE_DOSE,
        'encounter',
        'expirationDate',
        'fundingSource',
        'location',
        'lotNumber',
        'performer',
        'subpotentReason',
      ],
    },
  },
  REGOPER: {
    means: 'Registry operation',
    opens: `AuditEvent.rs Provenance.rs Basic.crus Communication.crus Consent.crus DocumentReference.crus Group.crus MeasureReport.rs Patient.r Task.crus Organization.crus Location.crus Practitioner.crus PractitionerRole.crus ${DEFINITIONS}`,
    reach: 'identified',
  },
  VITALREC: {
    means: 'Vital records',
    opens: `Patient.crus RelatedPerson.crus Immunization.crs Task.rs ${BASE}`,
    reach: 'identified',
  },
  IISEXCH: {
    means: 'Exchange between registries',
    opens: `Patient.crs Immunization.crs Provenance.crs ${FORECAST} Task.rs ${BASE}`,
    reach: 'identified',
  },
} as const satisfies Readonly<Record<string, Purpose>>;

/** Purposes below one that has a row, which nobody may claim under it: a trial is no treatment. */
const NOT_BELOW: ReadonlySet<string> = new Set(['CLINTRL']);

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const OWN = 'https://fhir-iis.org/fhir/CodeSystem/registry-purpose';
const TOP = 'PurposeOfUse';

/** The row that a purpose is judged by: its own, or that of the nearest purpose above it. */
export function purposeNamed(code: string): Purpose | undefined {
  const name = nameOf(code);
  return name === undefined ? undefined : PURPOSES[name];
}

const isRow = (code: string): code is keyof typeof PURPOSES => Object.hasOwn(PURPOSES, code);

/** A purpose and all that it is a kind of, up to every purpose of use: what is said of one holds of what is below it. */
export function purposeAndAbove(code: string): readonly string[] {
  const concepts = library().systems.get(V3)?.concepts;
  const all: string[] = [];
  for (
    let at: string | undefined = code;
    at !== undefined;
    at = at === TOP ? undefined : concepts?.get(at)?.parent
  )
    all.push(at);
  return all;
}

function nameOf(code: string): keyof typeof PURPOSES | undefined {
  const concepts = library().systems.get(V3)?.concepts;
  for (let at: string | undefined = code; at !== undefined && at !== TOP; at = concepts?.get(at)?.parent) {
    if (NOT_BELOW.has(at)) return undefined;
    if (isRow(at)) return at;
  }
  return undefined;
}

/** The code system that a purpose is a code of. */
export const systemOfPurpose = (code: string): string =>
  library().systems.get(OWN)?.concepts.has(code) === true ? OWN : V3;
