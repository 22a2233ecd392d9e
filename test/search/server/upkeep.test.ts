/** What is declared searchable is kept so: indexes that went missing, keys of parameters that are new or read otherwise. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { catalog } from '../../../src/catalog/index.ts';
import type { Catalog } from '../../../src/catalog/index.ts';
import { string, type ResourceEntry } from '../../../src/catalog/define.ts';
import { keysOf } from '../../../src/search/index-of.ts';
import { rulesOf } from '../../../src/search/rules.ts';
import { keepIndexes } from '../../../src/storage/index-upkeep.ts';
import { readiness } from '../../../src/storage/readiness.ts';
import { reindex } from '../../../src/storage/reindex.ts';
import { world, type World } from '../../world/world.ts';
import { dose, found, person, provenance, store } from './bodies.ts';

let w: World;
beforeEach(async () => {
  w = await world({ database: 'new' });
});
afterEach(() => w.end());

const collection = (name: string) =>
  w.services.connection.collection<{ _id: string; [name: string]: unknown }>(name);
const factOf = async (type: string) => collection('facts').findOne({ _id: `keys of ${type}` });
const said = (message: string): readonly unknown[] =>
  w.logged.filter((each) => each.message.startsWith(message)).map(({ facts }) => facts);

const logInto = (into: { level: string; message: string; facts: unknown }[]) => {
  const at = (level: string) => (facts: unknown, message: string) =>
    void into.push({ level, message, facts });
  return { info: at('info'), warn: at('warn'), error: at('error') };
};

/** What storage is given to keep what is searchable. */
function needs(of: Catalog = catalog) {
  const logged: { level: string; message: string; facts: unknown }[] = [];
  const { connection } = w.services;
  return { connection, catalog: of, log: logInto(logged), ready: readiness(), now: w.clock.now, logged };
}

describe('an index that is missing', () => {
  test('is built while the server serves; until then, what needs it is refused', async () => {
    await store(w, person('Nguyen', '2020-03-01'));
    await collection('Patient').dropIndex({ 'sort.birthdate': 1, _id: 1 } as never);
    const given = needs();
    const { done } = await keepIndexes(given);
    expect([
      given.ready.isReady('Patient', 'birthdate'),
      given.ready.isReady('Patient', 'identifier'),
    ]).toEqual([false, true]);
    await done;
    expect(given.ready.isReady('Patient', 'birthdate')).toBe(true);
    const keys = (await collection('Patient').indexes()).map(({ key }) => key as object);
    expect(keys).toContainEqual({ 'sort.birthdate': 1, _id: 1 });
    expect(given.logged.map(({ message }) => message)).toEqual([
      'an index is missing and is being built; searches that need it are refused',
      'the index is built',
    ]);
  });

  test('of the tokens keeps the whole type from being searched', async () => {
    await store(w, person('Nguyen', '2020-03-01'));
    await collection('Patient').dropIndex({ tokens: 1, _id: 1 } as never);
    const given = needs();
    const { done } = await keepIndexes(given);
    expect(given.ready.isReady('Patient', 'gender')).toBe(false);
    await done;
    expect(given.ready.isReady('Patient', 'gender')).toBe(true);
  });
});

test('an index that nobody declares any more is told of and left alone', async () => {
  await collection('Patient').createIndex({ 'sort.given': 1 }, {}, {});
  const given = needs();
  await (
    await keepIndexes(given)
  ).done;
  expect(given.logged).toEqual([
    expect.objectContaining({
      level: 'warn',
      facts: expect.objectContaining({ collection: 'Patient' }) as unknown,
    }),
  ]);
  expect(given.logged[0]?.message).toMatch(/no longer declared/);
});

test('an index that was not used for a week is told of', async () => {
  w.clock.set('2090-01-01T00:00:00Z');
  const given = needs();
  await (
    await keepIndexes(given)
  ).done;
  expect(given.logged.some(({ message }) => message.includes('not used'))).toBe(true);
});

test('a store without resources is complete at once', async () => {
  await w.services.searchable;
  expect(await factOf('Patient')).toMatchObject({
    complete: { all: rulesOf(catalog.get('Patient') as ResourceEntry).all },
  });
  expect(said('search keys')).toEqual([]);
});

const patient = catalog.get('Patient') as ResourceEntry;
/** The catalog as it is after somebody has added a parameter. */
const added: ResourceEntry = {
  ...patient,
  search: { ...patient.search, 'birth-name': string('name[use=maiden].family') },
};
const later: Catalog = new Map([...catalog, ['Patient', added]]);

