/** Decides whether a dose was an inadvertent administration for a target dose (Logic Specification 4.6, §6.3, Table 6-13). */
import type { AdministeredDose } from '../patient-series.ts';
import type { SeriesDosePlan } from '../schedule/schedule.ts';

export function isInadvertentVaccine(target: SeriesDosePlan, dose: AdministeredDose): boolean {
  return target.inadvertent !== undefined && target.inadvertent[dose.vaccine.id] === 1;
}
