/** The kinds of organisations that a registry has, and which of them a sandbox has in the state and in each district. */
import type { Sex } from './names.ts';
import type { Place } from './places.ts';

/** What sort of organisation it is, as participants of a registry are told apart. */
export type Kind =
  | 'public-health'
  | 'vital-records'
  | 'pharmacy-chain'
  | 'health-plan'
  | 'other-registry'
  | 'urgent-care'
  | 'local-health-department'
  | 'pediatrics'
  | 'family-practice'
  | 'internal-medicine'
  | 'community-health-center'
  | 'hospital'
  | 'pharmacy'
  | 'school'
  | 'college'
  | 'child-care';

export interface Worker {
  readonly key: string;
  readonly given: string;
  readonly family: string;
  readonly sex: Sex;
  readonly profession: 'physician' | 'nurse' | 'nurse-practitioner' | 'pharmacist';
  /** Ten digits with the check digit of a national provider identifier, but beginning with a 9, which none does. */
  readonly npi: string;
}

/** Where an organisation does its work; what is given there is given by the site. */
export interface Site {
  readonly key: string;
  readonly organization: string;
  readonly kind: Kind;
  readonly name: string;
  readonly place: Place;
  readonly phone: string;
  readonly workers: readonly Worker[];
}

export interface Organization {
  readonly key: string;
  readonly kind: Kind;
  readonly name: string;
  readonly place: Place;
  readonly phone: string;
  readonly npi?: string;
  readonly partOf?: string;
  readonly sites: readonly Site[];
}

interface KindFacts {
  readonly says: string;
  /** Code of http://terminology.hl7.org/CodeSystem/organization-type. */
  readonly type: readonly [code: string, display: string];
  /** Code of http://terminology.hl7.org/CodeSystem/v3-RoleCode for its sites; none where it has no sites. */
  readonly site?: readonly [code: string, display: string];
  readonly staff: readonly Worker['profession'][];
}

const PROVIDER = ['prov', 'Healthcare Provider'] as const;
const GOVERNMENT = ['govt', 'Government'] as const;
const EDUCATION = ['edu', 'Educational Institute'] as const;
const PRIMARY_CARE = ['PC', 'Primary care clinic'] as const;

export const KINDS: Readonly<Record<Kind, KindFacts>> = {
  'public-health': { says: 'State health department', type: GOVERNMENT, staff: [] },
  'vital-records': { says: 'Vital records', type: GOVERNMENT, staff: [] },
  'pharmacy-chain': {
    says: 'Pharmacy chain',
    type: PROVIDER,
    site: ['OUTPHARM', 'outpatient pharmacy'],
    staff: ['pharmacist', 'pharmacist'],
  },
  'health-plan': { says: 'Health plan', type: ['ins', 'Insurance Company'], staff: [] },
  'other-registry': { says: "Another state's immunization registry", type: GOVERNMENT, staff: [] },
  'urgent-care': {
    says: 'Urgent care',
    type: PROVIDER,
    site: PRIMARY_CARE,
    staff: ['nurse-practitioner', 'nurse'],
  },
  'local-health-department': {
    says: 'Local health department',
    type: GOVERNMENT,
    site: ['PREV', 'Preventive medicine clinic'],
    staff: ['nurse', 'nurse', 'physician'],
  },
  pediatrics: {
    says: 'Pediatric practice',
    type: PROVIDER,
    site: ['PEDC', 'Pediatrics clinic'],
    staff: ['physician', 'nurse', 'nurse-practitioner'],
  },
  'family-practice': {
    says: 'Family practice',
    type: PROVIDER,
    site: ['FMC', 'Family medicine clinic'],
    staff: ['physician', 'nurse', 'nurse-practitioner'],
  },
  'internal-medicine': {
    says: 'Internal medicine practice',
    type: PROVIDER,
    site: ['GIM', 'General internal medicine clinic'],
    staff: ['physician', 'nurse'],
  },
  'community-health-center': {
    says: 'Federally qualified health center',
    type: PROVIDER,
    site: PRIMARY_CARE,
    staff: ['physician', 'nurse', 'nurse-practitioner'],
  },
  hospital: {
    says: 'Hospital',
    type: PROVIDER,
    site: ['HOSP', 'Hospital'],
    staff: ['nurse', 'nurse', 'physician'],
  },
  pharmacy: {
    says: 'Independent pharmacy',
    type: PROVIDER,
    site: ['OUTPHARM', 'outpatient pharmacy'],
    staff: ['pharmacist'],
  },
  school: { says: 'School division', type: EDUCATION, site: ['SCHOOL', 'school'], staff: ['nurse'] },
  college: {
    says: 'College health service',
    type: EDUCATION,
    site: PRIMARY_CARE,
    staff: ['nurse-practitioner', 'nurse'],
  },
  'child-care': { says: 'Child care', type: EDUCATION, staff: [] },
};

export const STATEWIDE: readonly (readonly [kind: Kind, name: string])[] = [
  ['public-health', 'Sandbox Department of Health'],
  ['vital-records', 'Sandbox Office of Vital Records'],
  ['pharmacy-chain', 'Corner Mortar Pharmacy'],
  ['pharmacy-chain', 'Redleaf Drug'],
  ['pharmacy-chain', 'Wellspring Market Pharmacy'],
  ['health-plan', 'Blue Heron Health Plan'],
  ['health-plan', 'Keystone Meadow Mutual'],
  ['health-plan', 'Sandbox Medicaid Plan'],
  ['other-registry', 'Eastmark Immunization Registry'],
  ['other-registry', 'Northford Immunization Information System'],
  ['other-registry', 'Westhaven Vaccine Registry'],
  ['urgent-care', 'SwiftDoor Urgent Care'],
];

/** Kinds with branches in each district, under the state-wide organisation. */
export const BRANCHES: readonly Kind[] = ['pharmacy-chain', 'urgent-care'];

export const LOCAL: readonly (readonly [kind: Kind, suffix: string, sites: number])[] = [
  ['local-health-department', 'Health District', 1],
  ['pediatrics', 'Pediatrics', 2],
  ['pediatrics', 'Pediatric Associates', 1],
  ['pediatrics', "Children's Clinic", 1],
  ['pediatrics', 'Pediatric Group', 2],
  ['pediatrics', 'Kids First', 1],
  ['family-practice', 'Family Medicine', 1],
  ['family-practice', 'Family Practice', 2],
  ['family-practice', 'Family Health', 1],
  ['family-practice', 'Family Physicians', 1],
  ['family-practice', 'Primary Care', 1],
  ['family-practice', 'Medical Group', 3],
  ['family-practice', 'Family Care', 1],
  ['internal-medicine', 'Internal Medicine', 1],
  ['internal-medicine', 'Adult Medicine', 1],
  ['community-health-center', 'Community Health Center', 2],
  ['hospital', 'Regional Hospital', 1],
  ['hospital', 'Memorial Medical Center', 1],
  ['pharmacy', 'Apothecary', 1],
  ['pharmacy', 'Family Pharmacy', 1],
  ['school', 'County Public Schools', 3],
  ['school', 'City Schools', 2],
  ['school', 'Academy', 1],
  ['college', 'College Health Service', 1],
  ['child-care', 'Child Care', 0],
  ['child-care', 'Early Learning Center', 0],
  ['urgent-care', 'Walk-in Care', 1],
  ['family-practice', 'Rural Health Clinic', 1],
];
