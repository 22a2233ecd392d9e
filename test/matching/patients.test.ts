/** Who is found to be who: the hard cases of a registry. */
import { describe, expect, test } from '@jest/globals';
import { keysOf } from '../../src/matching/blocking.ts';
import type { Person } from '../../src/matching/person.ts';
import { decide, judge } from '../../src/matching/patients.ts';
import { scorerOf } from '../../src/matching/score.ts';
import { readWeights } from '../../src/matching/weights.ts';
import { person } from './people.ts';

const scorer = scorerOf({ weights: readWeights(), records: 200_000 });

function answer(incoming: Person, ...onFile: readonly Person[]): string {
  const candidates = onFile.map((other, at) => [String(at), other] as const);
  const said = decide(incoming, judge(scorer, incoming, candidates));
  return said.answer === 'match'
    ? `match ${said.match.candidate}`
    : said.answer === 'review'
      ? `review: ${said.reason}`
      : 'no-match';
}

const shareKey = (one: Person, other: Person): boolean =>
  keysOf(one).some((key) => keysOf(other).includes(key));
const arnold = person();
const called = (...given: string[]): { readonly name: { given: string[]; family: string } } => ({
  name: { given, family: 'Arnold' },
});

describe('one person', () => {
  test.each<readonly [string, Person]>([
    ['the same again', person()],
    ['a nickname and no second name', person(called('Ollie'))],
    [
      'a typing error, and moved',
      person({
        ...called('Olvier', 'Mason'),
        places: [{ number: '1', street: 'oak st', city: 'ashford', zip: '22099' }],
      }),
    ],
    ['day and month transposed', { ...person(), birthDate: '2019-04-32' }],
    ['names swapped', person({ name: { given: ['Arnold'], family: 'Oliver' } })],
    [
      'a newborn reported without a name, under the mother',
      person({ name: { given: ['Baby Boy'], family: 'Banks' } }),
    ],
  ])('is found: %s', (_, incoming) => {
    expect(shareKey(incoming, arnold)).toBe(true);
    expect(answer(incoming, arnold)).toBe('match 0');
  });
});

describe('two people', () => {
  const twin = { birthOrder: 1 } as const;

  test('twins are two: the given name decides, and the place at birth where there is no name', () => {
    const [first, second] = [
      person({ ...called('Jayden'), ...twin }),
      person({ ...called('Jordan'), birthOrder: 2 }),
    ];
    expect(answer(first, second)).not.toMatch('match 0');
    expect(answer(person({ ...called('Baby Boy B'), birthOrder: 2 }), first, second)).toBe('match 1');
  });

  test('a junior is not his father', () => {
    const father = person({ birthDate: '1986-02-11' });
    const son = person({ name: { given: ['Oliver', 'Mason'], family: 'Arnold', suffix: ['Jr'] } });
    expect(answer(son, father)).not.toMatch('match 0');
    expect(answer(son, father, { ...son })).toBe('match 1');
  });

  test('siblings are two', () => {
    expect(answer(person({ ...called('Emma'), sex: 'female', birthDate: '2021-06-01' }), arnold)).toBe(
      'no-match',
    );
  });

  test('strangers of one name and another birth date are two', () => {
    const stranger = person({ birthDate: '1975-01-01', places: [], phones: [], mothersMaidenName: 'rivera' });
    expect(answer(stranger, arnold)).toBe('no-match');
  });
});

describe('what is unclear', () => {
  test('two like candidates are for a person to settle', () => {
    expect(answer(person(), arnold, { ...arnold })).toBe('review: ambiguous');
  });

  test('a record that says too little is for a person to settle', () => {
    const { birthDate: _birthDate, ...unborn } = person();
    expect(answer(unborn, arnold)).toBe('review: too-little');
  });

  test('a twin without name or place at birth is never merged on a guess', () => {
    const unnamed = person({ name: { given: ['Baby Boy'], family: 'Arnold' } });
    expect(answer(unnamed, person(called('Jayden')), person(called('Jordan')))).toMatch(/^review/);
  });
});
