/** What the engine is asked about a person, read from FHIR: Patient, Immunizations and what was observed. */
import type { Immunization, Patient as FhirPatient } from '@medplum/fhirtypes';
import type { Dose, ForecastRequest, Patient } from '../../forecasting/patient.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import { MVX, usualUri } from '../../terminology/tables.ts';
import { observationsOf, type Finding } from './observations-of.ts';
import { cvxOf, dayOf, packageOf } from '../../terminology/vaccine-of.ts';

/** A person's record as far as it bears on the forecast. */
export interface History {
  readonly patient: FhirPatient;
  readonly immunizations: readonly Immunization[];
  readonly findings: readonly Finding[];
}

const BIRTH_PLACE = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace';

/**
 * The engine's request. Every record is taken: what cannot be used is set aside by the engine and named in its notices.
 * @param assessmentDate the day asked about, YYYY-MM-DD
 */
export function requestOf(schedule: Schedule, history: History, assessmentDate: string): ForecastRequest {
  return {
    patient: patientOf(history.patient),
    doses: dosesOf(history.immunizations),
    observations: observationsOf(schedule, history),
    assessmentDate,
  };
}

function patientOf({ birthDate = '', gender, extension = [] }: FhirPatient): Patient {
  const place = extension.find(({ url }) => url === BIRTH_PLACE)?.valueAddress?.country;
  return {
    birthDate,
    ...(gender !== undefined && { gender }),
    ...(place !== undefined && { countryOfBirth: place }),
  };
}

/** Without ids of their own doses are numbered; the order does not depend on how they were found. */
function dosesOf(immunizations: readonly Immunization[]): Dose[] {
  return immunizations
    .map((each, at) => doseOf(each, doseId(each, at)))
    .sort((a, b) => compare(a.date, b.date) || compare(a.id, b.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The name by which the engine knows a dose of a history. */
export const doseId = ({ id }: Immunization, at: number): string => id ?? `#${at + 1}`;

function doseOf(immunization: Immunization, id: string): Dose {
  const { expirationDate, isSubpotent, vaccineCode } = immunization;
  const volume = volumeOf(immunization);
  return {
    id,
    date: dayOf(immunization.occurrenceDateTime) ?? '',
    cvx: cvxOf(vaccineCode) ?? '',
    ...productOfDose(immunization),
    ...(volume !== undefined && { volume }),
    ...(expirationDate !== undefined && { lotExpirationDate: expirationDate }),
    ...(isSubpotent === true && { isSubPotent: true }),
    status: statusOf(immunization),
  };
}

/** What is known of the product: as it was told, else by its package. */
function productOfDose(immunization: Immunization): Pick<Dose, 'mvx' | 'tradeName'> {
  const product = packageOf(immunization.vaccineCode);
  const [ofPackage, ...others] = product?.mvx ?? [];
  const mvx = manufacturerOf(immunization) ?? (others.length === 0 ? ofPackage : undefined);
  return {
    ...(mvx !== undefined && { mvx }),
    ...(product !== undefined && { tradeName: product.product }),
  };
}

function statusOf({ status }: Immunization): NonNullable<Dose['status']> {
  return status === 'not-done' || status === 'entered-in-error' ? status : 'completed';
}

function manufacturerOf({ manufacturer }: Immunization): string | undefined {
  const { system = '', value } = manufacturer?.identifier ?? {};
  return usualUri(system) === MVX ? value : undefined;
}

const MILLILITRES: ReadonlySet<string> = new Set(['mL', 'ml', 'ML', 'milliliter']);

function volumeOf({ doseQuantity }: Immunization): number | undefined {
  const unit = doseQuantity?.code ?? doseQuantity?.unit ?? '';
  const value: unknown = doseQuantity?.value;
  // A decimal is kept as it was written, which JSON knows how to write again.
  const number = value === undefined ? Number.NaN : Number(JSON.stringify(value));
  return MILLILITRES.has(unit) && Number.isFinite(number) ? number : undefined;
}
