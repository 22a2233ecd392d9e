/**
 * What each security role may be granted at most, whatever a client asks for: types and permissions, at which levels,
 * and for which purposes of use (HL7 v3 PurposeOfUse). The first purpose is the role's own.
 */
import type { Level } from '../../core/scopes.ts';

export interface Role {
  readonly levels: readonly Level[];
  /** Scopes without their level. */
  readonly scopes: string;
  readonly purposes: readonly [string, ...string[]];
}

/** What describes this server and its codes is anybody's to read. */
const DEFINITIONS =
  'CapabilityStatement.rs CodeSystem.rs OperationDefinition.rs SearchParameter.rs StructureDefinition.rs ValueSet.rs';
const DIRECTORY = 'Organization.rs Location.rs Practitioner.rs PractitionerRole.rs';
const FORECAST = 'ImmunizationEvaluation.rs ImmunizationRecommendation.rs';
const CLINICAL_READ =
  'AllergyIntolerance.rs Condition.rs Observation.rs Procedure.rs DocumentReference.rs RelatedPerson.rs Provenance.rs';
const CLINICAL_WRITE =
  'AllergyIntolerance.crus Condition.crus Observation.crus Procedure.crus DocumentReference.crus RelatedPerson.crus Provenance.crs';

export const ROLES = {
  provider: {
    levels: ['user', 'patient', 'system'],
    scopes: `Patient.crus Immunization.cruds Consent.crs Communication.rs Task.rs Group.rs ${CLINICAL_WRITE} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['TREAT', 'ETREAT', 'HOPERAT'],
  },
  'provider-read-only': {
    levels: ['user', 'patient', 'system'],
    scopes: `Patient.rs Immunization.rs Consent.rs ${CLINICAL_READ} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['TREAT', 'ETREAT'],
  },
  school: {
    levels: ['user', 'patient'],
    scopes: `Patient.rs Immunization.rs ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['PUBHLTH'],
  },
  'organization-administrator': {
    levels: ['user'],
    scopes: `${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['HOPERAT'],
  },
  'health-plan': {
    levels: ['user', 'system'],
    scopes: `Patient.rs Immunization.crs Group.rs MeasureReport.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['HPAYMT', 'COVERAGE'],
  },
  'exchange-partner': {
    levels: ['system'],
    scopes: `Patient.crs Immunization.crs Provenance.crs ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['PUBHLTH', 'TREAT'],
  },
  'registry-staff': {
    levels: ['user', 'system'],
    scopes: `Patient.crus Immunization.cruds Consent.crus Task.crus Communication.crus Group.crus MeasureReport.rs ${CLINICAL_WRITE} ${FORECAST} Organization.crus Location.crus Practitioner.crus PractitionerRole.crus ${DEFINITIONS}`,
    purposes: ['PUBHLTH'],
  },
  'registry-manager': { levels: ['user', 'system'], scopes: '*.cruds', purposes: ['PUBHLTH', 'HOPERAT'] },
  'vital-records': {
    levels: ['user', 'system'],
    scopes: `Patient.crus RelatedPerson.crus Immunization.crs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['PUBHLTH'],
  },
  auditor: {
    levels: ['user'],
    scopes: `AuditEvent.rs Provenance.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['HOPERAT'],
  },
  patient: {
    levels: ['patient'],
    scopes: `Patient.rs Immunization.rs Consent.crs ${CLINICAL_READ} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['PATRQT'],
  },
  guardian: {
    levels: ['patient'],
    scopes: `Patient.rs Immunization.rs Consent.crs ${CLINICAL_READ} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['FAMRQT'],
  },
} as const satisfies Readonly<Record<string, Role>>;

/** The role of a name, undefined for one that there is not. */
export const roleOf = (name: unknown): Role | undefined =>
  typeof name === 'string' && Object.hasOwn(ROLES, name) ? ROLES[name as keyof typeof ROLES] : undefined;

/** The ceiling of a role as scope words, at the levels it has. */
export const ceilingOf = ({ levels, scopes }: Role): string =>
  levels.flatMap((level) => scopes.split(' ').map((each) => `${level}/${each}`)).join(' ');

/**
 * The purpose of a token: the one asked for, where the role may have it; without one, the role's own, which is never
 * the widest. Undefined: refused.
 */
export function purposeOf({ purposes }: Role, asked: string | undefined): string | undefined {
  if (asked === undefined || asked === '') return purposes[0];
  return purposes.find((each) => each === asked);
}
