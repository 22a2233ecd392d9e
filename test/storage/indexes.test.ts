import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalog } from '../../src/catalog/index.ts';
import { pairsOf } from '../../src/core/query.ts';
import { keysOf } from '../../src/search/index-of.ts';
import { readFrom, type Place as PagePlace } from '../../src/search/page.ts';
import { parseQuery } from '../../src/search/parse.ts';
import { placeOf } from '../../src/search/sort.ts';
import { cursorOf, filterOf } from '../../src/storage/find.ts';
import { collectionsOf, prepareCollections } from '../../src/storage/indexes.ts';
import { secretsOf } from '../../src/storage/secrets.ts';
import type { Past, Stored } from '../../src/storage/store.ts';
import { pastIds } from '../../src/storage/write.ts';
import { NOON, place, type Place } from './place.ts';

let p: Place;
beforeAll(async () => {
  p = await place();
});
afterAll(() => p.end());

const secrets = secretsOf([{ name: '0001', bytes: Buffer.alloc(32, 1) }]);
const PEOPLE = 2000;
const DOSES = 10;
const pad = (number: number, length = 2): string => String(number).padStart(length, '0');
const patientId = (n: number): string => `p${pad(n, 5)}`;
const dayOf = (n: number): string => `20${pad(n % 20)}-${pad(1 + (n % 12))}-${pad(1 + (n % 28))}`;

function document(type: string, id: string, resource: object): Stored {
  const entry = catalog.get(type);
  if (entry === undefined) throw new Error(`no ${type}`);
  const json = JSON.stringify({ resourceType: type, id, ...resource });
  return {
    _id: id,
    version: 1,
    lastUpdated: NOON,
    json,
    ...keysOf(entry, { resourceType: type, id, ...resource }),
  };
}

const person = (n: number): Stored => ({
  ...document('Patient', patientId(n), {
    identifier: [{ system: 'urn:mrn', value: String(n) }],
    name: [{ family: `Family${n % 50}`, given: [`Given${n % 7}`, 'Ana'] }],
    birthDate: dayOf(n),
    gender: n % 2 === 0 ? 'female' : 'male',
  }),
  secretKeys: secrets.blind('', pad(n, 9)),
});
const dose = (n: number, of: number): Stored =>
  document('Immunization', `d${pad(n, 5)}-${of}`, {
    status: 'completed',
    patient: { reference: `Patient/${patientId(n)}` },
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: pad(of) }] },
    occurrenceDateTime: `2024-${pad(1 + of)}-${pad(1 + (n % 28))}`,
    lotNumber: `L${n % 100}`,
  });

describe('the indexes', () => {
  test('that the catalog declares are there, and no others', async () => {
    for (const [name, declared] of collectionsOf(catalog)) {
      const there = (await p.db.collection(name).indexes()).filter((index) => index['name'] !== '_id_');
      const told = there.map(({ key, sparse, expireAfterSeconds }) => ({ key, sparse, expireAfterSeconds }));
      expect({ name, indexes: new Set(told) }).toEqual({
        name,
        indexes: new Set(
          declared.map(({ key, sparse, expireAfterSeconds }) => ({ key, sparse, expireAfterSeconds })),
        ),
      });
    }
  });

  test('are made once: preparing again, even by several at once, changes nothing', async () => {
    const other = await place();
    await other.db.dropDatabase();
    await Promise.all([0, 1, 2].map(() => prepareCollections(other.connection, catalog)));
    const names = (await other.db.listCollections().toArray()).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(collectionsOf(catalog).keys()));
    await other.end();
  });

  test('of every kind of resource end in the page key where a page is read from them', () => {
    for (const [name, indexes] of collectionsOf(catalog)) {
      if (!catalog.has(name.replace('_history', ''))) continue;
      const paged = indexes.filter(
        ({ sparse, expireAfterSeconds }) => !sparse && expireAfterSeconds === undefined,
      );
      for (const { key } of paged) expect([name, Object.keys(key).at(-1)]).toEqual([name, '_id']);
    }
  });
});

interface Stats {
  readonly stages: readonly string[];
  readonly returned: number;
  readonly keys: number;
  readonly documents: number;
}

