/**
 * A dose as a FHIR Immunization, shaped as US Core asks: given by the reporting organisation with all it knows,
 * known from elsewhere with less, or refused. Where a code comes from the code tables, so does its name.
 */
import type { CodeableConcept, Immunization, Organization, Reference } from '@medplum/fhirtypes';
import { statementFor, vaccineOf } from '../terminology/lookup.ts';
import type { Product, Terminology } from '../terminology/load.ts';
import { coding, concept, SYSTEM } from './concepts.ts';
import type { Form } from './dose-forms.ts';
import { doseSystem, type Refer } from './identifiers.ts';
import type { Lot } from './lots.ts';
import type { Refusal } from './tale.ts';

/** What every report of a dose says. */
export interface Reported {
  /** Reference to the patient. */
  readonly patient: string;
  /** The organisation that reports it, and its number for the dose. */
  readonly source: string;
  readonly number: string;
  readonly cvx: string;
  /** `YYYY-MM-DD`, or less where no more is known. */
  readonly date: string;
}

/** Who gave it and where: keys of a site, its location and a worker. */
export interface Giver {
  readonly site: string;
  readonly worker?: string;
}

/** What the organisation that gave a dose knows of it. */
export interface Given extends Reported {
  readonly giver?: Giver;
  readonly recorded: string;
  readonly product?: Product;
  readonly mvx?: string;
  readonly lot: Lot;
  readonly form: Form;
  readonly bodySite?: string;
  /** A code of HL7 table 0064. */
  readonly eligibility?: string;
  readonly withStatement: boolean;
}

/** What is known of a dose that somebody else gave. */
export interface Known extends Reported {
  readonly origin: 'provider' | 'record' | 'recall' | 'school' | 'jurisdiction';
  readonly lotNumber?: string;
}

export interface Refused extends Reported {
  readonly reason: Refusal['reason'];
  readonly giver?: Giver;
}

const ORIGINS: Readonly<Record<Known['origin'], string>> = {
  provider: 'Other Provider',
  record: 'Written Record',
  recall: 'Parent/Guardian/Patient Recall',
  school: 'School Record',
  jurisdiction: 'Jurisdictional IIS',
};
const REASONS: Readonly<Record<Refusal['reason'], string>> = {
  PATOBJ: 'patient objection',
  RELIG: 'religious objection',
  PHILISOP: 'philosophical objection',
  VACSAF: 'vaccine safety concerns',
  VACEFF: 'vaccine efficacy concerns',
};
const ROUTES: Readonly<Record<Form['route'], string>> = {
  IM: 'Intramuscular',
  SC: 'Subcutaneous',
  PO: 'Oral',
  NS: 'Nasal',
};
const BODY_SITES: Readonly<Record<string, string>> = {
  LT: 'Left Thigh',
  RT: 'Right Thigh',
  LVL: 'Left Vastus Lateralis',
  RVL: 'Right Vastus Lateralis',
  LA: 'Left Arm',
  RA: 'Right Arm',
  LD: 'Left Deltoid',
  RD: 'Right Deltoid',
  BN: 'Bilateral Nares',
};
/** Names as HL7 table 0064 has them for immunization programs. */
const ELIGIBILITIES: Readonly<Record<string, string>> = {
  V01: 'Not VFC eligible',
  V02: 'VFC eligible - Medicaid/Medicaid Managed Care',
  V03: 'VFC eligible - Uninsured',
  V04: 'VFC eligible - American Indian/Alaskan Native',
  V05: 'VFC eligible - Federally Qualified Health Center Patient (under-insured)',
  V06: 'VFC eligible - State specific eligibility',
  V07: 'Local-specific eligibility',
  V08: 'Not VFC eligible - Under-insured',
};
/** CDC's code for who paid, by eligibility: vaccines for children, another public program, else privately bought. */
const FUNDING: Readonly<
  Record<string, readonly [code: string, display: string, group: string, groupDisplay: string]>
> = {
  ...Object.fromEntries(
    ['V02', 'V03', 'V04', 'V05'].map((v) => [v, ['VXC51', 'Public VFC', 'public', 'Public'] as const]),
  ),
  ...Object.fromEntries(
    ['V06', 'V07'].map((v) => [v, ['VXC52', 'Public non-VFC', 'public', 'Public'] as const]),
  ),
};
const PRIVATE = ['PHC70', 'Private', 'private', 'Private'] as const;

