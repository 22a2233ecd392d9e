/** What a directive does to everything that callers see, and that a withdrawal takes all of it back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../src/core/context.ts';
import { reads, searches } from '../world/asks.ts';
import { organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import {
  asked,
  consent,
  create,
  given,
  guardian,
  idsOf,
  provider,
  publicHealth,
  school,
  self,
  withdrawal,
} from './people.ts';

let w: World;
let [a, b] = ['', ''];

beforeAll(async () => {
  w = await world();
  a = await create(w, organization({ name: 'Clinic A' }));
  b = await create(w, organization({ name: 'Clinic B' }));
});
afterAll(() => w.end());

interface Record {
  readonly person: string;
  readonly byA: string;
  readonly history: string;
}

async function record(more: object = {}): Promise<Record> {
  const person = await create(w, patient(more));
  return {
    person,
    byA: await create(w, given(person, a)),
    history: await create(w, given(person, b, { primarySource: false, occurrenceDateTime: '2023-01-01' })),
  };
}

async function sees({ person, byA, history }: Record, actor: Actor): Promise<string[]> {
  const things: [string, string, string][] = [
    ['person', 'Patient', person],
    ['dose of A', 'Immunization', byA],
    ['history of B', 'Immunization', history],
  ];
  const found = await Promise.all(
    things.map(async ([name, type, id]) => {
      const read = await asked(w, { ...reads(type, id), actor });
      const search = idsOf(await asked(w, { ...searches(type, ['_id', id]), actor }));
      expect(search).toEqual(read.status === 200 ? [id] : []);
      return read.status === 200 ? [name] : [];
    }),
  );
  return found.flat();
}

const ALL = ['person', 'dose of A', 'history of B'];

describe('a directive', () => {
  test('limited to the administering provider hides from others all, and from that one what it did not administer', async () => {
    const r = await record();
    expect(await sees(r, provider(b))).toEqual(ALL);
    const directive = await create(w, consent(r.person, 'limited-opt-out'), self(r.person));
    expect(await sees(r, provider(a))).toEqual(['person', 'dose of A']);
    expect(await sees(r, provider(b))).toEqual([]);
    expect(await sees(r, school(b))).toEqual([]);
    expect(await sees(r, publicHealth)).toEqual(ALL);
    expect(await sees(r, self(r.person))).toEqual(ALL);
    await create(w, withdrawal(r.person, directive), self(r.person));
    for (const caller of [provider(a), provider(b)]) expect(await sees(r, caller)).toEqual(ALL);
  });

  test('that is complete leaves the record to public health', async () => {
    const r = await record();
    await create(w, consent(r.person, 'complete-opt-out'));
    for (const caller of [provider(a), provider(b), school(b), self(r.person), guardian(r.person)])
      expect(await sees(r, caller)).toEqual([]);
    expect(await sees(r, publicHealth)).toEqual(ALL);
  });
});
