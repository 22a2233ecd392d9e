/** How two people compare, field by field, the same whichever comes first. */
import { compareBirthDates } from './compare-dates.ts';
import {
  areSwapped,
  compareFamily,
  compareGiven,
  compareMiddle,
  compareOther,
  compareSuffix,
} from './compare-names.ts';
import { comparePlaces } from './compare-places.ts';
import { isOneEdit } from './distance.ts';
import type { Comparison, Level } from './fields.ts';
import type { Person, PersonIdentifier } from './person.ts';

function compareSets(mine: readonly string[], yours: readonly string[]): 'same' | 'different' | 'missing' {
  if (mine.length === 0 || yours.length === 0) return 'missing';
  return mine.some((one) => yours.includes(one)) ? 'same' : 'different';
}

function compareIdentifiers(
  mine: readonly PersonIdentifier[],
  yours: readonly PersonIdentifier[],
): Level<'identifier'> {
  let clash = false;
  for (const { system, value } of mine) {
    const ofSystem = yours.filter((other) => other.system === system);
    if (ofSystem.some((other) => other.value === value)) return 'same';
    clash ||= ofSystem.length > 0;
  }
  return clash ? 'clash' : 'missing';
}

function compareSecrets(mine: readonly string[], yours: readonly string[]): Level<'secret'> {
  const level = compareSets(mine, yours);
  if (level !== 'different') return level;
  const typo = mine.some((one) => yours.some((other) => isOneEdit(one, other)));
  return typo ? 'typo' : 'different';
}

type Names = Pick<Comparison, 'given' | 'middle' | 'family' | 'suffix'>;

function compareNames(one: Person, other: Person): Names {
  const given = compareGiven(one, other);
  const family = compareFamily(one, other);
  const suffix = compareSuffix(one, other);
  // A swap is one mistake: the family name is not counted again.
  if (given !== 'same' && family !== 'same' && areSwapped(one, other))
    return { given: 'swapped', family: 'missing', middle: compareMiddle(one, other), suffix };
  return { given, family, suffix, middle: given === 'unnamed' ? 'missing' : compareMiddle(one, other) };
}

function compareValues<V>(one: V | undefined, other: V | undefined): 'same' | 'different' | 'missing' {
  if (one === undefined || other === undefined) return 'missing';
  return one === other ? 'same' : 'different';
}

/** The comparison of two people; symmetric. */
export function compare(one: Person, other: Person): Comparison {
  return {
    ...compareNames(one, other),
    birthDate: compareBirthDates(one.birthDate, other.birthDate),
    sex: compareValues(one.sex, other.sex),
    birthOrder: compareValues(one.birthOrder, other.birthOrder),
    place: comparePlaces(one.places, other.places),
    phone: compareSets(one.phones, other.phones),
    email: compareSets(one.emails, other.emails),
    mothersMaidenName: compareOther(one.mothersMaidenName, other.mothersMaidenName),
    mother: compareOther(one.mother, other.mother),
    identifier: compareIdentifiers(one.identifiers, other.identifiers),
    secret: compareSecrets(one.secrets, other.secrets),
  };
}
