/**
 * The security roles: what each may do at most, whatever a client asks for, for which purposes, in which kinds of
 * organisation it exists, and whose access it manages. docs/participants.md shows this table.
 */
import type { Level } from '../core/scopes.ts';
import { CLINICAL_READ, CLINICAL_WRITE, DEFINITIONS, DIRECTORY, FORECAST } from './opened.ts';
import { purposeNamed } from './purposes.ts';

/** Kinds of organisation that take part. */
export type OrganizationKind =
  | 'provider'
  | 'school'
  | 'child-care'
  | 'health-plan'
  | 'registry'
  | 'public-health'
  | 'vital-records'
  | 'research';

export interface Role {
  readonly means: string;
  readonly levels: readonly Level[];
  /** Scopes without their level. */
  readonly scopes: string;
  /** The first one is taken where none is asked for. */
  readonly purposes: readonly [string, ...string[]];
  /** Kinds of organisation that have people or programs of this role; none for those who stand for themselves. */
  readonly kinds: readonly OrganizationKind[];
  /** Roles that it enrols and whose access it ends: within its own organisation, or everywhere. */
  readonly manages: { readonly roles: readonly string[]; readonly where: 'own organization' | 'everywhere' };
  /** Whether a person of this role must have been trained. */
  readonly isTrained: boolean;
}

const NOBODY = { roles: [], where: 'own organization' } as const;
/** A person's own view, or that of somebody who acts for one. */
const OWN_RECORD = `Patient.rs Immunization.rs Consent.crs Task.crs ${CLINICAL_READ} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`;
/** A child's status, and nothing to change. */
const STATUS_ONLY = `Patient.rs Immunization.rs Group.rs ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`;

