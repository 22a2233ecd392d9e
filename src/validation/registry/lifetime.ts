/** Whether a dose lies in the life of the person who is said to have had it. */
import type { Issue } from '../../core/failure.ts';
import { noFindings, report, type Node } from '../findings.ts';
import { isCertainlyBefore } from './dates.ts';
import { DETECTED } from './detected.ts';

/** Only doses have a day in a life; what was entered in error must be storable as such, whatever it says. */
export const hasDay = (type: string): boolean => type === 'Immunization';

/** What contradicts between a dose and the person: a date before the birth, or after the death. */
export function lifetimeFaults(dose: Node, patient: Node): readonly Issue[] {
  const findings = noFindings('Immunization');
  if (dose['status'] === 'entered-in-error') return [];
  const given = dose['occurrenceDateTime'];
  if (isCertainlyBefore(given, patient['birthDate']))
    report(
      findings,
      DETECTED.doseBeforeBirth,
      "The date is before the patient's birth; correct it, or the patient's birth date.",
      'occurrence',
    );
  if (isCertainlyBefore(patient['deceasedDateTime'], given))
    report(
      findings,
      DETECTED.doseAfterDeath,
      "The date is after the patient's death; correct it, or the patient's date of death.",
      'occurrence',
    );
  return findings.issues;
}
