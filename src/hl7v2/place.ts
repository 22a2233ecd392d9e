/** Which patient of the registry a message is about, where the sender's own number says it; else placing decides. */
import type { Patient } from '@medplum/fhirtypes';
import { folded } from '../search/fold.ts';
import { found, tokensOf, type Corridor } from './corridor.ts';
import { SSN } from './mapping/systems.ts';

/** The patient as stored, by a number within its authority; undefined for whoever is to be placed. */
export async function placeOf(corridor: Corridor, sent: Patient): Promise<Patient | undefined> {
  const numbers = (sent.identifier ?? []).filter(({ system }) => system !== SSN);
  const stored = await found<Patient>(corridor, 'Patient', [
    ['identifier', tokensOf(numbers)],
    ['_count', '5'],
  ]);
  const same = stored.filter((each) => isSamePerson(each, sent));
  return same.length === 1 ? same[0] : undefined;
}

/** Numbers are given twice, and typed wrong: a number counts only where the name or the birth date agrees. */
export function isSamePerson(stored: Patient, sent: Patient): boolean {
  if (stored.birthDate === sent.birthDate) return true;
  const given = (patient: Patient): string[] =>
    (patient.name ?? []).map((name) => folded(name.given?.[0] ?? ''));
  return given(stored).some((name) => name !== '' && given(sent).includes(name));
}
