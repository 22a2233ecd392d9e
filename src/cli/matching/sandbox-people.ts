/** The records of a synthetic state as people to match, with the truth of who is who. */
import type { Patient } from '@medplum/fhirtypes';
import { personOf } from '../../matching/from-patient.ts';
import type { Person } from '../../matching/person.ts';
import { generate } from '../../sandbox/generate.ts';
import type { IdentityError } from '../../sandbox/error-rates.ts';

/** A record to match. */
export interface Known {
  readonly id: string;
  readonly person: Person;
  /** Whose it truly is; records of one person have the same. */
  readonly entity: string;
  readonly household: string;
  /** Entities born at the same birth. */
  readonly twins: readonly string[];
  readonly errors: readonly IdentityError[];
}

/** The day on which measured worlds stand still: the same seed makes the same records for ever. */
const TODAY = '2026-06-30';

/** All records of the people of a seed. */
export function sandboxPeople(seed: number, people: number): readonly Known[] {
  const known: Known[] = [];
  for (const step of generate({ seed, people, today: TODAY, refer: (type, key) => `${type}/${key}` })) {
    if (step.kind !== 'record') continue;
    const { truth, bundle } = step;
    const patient = bundle.entry?.[0]?.resource as Patient;
    known.push({
      id: String(known.length),
      person: personOf(patient),
      entity: truth.person,
      household: truth.household,
      twins: truth.twins,
      errors: truth.errors,
    });
  }
  return known;
}
