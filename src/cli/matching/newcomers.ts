/** How many people who are new to a register would wait for a person's eyes, or be taken for somebody on file, by what is said of them. */
import { keysOf } from '../../matching/blocking.ts';
import { decide, judge, type Answer } from '../../matching/patients.ts';
import type { Person } from '../../matching/person.ts';
import { scorerFor } from '../../matching/scorers.ts';
import type { Weights } from '../../matching/weights.ts';
import type { SandboxRecord } from './sandbox-people.ts';

/** What messages say: from all that there is down to the least that a message must have. */
const SAID = {
  all: (person) => person,
  'no telephone, no mail': (person) => ({ ...person, phones: [], emails: [] }),
  'names, birth date, sex, ZIP code': (person) => ({
    ...bare(person),
    places: person.places.flatMap(({ zip }) => (zip === undefined ? [] : [{ zip }])),
  }),
  'names, birth date, sex': (person) => bare(person),
} as const satisfies Record<string, (person: Person) => Person>;

function bare({ names, birthDate, sex }: Person): Person {
  const none = { places: [], phones: [], emails: [], identifiers: [], secrets: [] };
  return { names, ...none, ...(birthDate !== undefined && { birthDate }), ...(sex && { sex }) };
}

/** The same people, all born in one year: as many of an age as a small state has. */
const inOneYear = (person: Person): Person =>
  person.birthDate === undefined ? person : { ...person, birthDate: `2023${person.birthDate.slice(4)}` };

export interface Newcomers {
  readonly said: string;
  readonly isOneYear: boolean;
  readonly onFile: number;
  readonly coming: number;
  readonly waiting: number;
  /** Taken for somebody else: what must not be. */
  readonly mistaken: number;
}

const firstOfEach = (records: readonly SandboxRecord[]): readonly SandboxRecord[] => [
  ...new Map(records.toReversed().map((record) => [record.entity, record])).values(),
];

/** Every other household of a seed is on file, and the people of the others come: all of them are new. */
export function newcomersOf(records: readonly SandboxRecord[], weights: Weights): readonly Newcomers[] {
  const households = [...new Set(records.map(({ household }) => household))];
  const onFile = new Set(households.filter((_, at) => at % 2 === 0));
  const [known, coming] = [true, false].map((isKnown) =>
    firstOfEach(records)
      .filter(({ household }) => onFile.has(household) === isKnown)
      .map(({ person }) => person),
  );
  return [false, true].flatMap((isOneYear) =>
    Object.entries(SAID).map(([said, as]) => {
      const tell = (person: Person): Person => as(isOneYear ? inOneYear(person) : person);
      return { said, isOneYear, ...counted((known ?? []).map(tell), (coming ?? []).map(tell), weights) };
    }),
  );
}

function counted(
  known: readonly Person[],
  coming: readonly Person[],
  weights: Weights,
): Pick<Newcomers, 'onFile' | 'coming' | 'waiting' | 'mistaken'> {
  const blocks = Map.groupBy(
    known.flatMap((person) => keysOf(person).map((key) => ({ key, person }))),
    ({ key }) => key,
  );
  const scorer = scorerFor(weights, known.length);
  const answers = coming.map((person): Answer<Person>['answer'] => {
    const met = keysOf(person).flatMap((key) => (blocks.get(key) ?? []).map((each) => each.person));
    const candidates = [...new Set(met)].map((each) => [each, each] as const);
    return decide(person, judge(scorer, person, candidates)).answer;
  });
  const times = (answer: Answer<Person>['answer']): number =>
    answers.filter((each) => each === answer).length;
  return {
    onFile: known.length,
    coming: coming.length,
    waiting: times('review'),
    mistaken: times('match'),
  };
}