export const ROLES = {
  provider: {
    means: 'Gives vaccinations or cares for those who had them: reads and reports',
    levels: ['user', 'patient', 'system'],
    scopes: `Patient.crus Immunization.cruds Consent.crs Communication.rs Task.rs Group.rs MeasureReport.rs ${CLINICAL_WRITE} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['TREAT', 'ETREAT', 'HOPERAT'],
    kinds: ['provider', 'public-health'],
    manages: NOBODY,
    isTrained: true,
  },
  'provider-read-only': {
    means: 'Cares for people: reads',
    levels: ['user', 'patient', 'system'],
    scopes: `Patient.rs Immunization.rs Consent.rs ${CLINICAL_READ} ${FORECAST} ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['TREAT', 'ETREAT'],
    kinds: ['provider', 'public-health'],
    manages: NOBODY,
    isTrained: true,
  },
  school: {
    means: 'Sees the status of children enrolled in the school: reads',
    levels: ['user', 'patient'],
    scopes: STATUS_ONLY,
    purposes: ['SCHOOL'],
    kinds: ['school'],
    manages: NOBODY,
    isTrained: true,
  },
  'child-care': {
    means: 'Sees the status of children in its care: reads',
    levels: ['user', 'patient'],
    scopes: STATUS_ONLY,
    purposes: ['SCHOOL'],
    kinds: ['child-care'],
    manages: NOBODY,
    isTrained: true,
  },
  'organization-administrator': {
    means: 'Enrols the people of an organisation, and ends their access',
    levels: ['user'],
    scopes: `MeasureReport.rs Task.rs Communication.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['HOPERAT'],
    kinds: ['provider', 'school', 'child-care', 'health-plan', 'registry', 'vital-records', 'research'],
    manages: {
      roles: [
        'provider',
        'provider-read-only',
        'school',
        'child-care',
        'organization-administrator',
        'health-plan',
        'exchange-partner',
        'vital-records',
        'researcher',
      ],
      where: 'own organization',
    },
    isTrained: true,
  },
  'health-plan': {
    means: 'Reports doses from claims, reads those of its members',
    levels: ['user', 'system'],
    scopes: `Patient.crs Immunization.crs Group.rs MeasureReport.rs Task.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['HPAYMT', 'COVERAGE'],
    kinds: ['health-plan'],
    manages: NOBODY,
    isTrained: true,
  },
  'exchange-partner': {
    means: "Another state's registry: exchanges the records of people who cross the border",
    levels: ['system'],
    scopes: `Patient.crs Immunization.crs Provenance.crs ${FORECAST} Task.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['IISEXCH'],
    kinds: ['registry'],
    manages: NOBODY,
    isTrained: false,
  },
  'registry-staff': {
    means: 'Works on the records and queues of the registry',
    levels: ['user', 'system'],
    scopes: `Patient.crus Immunization.cruds Consent.crus Task.crus Communication.crus Group.crus MeasureReport.rs ${CLINICAL_WRITE} ${FORECAST} Organization.crus Location.crus Practitioner.crus PractitionerRole.crus ${DEFINITIONS}`,
    purposes: ['REGOPER', 'PUBHLTH'],
    kinds: ['public-health'],
    manages: NOBODY,
    isTrained: true,
  },
  'registry-manager': {
    means: 'Runs the registry: approves, suspends and reinstates participants',
    levels: ['user', 'system'],
    scopes: '*.cruds',
    purposes: ['REGOPER', 'PUBHLTH', 'HOPERAT'],
    kinds: ['public-health'],
    manages: { roles: ['*'], where: 'everywhere' },
    isTrained: true,
  },
  'vital-records': {
    means: 'Reports births and deaths',
    levels: ['user', 'system'],
    scopes: `Patient.crus RelatedPerson.crus Immunization.crs Task.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['VITALREC'],
    kinds: ['vital-records'],
    manages: NOBODY,
    isTrained: true,
  },
  auditor: {
    means: 'Reads the record of who did what',
    levels: ['user'],
    scopes: `AuditEvent.rs Provenance.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['HOPERAT'],
    kinds: ['public-health'],
    manages: NOBODY,
    isTrained: true,
  },
  'privacy-officer': {
    means: 'Answers for what is shown to whom: explains access, reviews emergencies and investigations',
    levels: ['user'],
    scopes: `AuditEvent.rs Provenance.rs Consent.rs Task.crus Patient.rs ${DIRECTORY} ${DEFINITIONS}`,
    purposes: ['REGOPER', 'HOPERAT'],
    kinds: ['public-health'],
    manages: NOBODY,
    isTrained: true,
  },
  researcher: {
    means: 'Reads aggregates that were approved',
    levels: ['user', 'system'],
    scopes: `MeasureReport.rs ${DEFINITIONS}`,
    purposes: ['HRESCH'],
    kinds: ['research', 'public-health'],
    manages: NOBODY,
    isTrained: true,
  },
  patient: {
    means: 'A person, with the own record',
    levels: ['patient'],
    scopes: OWN_RECORD,
    purposes: ['PATRQT'],
    kinds: [],
    manages: NOBODY,
    isTrained: false,
  },
  guardian: {
    means: 'Acts for a child or another person',
    levels: ['patient'],
    scopes: OWN_RECORD,
    purposes: ['FAMRQT'],
    kinds: [],
    manages: NOBODY,
    isTrained: false,
  },
} as const satisfies Readonly<Record<string, Role>>;

export type RoleName = keyof typeof ROLES;

/**
 * Roles that no token can have: the server's own work, and everybody in a sandbox without authorization. Rules about
 * participants do not speak of them.
 */
const WITHOUT_ACCOUNT: ReadonlySet<string> = new Set(['system', 'developer']);
export const hasNoAccount = (role: string): boolean => WITHOUT_ACCOUNT.has(role);

/** Roles of those who work on the records and queues of the registry. */
export const STAFF_ROLES: readonly string[] = ['registry-staff', 'registry-manager'];
/** Who works on them, or has the sandbox to itself. */
export const isRegistryStaff = (role: string): boolean => hasNoAccount(role) || STAFF_ROLES.includes(role);

/** The role of a name, undefined for one that there is not. */
export const roleOf = (name: unknown): Role | undefined =>
  typeof name === 'string' && Object.hasOwn(ROLES, name) ? ROLES[name as RoleName] : undefined;

/** The ceiling of a role as scope words, at the levels it has. */
export const ceilingOf = ({ levels, scopes }: Role): string =>
  levels.flatMap((level) => scopes.split(' ').map((each) => `${level}/${each}`)).join(' ');

/**
 * The purpose of a token: the one asked for, where the role may have it or the purpose above it; without one, the
 * role's own, which is never the widest. Undefined: refused.
 */
export function purposeOf(
  { purposes }: Pick<Role, 'purposes'>,
  asked: string | undefined,
): string | undefined {
  if (asked === undefined || asked === '') return purposes[0];
  const row = purposeNamed(asked);
  return row !== undefined && purposes.some((each) => purposeNamed(each) === row) ? asked : undefined;
}

/** Roles whose people see everybody's records, or decide who may: they sign on with a second factor, unless settings say. */
export const WITH_TWO_FACTORS: ReadonlySet<string> = new Set<RoleName>([
  'organization-administrator',
  'registry-staff',
  'registry-manager',
  'vital-records',
  'auditor',
  'privacy-officer',
]);

/** Whether the bearer of a token of this role may look into anybody's tokens. */
export const introspects = (role: string): boolean => role === 'registry-manager';

/** Whether one who has the role may enrol people of another and end their access; where is another question. */
export function mayManage(role: string, other: string): boolean {
  const roles: readonly string[] = roleOf(role)?.manages.roles ?? [];
  return roles.includes('*') || roles.includes(other);
}
