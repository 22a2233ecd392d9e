/** The person that a Patient describes, as it comes and as it is kept: secrets are compared by their keyed hashes. */
import type { Patient } from '@medplum/fhirtypes';
import { personOf } from '../matching/from-patient.ts';
import type { Person } from '../matching/person.ts';
import type { Secrets } from '../storage/secrets.ts';
import type { Stored } from '../storage/store.ts';

/** The person of a Patient that has just come; asterisks stand for a number that is not told. */
export function arrivingPerson(secrets: Secrets, patient: Patient): Person {
  const person = personOf(patient);
  const told = person.secrets.filter((value) => !value.includes('*'));
  return { ...person, secrets: told.flatMap((value) => secrets.blind('', value)) };
}

/** The person of a stored Patient, whose numbers are masked. */
export const storedPerson = ({ json, secretKeys = [] }: Pick<Stored, 'json' | 'secretKeys'>): Person => ({
  ...personOf(JSON.parse(json) as Patient),
  secrets: secretKeys,
});