function vaccineConcept(terms: Terminology, cvx: string, product?: Product): CodeableConcept {
  const coded = coding('cvx', cvx, vaccineOf(terms, cvx)?.short);
  if (product === undefined) return { coding: [coded] };
  return { coding: [coded, coding('ndc', product.ndc, product.product)], text: product.product };
}

function base(
  terms: Terminology,
  dose: Reported,
  product?: Product,
): Pick<Immunization, 'resourceType' | 'identifier' | 'vaccineCode' | 'patient' | 'occurrenceDateTime'> {
  return {
    resourceType: 'Immunization',
    identifier: [{ system: doseSystem(dose.source), value: dose.number }],
    vaccineCode: vaccineConcept(terms, dose.cvx, product),
    patient: { reference: dose.patient },
    occurrenceDateTime: dose.date,
  };
}

function fundingOf(eligibility: string): CodeableConcept {
  const [code, display, group, groupDisplay] = FUNDING[eligibility] ?? PRIVATE;
  return { coding: [coding('funding', group, groupDisplay), coding('phin', code, display)] };
}

function performersOf({ site, worker }: Giver, refer: Refer): NonNullable<Immunization['performer']> {
  const role = concept('function', 'AP', 'Administering Provider');
  const people =
    worker === undefined ? [] : [{ function: role, actor: { reference: refer('Practitioner', worker) } }];
  return [...people, { actor: { reference: refer('Organization', site) } }];
}

function givenBy(giver: Giver | undefined, refer: Refer): Pick<Immunization, 'location' | 'performer'> {
  if (giver === undefined) return {};
  return { location: { reference: refer('Location', giver.site) }, performer: performersOf(giver, refer) };
}

function manufacturerOf(terms: Terminology, mvx: string): Reference<Organization> {
  const display = terms.manufacturers.get(mvx)?.name;
  return { identifier: { system: SYSTEM.mvx, value: mvx }, ...(display !== undefined && { display }) };
}

function educationOf(terms: Terminology, { cvx, date }: Given): Pick<Immunization, 'education'> {
  const statement = statementFor(terms, cvx, date);
  if (statement === undefined) return {};
  const { encoded, edition } = statement;
  return { education: [{ documentType: encoded, publicationDate: edition, presentationDate: date }] };
}

function howGiven({ form, bodySite }: Given): Pick<Immunization, 'site' | 'route' | 'doseQuantity'> {
  return {
    ...(bodySite !== undefined && { site: concept('bodySite', bodySite, BODY_SITES[bodySite]) }),
    route: concept('route', form.route, ROUTES[form.route]),
    doseQuantity: { value: form.volume, unit: 'mL', system: SYSTEM.ucum, code: 'mL' },
  };
}

function paidBy(eligibility: string | undefined): Pick<Immunization, 'programEligibility' | 'fundingSource'> {
  if (eligibility === undefined) return {};
  return {
    programEligibility: [concept('eligibility', eligibility, ELIGIBILITIES[eligibility])],
    fundingSource: fundingOf(eligibility),
  };
}

/** A dose as the organisation that gave it reports it. */
export function givenBody(terms: Terminology, dose: Given, refer: Refer): Immunization {
  return {
    ...base(terms, dose, dose.product),
    status: 'completed',
    recorded: dose.recorded,
    primarySource: true,
    ...givenBy(dose.giver, refer),
    ...(dose.mvx !== undefined && { manufacturer: manufacturerOf(terms, dose.mvx) }),
    lotNumber: dose.lot.number,
    expirationDate: dose.lot.expires,
    ...howGiven(dose),
    ...paidBy(dose.eligibility),
    ...(dose.withStatement && educationOf(terms, dose)),
  };
}

/** A dose that the reporting organisation knows of but did not give. */
export function knownBody(terms: Terminology, dose: Known): Immunization {
  return {
    ...base(terms, dose),
    status: 'completed',
    primarySource: false,
    reportOrigin: concept('origin', dose.origin, ORIGINS[dose.origin]),
    ...(dose.lotNumber !== undefined && { lotNumber: dose.lotNumber }),
  };
}

/** A vaccine that was offered and refused. */
export function refusedBody(terms: Terminology, dose: Refused, refer: Refer): Immunization {
  return {
    ...base(terms, dose),
    status: 'not-done',
    statusReason: concept('actReason', dose.reason, REASONS[dose.reason]),
    primarySource: true,
    ...givenBy(dose.giver, refer),
  };
}
