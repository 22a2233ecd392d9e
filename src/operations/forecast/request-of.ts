/** What the engine is asked about a person, read from FHIR: Patient, Immunizations and what was observed. */
import type { CodeableConcept, Immunization, Patient as FhirPatient } from '@medplum/fhirtypes';
import type { Dose, ForecastRequest, Patient } from '../../forecasting/patient.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import { terminology } from '../../terminology/load.ts';
import { productOf, vaccinesOfCpt } from '../../terminology/lookup.ts';
import { CPT, CVX, MVX, NDC, usualUri } from '../../terminology/tables.ts';
import { observationsOf, type Finding } from './observations-of.ts';

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
  const { expirationDate, isSubpotent } = immunization;
  const product = packageOf(immunization.vaccineCode);
  const mvx = manufacturerOf(immunization) ?? (product?.mvx.length === 1 ? product.mvx[0] : undefined);
  const volume = volumeOf(immunization);
  return {
    id,
    date: dayOf(immunization.occurrenceDateTime) ?? '',
    cvx: cvxOf(immunization.vaccineCode) ?? '',
    ...(mvx !== undefined && { mvx }),
    ...(product !== undefined && { tradeName: product.product }),
    ...(volume !== undefined && { volume }),
    ...(expirationDate !== undefined && { lotExpirationDate: expirationDate }),
    ...(isSubpotent === true && { isSubPotent: true }),
    status: statusOf(immunization),
  };
}

/** The civil day as it was written: no time zone moves it. */
export const dayOf = (dateTime: string | undefined): string | undefined => dateTime?.split('T')[0];

function statusOf({ status }: Immunization): NonNullable<Dose['status']> {
  return status === 'not-done' || status === 'entered-in-error' ? status : 'completed';
}

/** Codes of a system, in their order. */
const codesOf = (concept: CodeableConcept | undefined, system: string): string[] =>
  (concept?.coding ?? [])
    .filter((coding) => coding.code !== undefined && usualUri(coding.system ?? '') === system)
    .map(({ code = '' }) => code);

function packageOf(vaccineCode: CodeableConcept | undefined) {
  return codesOf(vaccineCode, NDC)
    .map((ndc) => productOf(terminology(), ndc))
    .find((found) => found !== undefined);
}

/** The vaccine type: as it was coded, or that of the package; a procedure code only where it means one type. */
export function cvxOf(vaccineCode: CodeableConcept | undefined): string | undefined {
  const [cvx] = codesOf(vaccineCode, CVX);
  if (cvx !== undefined) return cvx;
  const byPackage = packageOf(vaccineCode)?.cvx;
  if (byPackage !== undefined) return byPackage;
  const byProcedure = codesOf(vaccineCode, CPT).map((cpt) => vaccinesOfCpt(terminology(), cpt));
  return byProcedure.find((vaccines) => vaccines.length === 1)?.[0]?.code;
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
