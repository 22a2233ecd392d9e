import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHAIN_IDS_MAX } from '../../../src/search/limits.ts';
import { keysOf } from '../../../src/search/index-of.ts';
import { catalog } from '../../../src/catalog/index.ts';
import { world, type World } from '../../world/world.ts';
import { dose, found, person, provenance, store } from './bodies.ts';

let w: World;
const id: Record<string, string> = {};

beforeAll(async () => {
  w = await world();
  id['ana'] = await store(w, person('Nguyễn', '2020-03-01', { gender: 'female' }));
  id['ben'] = await store(w, person('Nguyen', '2021-04-02', { gender: 'male' }));
  id['cleo'] = await store(w, person('Okafor', '2020-03-01'));
  id['clinic'] = await store(w, { resourceType: 'Organization', active: true, name: 'Harbor Clinic' });
  id['anas'] = await store(
    w,
    dose(id['ana'], '2024-03-05', { performer: [{ actor: { reference: `Organization/${id['clinic']}` } }] }),
  );
  id['bens'] = await store(w, dose(id['ben'], '2024-03-05'));
  id['cleos'] = await store(w, dose(id['cleo'], '2025-01-01', { status: 'not-done' }));
  id['anasSource'] = await store(w, provenance(`Immunization/${id['anas']}`));
});
afterAll(() => w.end());

const named = (names: readonly string[]): readonly string[] => names.map((name) => id[name] ?? name).sort();

describe('a chained search finds what refers to what it asks of (R4 search.html#chaining, #has)', () => {
  test.each([
    ['/Immunization?patient.name=nguyen', ['anas', 'bens']],
    ['/Immunization?patient.family=nguyen&patient.birthdate=2020-03-01', ['anas']],
    ['/Immunization?patient:Patient.birthdate=2020-03-01', ['anas', 'cleos']],
    ['/Immunization?patient.family=nguyen&patient.gender:not=male', ['anas']],
    ['/Immunization?patient.birthdate=ge2020-02-01&patient.birthdate=le2020-03-20', ['anas', 'cleos']],
    ['/Immunization?patient.name=nobody', []],
    ['/Immunization?performer.name=harbor', ['anas']],
    ['/Immunization?performer:Organization.name=harbor&patient.name=nguyen', ['anas']],
    ['/Immunization?date=2024-03-05&patient.gender=male', ['bens']],
    ['/Immunization?date=2024-03-05&patient.gender:not=male', ['anas']],
    ['/Provenance?target:Immunization.patient.family=nguyen', ['anasSource']],
    ['/Patient?_has:Immunization:patient:date=2024-03-05', ['ana', 'ben']],
    ['/Patient?_has:Immunization:patient:date=2024-03-05&gender=male', ['ben']],
    ['/Patient?birthdate=2020-03-01&_has:Immunization:patient:status:not=completed', ['cleo']],
    ['/Patient?_has:Immunization:patient:performer.name=harbor', ['ana']],
    ['/Patient?_has:Immunization:patient:_has:Provenance:target:recorded=2026-11-22', ['ana']],
    ['/Organization?_has:Immunization:performer:patient.family=nguyen', ['clinic']],
    ['/Immunization?patient._has:Immunization:patient:date=2025-01-01', ['cleos']],
  ])('%s', async (path, expected) => {
    expect([...(await found(w, path))].sort()).toEqual(named(expected));
  });

  test('in a compartment, where the record is few resources', async () => {
    const doses = await found(w, `/Patient/${id['ana'] ?? ''}/Immunization?patient.gender:not=male`);
    expect(doses).toEqual(named(['anas']));
  });

  test('on every page', async () => {
    const { body } = (await w.fhir.get('/Immunization?patient.name=nguyen&_count=1')) as {
      body: { link: { relation: string; url: string }[] };
    };
    const next = body.link.find(({ relation }) => relation === 'next')?.url ?? '';
    expect(await found(w, next.slice(w.url.length))).toHaveLength(1);
  });
});

describe('a chain that leads through more resources than a search follows', () => {
  test('is refused as too costly, unless few resources are searched', async () => {
    const entry = catalog.get('Patient');
    if (entry === undefined) throw new Error('no Patient');
    const crowd = Array.from({ length: CHAIN_IDS_MAX + 1 }, (_, n) => {
      const resource = { resourceType: 'Patient', name: [{ family: 'Crowd' }], birthDate: '1990-01-01' };
      const keys = { ...keysOf(entry, resource), patients: [`crowd${n}`] };
      return { _id: `crowd${n}`, version: 1, lastUpdated: new Date(), json: '{}', ...keys };
    });
    await w.services.connection.collection<(typeof crowd)[0]>('Patient').insertMany(crowd);
    const { status, body } = (await w.fhir.get('/Immunization?patient.name=crowd')) as {
      status: number;
      body: { issue: { code: string }[] };
    };
    expect([status, body.issue[0]?.code]).toEqual([422, 'too-costly']);
    expect(await found(w, '/Immunization?patient.name=crowd&date=2024-03-05')).toEqual([]);
    expect(
      await found(
        w,
        '/Patient?birthdate=1990-01-01&family=nguyen&_has:Immunization:patient:status=completed',
      ),
    ).toEqual([]);
  });
});
