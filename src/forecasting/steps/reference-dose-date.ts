/**
 * Finds the date that an interval is counted from (Logic Specification 4.6, CALCDTINT-1, -2, -8 and -9): looked up
 * by dose administered, never by target dose before, which may have been skipped.
 */
import type { CivilDate } from '../civil-date.ts';
import { isInadvertent, type AdministeredDose, type PatientSeries, type Run } from '../patient-series.ts';
import type { IntervalReference, VaccineSet } from '../schedule/schedule.ts';

/**
 * The reference date as seen by the record at index `before`; the number of records asks for the next dose.
 * Undefined: there is no such dose or observation, and the row does not apply.
 */
export function referenceDoseDate(
  run: Run,
  patientSeries: PatientSeries,
  reference: IntervalReference,
  before: number,
): CivilDate | undefined {
  switch (reference.kind) {
    case 'previous':
      return previousDose(patientSeries, before)?.date;
    case 'target-dose':
      return patientSeries.satisfied.findLast(({ target }) => target.number === reference.number)?.dose.date;
    case 'most-recent':
      return mostRecentDose(run, patientSeries, reference.vaccines, before)?.date;
    case 'observation':
      return run.observations.get(reference.code)?.date;
  }
}

/** CALCDTINT-1: the last dose before that is Valid or Not Valid in this series and was not inadvertent. */
function previousDose(patientSeries: PatientSeries, before: number): AdministeredDose | undefined {
  for (let record = before - 1; record >= 0; record -= 1) {
    const status = patientSeries.evaluations[record]?.status;
    if ((status === 'Valid' || status === 'Not Valid') && !isInadvertent(patientSeries, record)) {
      return patientSeries.records[record];
    }
  }
  return undefined;
}

/** CALCDTINT-8 looks through the whole history: a zoster vaccine is spaced from varicella vaccines. */
function mostRecentDose(
  run: Run,
  patientSeries: PatientSeries,
  vaccines: VaccineSet,
  before: number,
): AdministeredDose | undefined {
  return run.doses.findLast((dose) => {
    if (vaccines[dose.vaccine.id] !== 1 || !isEarlierDose(patientSeries, dose, before)) return false;
    const record = patientSeries.records.indexOf(dose);
    return record < 0 || !isInadvertent(patientSeries, record);
  });
}

/** Whether a dose of the history comes before the record at an index: by order in the series, else by day. */
export function isEarlierDose(patientSeries: PatientSeries, dose: AdministeredDose, before: number): boolean {
  const record = patientSeries.records.indexOf(dose);
  if (record >= 0) return record < before;
  const current = patientSeries.records[before];
  return current === undefined || dose.date.day < current.date.day;
}
