/** Sorts the doses by the antigens that each held at the age it was given (Logic Specification 4.6, §4.2). */
import { isAtAge, type AdministeredDose, type Run } from '../patient-series.ts';

const NO_RECORDS: readonly AdministeredDose[] = [];

/**
 * The doses of every antigen, by index of the antigen, each in order of date. The age decides for some vaccines: a
 * zoster vaccine given to a child counts for varicella.
 */
export function antigenRecords(run: Run): (readonly AdministeredDose[])[] {
  const records: AdministeredDose[][] = [];
  for (const dose of run.doses) {
    for (const { antigen, begin, end } of dose.vaccine.associations) {
      if (isAtAge(run, dose.date.day, begin, end)) (records[antigen] ??= []).push(dose);
    }
  }
  return run.schedule.antigens.map(({ index }) => records[index] ?? NO_RECORDS);
}
