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

describe('somebody new', () => {
  /** Of whom a message says no more than it must. */
  const bare = (but: Parameters<typeof person>[0] = {}): Person => {
    const { mothersMaidenName: _none, ...rest } = person({ places: [], phones: [], ...but });
    return rest;
  };
  const zip = [{ zip: '22033' }];

  test('with the given name, birth year, sex and ZIP code of many others does not wait', () => {
    const others = Array.from({ length: 12 }, (_, at) =>
      person({
        ...bare({
          name: { given: ['Oliver'], family: `Fam${'abcdefghijkl'[at] ?? ''}ly${at}` },
          places: zip,
        }),
        birthDate: `2019-${String(at + 1).padStart(2, '0')}-23`,
      }),
    );
    expect(answer(bare({ places: zip }), ...others)).toBe('no-match');
  });

  test.each([
    ['a digit', '2019-04-13'],
    ['its digits transposed', '2019-04-32'],
    ['days', '2019-04-30'],
  ])(
    'of the same name with a birth date that differs by %s is never merged without more in common',
    (_what, birthDate) => {
      expect(answer(bare({ birthDate }), bare())).toMatch(/^(review|no-match)/);
      expect(answer(person({ birthDate: '2019-04-13' }), arnold)).toBe('match 0');
    },
  );

  test('with a number of the same sender beside that of somebody alike waits less than one without', () => {
    const numbered = (value: string, but = {}): Person =>
      person({ identifiers: [{ system: 'urn:mrn', value }], ...but });
    const [alike] = judge(scorer, numbered('2'), [['0', numbered('1')]]);
    const [without] = judge(scorer, person(), [['0', person()]]);
    expect((without?.bits ?? 0) - (alike?.bits ?? 0)).toBeGreaterThan(3);
    // The same child with a second number by mistake is the same child all the same.
    expect(answer(numbered('2'), numbered('1'))).toBe('match 0');
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