function stagesOf(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const {
    stage,
    inputStage,
    inputStages = [],
  } = plan as { stage?: string; inputStage?: unknown; inputStages?: unknown[] };
  return [...(stage === undefined ? [] : [stage]), ...[inputStage, ...inputStages].flatMap(stagesOf)];
}

interface Explained {
  readonly executionStats: {
    readonly nReturned: number;
    readonly totalKeysExamined: number;
    readonly totalDocsExamined: number;
    readonly executionStages: unknown;
  };
}
const statsOf = (explained: unknown): Stats => {
  const { executionStats: stats } = explained as Explained;
  return {
    stages: stagesOf(stats.executionStages),
    returned: stats.nReturned,
    keys: stats.totalKeysExamined,
    documents: stats.totalDocsExamined,
  };
};

const setting = {
  catalog,
  base: 'http://localhost/fhir',
  now: NOON,
  blind: secrets.blind,
  handling: 'strict',
  inUrl: false,
} as const;

/** How MongoDB answers a search as the server asks it. */
async function explain(type: string, query: string, from?: PagePlace): Promise<Stats> {
  const request = parseQuery(type, pairsOf(query), setting);
  const { order, clauses } = readFrom(request.order, from);
  const find = { where: [...request.clauses, ...clauses], order, limit: request.count + 1 };
  return statsOf(await cursorOf(p.db.collection<Stored>(type), find).explain('executionStats'));
}

describe('a hot search', () => {
  beforeAll(async () => {
    const people = Array.from({ length: PEOPLE }, (_, n) => person(n));
    await p.db.collection<Stored>('Patient').insertMany(people, { ordered: false });
    for (let from = 0; from < PEOPLE; from += 500) {
      const doses = Array.from({ length: 500 * DOSES }, (_, at) =>
        dose(from + Math.floor(at / DOSES), at % DOSES),
      );
      await p.db.collection<Stored>('Immunization').insertMany(doses, { ordered: false });
    }
  }, 60_000);

  test.each([
    ['the doses of a patient, newest first', 'Immunization', `patient=${patientId(7)}`, 10],
    [
      'the doses of a patient by reference',
      'Immunization',
      `patient=Patient/${patientId(7)}&_sort=-date`,
      10,
    ],
    ['the doses of a patient, oldest first', 'Immunization', `patient=${patientId(7)}&_sort=date`, 10],
    ['the doses of a patient in a month', 'Immunization', `patient=${patientId(7)}&date=2024-03`, 1],
    ['a person by an identifier', 'Patient', 'identifier=urn:mrn|77', 1],
    ['a person by a bare identifier', 'Patient', 'identifier=77', 1],
    ['a person by id', 'Patient', `_id=${patientId(3)}`, 1],
    ['everybody, by id', 'Patient', '_count=20', 21],
    ['everybody, by birth date', 'Patient', '_sort=birthdate&_count=20', 21],
    ['everybody, by family name from the end', 'Patient', '_sort=-family&_count=20', 21],
    ['what changed last', 'Patient', '_sort=-_lastUpdated&_count=20', 21],
    ['all doses, newest first', 'Immunization', '_count=20', 21],
  ])('for %s reads what it answers, in order, and nothing else', async (_name, type, query, returned) => {
    const stats = await explain(type, query);
    expect(stats.stages).not.toContain('COLLSCAN');
    expect(stats.stages).not.toContain('SORT');
    expect(stats.returned).toBe(returned);
    expect(stats.documents).toBe(returned);
    expect(stats.keys).toBeLessThanOrEqual(returned + 2);
  });

  test.each([
    ['people by a name and a birth date', 'Patient?family=family27&birthdate=2007-04-28', 1, 3],
    ['people by the beginning of a name and a birth date', 'Patient?family=fam&birthdate=2007-04-28', 5, 7],
    [
      'people by names, birth date and gender',
      'Patient?given=ana&family=family27&birthdate=2007-04-28&gender=male',
      1,
      3,
    ],
    ['people by a name in a year', 'Patient?family=family27&birthdate=2007', 20, 40],
    ['a person by a secret number', 'Patient?identifier=http://hl7.org/fhir/sid/us-ssn|000000077', 1, 1],
    ['the doses of a patient since a date', `Immunization?patient=${patientId(7)}&date=ge2024-06-01`, 5, 10],
    ['the doses of a patient of one vaccine', `Immunization?patient=${patientId(7)}&vaccine-code=03`, 1, 10],
    ['the doses of some patients', `Immunization?patient=${patientId(7)},${patientId(8)}`, 20, 20],
  ])(
    'for %s is led there by an index, and sorts no more than it finds',
    async (_name, search, returned, most) => {
      const [type = '', query = ''] = search.split('?');
      const stats = await explain(type, query);
      expect(stats.stages).not.toContain('COLLSCAN');
      expect(stats.returned).toBe(returned);
      expect(stats.documents).toBeLessThanOrEqual(most);
      expect(stats.keys).toBeLessThanOrEqual(4 * most + 20);
    },
  );

  test('on a later page reads that page only', async () => {
    const request = parseQuery('Immunization', pairsOf('_count=20'), setting);
    const where = { where: request.clauses, order: request.order, limit: 15_000 };
    const last = (await cursorOf(p.db.collection<Stored>('Immunization'), where).toArray()).at(-1);
    if (last === undefined) throw new Error('no doses');
    const stats = await explain('Immunization', '_count=20', {
      at: placeOf(last, request.order),
      back: false,
    });
    expect(stats.stages).not.toContain('SORT');
    expect(stats.returned).toBe(21);
    // Beside its own, no more than those of the same day, of which there are about seventy.
    expect(stats.documents).toBeLessThanOrEqual(100);
  });

  test('that counts everything counts keys, and reads no document', async () => {
    const plan = await p.db
      .collection('Patient')
      .aggregate([{ $match: filterOf([]) }, { $limit: 5000 }, { $group: { _id: 1, n: { $sum: 1 } } }], {
        hint: { _id: 1 },
      })
      .explain('executionStats');
    expect(JSON.stringify(plan)).toContain('IXSCAN');
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
    expect(JSON.stringify(plan)).toMatch(/"totalDocsExamined":0/);
  });
});

