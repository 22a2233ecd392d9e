/** Weights estimated on seeds of the generator, where it is known who is who. */
import { compare } from '../../matching/compare.ts';
import { tally, type Tally } from '../../matching/estimate.ts';
import type { Kind, Weights } from '../../matching/weights.ts';
import { dice } from '../../sandbox/dice.ts';
import { sandboxPeople, type SandboxRecord } from './sandbox-people.ts';

/** Pairs of strangers that are drawn for each record. */
const STRANGERS = 25;

function kindOf(one: SandboxRecord, other: SandboxRecord): Kind {
  if (one.entity === other.entity) {
    const isUnnamed = [one, other].some(({ errors }) => errors.includes('baby-name'));
    return isUnnamed ? 'newborn' : 'person';
  }
  if (one.twins.includes(other.entity)) return 'twins';
  return one.household === other.household ? 'relatives' : 'strangers';
}

function countHouseholds(records: readonly SandboxRecord[], into: Tally, seen: Record<Kind, number>): void {
  for (const members of Map.groupBy(records, ({ household }) => household).values())
    for (const [at, one] of members.entries())
      for (const other of members.slice(at + 1)) {
        const kind = kindOf(one, other);
        seen[kind] += 2;
        into.add(kind, compare(one.person, other.person));
      }
}

function countStrangers(records: readonly SandboxRecord[], into: Tally, seed: number): void {
  const chance = dice(seed, 99);
  for (const one of records)
    for (let times = 0; times < STRANGERS; times += 1) {
      const other = chance.pick(records);
      if (other.household !== one.household) into.add('strangers', compare(one.person, other.person));
    }
}

/** Weights counted on the people of some seeds. */
export function train(seeds: readonly number[], people: number): Weights {
  const counted = tally();
  const seen: Record<Kind, number> = { person: 0, newborn: 0, strangers: 0, relatives: 0, twins: 0 };
  let total = 0;
  for (const seed of seeds) {
    const records = sandboxPeople(seed, people);
    total += records.length;
    countHouseholds(records, counted, seen);
    countStrangers(records, counted, seed);
  }
  const one = (seen.person + seen.newborn) / total;
  return {
    about: {
      origin: `counted on seeds ${seeds.join(', ')} of the sandbox generator, ${people} people each`,
      how: 'fhir-iis matching --estimate',
    },
    expected: { person: one, newborn: one, relatives: seen.relatives / total, twins: seen.twins / total },
    kinds: counted.probabilities(),
  };
}