describe('a parameter that is new', () => {
  const maiden = {
    name: [
      { use: 'official', family: 'Smith' },
      { use: 'maiden', family: 'Nguyen' },
    ],
  };
  const tokensOf = async (id: string) =>
    (await collection('Patient').findOne({ _id: id }))?.['tokens'] as string[];

  test('is not searched by before every document has its keys', async () => {
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(await store(w, person('x', '2020-03-01', maiden)));
    const before = await collection('Patient').findOne({ _id: ids[0] ?? '' });
    const given = needs(later);
    const { done } = await reindex(given);
    expect([given.ready.isReady('Patient', 'birth-name'), given.ready.isReady('Patient', 'family')]).toEqual([
      false,
      true,
    ]);
    await done;
    expect(given.ready.isReady('Patient', 'birth-name')).toBe(true);
    for (const id of ids) expect(await tokensOf(id)).toContain('birth-name=nguyen');
    const after = await collection('Patient').findOne({ _id: ids[0] ?? '' });
    for (const name of ['version', 'lastUpdated', 'json', 'patients'])
      expect(after?.[name]).toEqual(before?.[name]);
    expect(await factOf('Patient')).toMatchObject({ complete: { all: rulesOf(added).all } });
  });

  test('is complete though others wrote by older rules meanwhile', async () => {
    for (let n = 0; n < 3; n += 1) await store(w, person('x', '2020-03-01', maiden));
    const { done } = await reindex(needs(later));
    const late = await store(w, person('x', '2020-03-01', maiden));
    await done;
    const again = needs(later);
    await (
      await reindex(again)
    ).done;
    const old = await collection('Patient').countDocuments({
      rules: { $ne: rulesOf(added).all },
      _id: { $ne: late },
    });
    expect(old).toBe(0);
  });

  test('goes on where it was broken off', async () => {
    for (let n = 0; n < 450; n += 1) {
      const keys = keysOf(patient, { resourceType: 'Patient', ...maiden });
      const json = JSON.stringify({ resourceType: 'Patient', ...maiden });
      const _id = `r${String(n).padStart(4, '0')}`;
      await collection('Patient').insertOne({ _id, version: 1, json, lastUpdated: w.clock.now(), ...keys });
    }
    const first = await reindex(needs(later));
    first.stop();
    await first.done;
    const fact = await factOf('Patient');
    expect([fact?.['complete'] === undefined || fact['under'] !== undefined, fact?.['leasedUntil']]).toEqual([
      true,
      undefined,
    ]);
    const given = needs(later);
    const second = await reindex(given);
    await second.done;
    expect(await collection('Patient').countDocuments({ tokens: 'birth-name=nguyen' })).toBe(450);
    expect(given.ready.isReady('Patient', 'birth-name')).toBe(true);
  });

  test('is extracted by one process, and the others wait for it', async () => {
    for (let n = 0; n < 3; n += 1) await store(w, person('x', '2020-03-01', maiden));
    const [one, other] = [needs(later), needs(later)];
    const work = await Promise.all([reindex(one), reindex(other)]);
    await Promise.all(work.map(({ done }) => done));
    expect([one, other].map(({ ready }) => ready.isReady('Patient', 'birth-name'))).toEqual([true, true]);
  });
});

test('a search by what is not complete is refused as unavailable, never answered wrongly', async () => {
  await store(w, person('Nguyen', '2020-03-01'));
  const anas = await store(w, person('Okafor', '2020-03-01'));
  const fresh = await world({ beside: w });
  const release = readinessOf(fresh).hold('Patient', ['family']);
  for (const path of [
    '/Patient?family=okafor',
    '/Patient?_sort=family',
    '/Immunization?patient.family=okafor',
  ]) {
    const { status, body } = (await fresh.fhir.get(path)) as {
      status: number;
      body: { issue: { code: string }[] };
    };
    expect([path, status, body.issue[0]?.code]).toEqual([path, 503, 'transient']);
  }
  expect(await found(fresh, '/Patient?birthdate=2020-03-01')).toHaveLength(2);
  release();
  expect(await found(fresh, '/Patient?family=okafor')).toEqual([anas]);
  await fresh.end();
});

/** A world whose readiness a test holds. */
function readinessOf(of: World): ReturnType<typeof readiness> {
  const ready = readiness();
  Object.assign(of.rooms, { isSearchable: ready.isReady });
  return ready;
}

test('what is extracted anew stays in the records that it is part of', async () => {
  const ana = await store(w, person('Nguyen', '2020-03-01'));
  const source = await store(w, provenance(`Immunization/${await store(w, dose(ana, '2024-03-05'))}`));
  await collection('Provenance').updateOne(
    { _id: source },
    { $set: { rules: 'older', patients: [], tokens: [] } },
  );
  await collection('facts').deleteOne({ _id: 'keys of Provenance' });
  const given = needs();
  const { done } = await reindex(given);
  expect(given.ready.isReady('Provenance', 'agent')).toBe(false);
  await done;
  expect((await collection('Provenance').findOne({ _id: source }))?.['patients']).toEqual([ana]);
});
