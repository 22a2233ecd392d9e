/** Decides whether a dose can be evaluated at all (Logic Specification 4.6, §6.1, Table 6-3). */
import { REASON, type AdministeredDose } from '../patient-series.ts';

/** Reasons why the dose is Sub-standard; 0 if it can be evaluated. A dose given on the expiration day is not expired. */
export function doseConditionReasons(dose: AdministeredDose): number {
  return (
    (dose.date.day > dose.expires ? REASON.expired : 0) | (dose.hasCondition ? REASON['dose-condition'] : 0)
  );
}