describe('a history', () => {
  beforeAll(async () => {
    const past = Array.from({ length: 3000 }, (_, n): Past => {
      const [id, version] = [`r${pad(n % 30)}`, 1 + Math.floor(n / 30)];
      const lastUpdated = new Date(NOON.getTime() + n * 1000);
      return {
        _id: `${id} ${pad(version, 9)}`,
        id,
        version,
        lastUpdated,
        deleted: false,
        method: 'PUT',
        json: '{}',
        patients: [],
        custodians: [],
      };
    });
    await p.db.collection<Past>('Basic_history').insertMany(past);
  });
  const past = () => p.db.collection<Past>('Basic_history');

  test('of one resource is read off the index of its versions', async () => {
    const cursor = past().find({ $and: [{}, {}, {}, { _id: { ...pastIds('r07'), $lt: 'r07 000000050' } }] });
    const stats = statsOf(await cursor.sort({ _id: -1 }).limit(10).explain('executionStats'));
    expect(stats).toMatchObject({ returned: 10, documents: 10 });
    expect(stats.stages).not.toContain('SORT');
  });

  test('of a type is read off the index of its times, on a later page too', async () => {
    const at = new Date(NOON.getTime() + 1000 * 1000);
    const later = {
      $and: [
        { lastUpdated: { $lte: at } },
        { $or: [{ lastUpdated: { $lt: at } }, { lastUpdated: at, _id: { $lt: 'r10 000000034' } }] },
      ],
    };
    for (const filter of [{}, later]) {
      const cursor = past()
        .find({ $and: [{}, {}, {}, filter] })
        .sort({ lastUpdated: -1, _id: -1 })
        .limit(10);
      const stats = statsOf(await cursor.explain('executionStats'));
      expect(stats.stages).not.toContain('SORT');
      expect(stats.stages).not.toContain('COLLSCAN');
      expect(stats.documents).toBeLessThanOrEqual(12);
    }
  });
});
