/** Policy applies to every type that a search touches, not only to what it returns (R4 search and its security). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Rule } from '../../../src/policy/decide.ts';
import type { Clause } from '../../../src/search/clause.ts';
import { world, type World } from '../../world/world.ts';
import { dose, found, person, provenance, store } from './bodies.ts';

let w: World;
let [ana, ben, anas, bens] = ['', '', '', ''];
const nothing: Clause = { op: 'none' };

/** What the caller of the world may see of some types; everything of the others. */
function rule(filters: Readonly<Record<string, Clause | 'denied'>>): Rule {
  return ({ type }) => {
    const filter = filters[type ?? ''];
    if (filter === 'denied') return { deny: 'scope' as never };
    return { filter: filter === undefined ? [] : [filter] };
  };
}
const rules = (filters: Readonly<Record<string, Clause | 'denied'>>): void => {
  Object.assign(w.rooms, { rules: [rule(filters)] });
};
const statusOf = async (path: string): Promise<number> => (await w.fhir.get(path)).status;

beforeAll(async () => {
  w = await world();
  rules({});
  ana = await store(w, person('Nguyen', '2020-03-01'));
  ben = await store(w, person('Nguyen', '2021-04-02'));
  const clinic = await store(w, { resourceType: 'Organization', active: true, name: 'Harbor' });
  const performer = [{ actor: { reference: `Organization/${clinic}` } }];
  anas = await store(w, dose(ana, '2024-03-05', { performer }));
  bens = await store(w, dose(ben, '2024-03-05', { performer }));
  await store(w, provenance(`Immunization/${anas}`));
});
afterAll(() => w.end());
beforeEach(() => {
  rules({});
});

describe('a chain', () => {
  test('finds nothing by what the caller may not see of the type it leads to', async () => {
    expect([...(await found(w, '/Immunization?patient.name=nguyen'))].sort()).toEqual([anas, bens].sort());
    rules({ Patient: { op: 'in', field: '_id', keys: [ben] } });
    expect(await found(w, '/Immunization?patient.name=nguyen')).toEqual([bens]);
    expect(await found(w, '/Immunization?date=2024-03-05&patient.gender:not=male')).toEqual([bens]);
  });

  test('backward finds nothing by what the caller may not see', async () => {
    expect([...(await found(w, '/Patient?_has:Immunization:patient:date=2024-03-05'))].sort()).toEqual(
      [ana, ben].sort(),
    );
    rules({ Immunization: { op: 'in', field: '_id', keys: [anas] } });
    expect(await found(w, '/Patient?_has:Immunization:patient:date=2024-03-05')).toEqual([ana]);
    rules({ Provenance: nothing });
    expect(
      await found(w, '/Patient?_has:Immunization:patient:_has:Provenance:target:recorded=2026-11-22'),
    ).toEqual([]);
  });

  test('to a type that the caller may not search is refused', async () => {
    rules({ Patient: 'denied' });
    expect(await statusOf('/Immunization?patient.name=nguyen')).toBe(403);
    expect(await statusOf('/Organization?_has:Immunization:performer:patient.name=nguyen')).toBe(403);
  });

  test('that names no type leads to the types that the caller may search', async () => {
    rules({ Practitioner: 'denied' });
    expect(await found(w, '/Immunization?performer.name=harbor')).toHaveLength(2);
    rules({ Practitioner: 'denied', Organization: 'denied' });
    expect(await statusOf('/Immunization?performer.name=harbor')).toBe(403);
  });
});

test('a total counts only what the caller may see', async () => {
  rules({ Immunization: { op: 'in', field: '_id', keys: [anas] } });
  const { body } = (await w.fhir.get('/Immunization?status=completed&_total=accurate&_count=1')) as {
    body: { total: number };
  };
  expect(body.total).toBe(1);
});

test('what is brought along is what the caller may see', async () => {
  rules({ Patient: { op: 'in', field: '_id', keys: [ben] } });
  const { body } = (await w.fhir.get(
    '/Immunization?_include=Immunization:patient&_revinclude=Provenance:target',
  )) as {
    body: { entry: { resource: { id: string; resourceType: string } }[] };
  };
  const people = body.entry.filter(({ resource }) => resource.resourceType === 'Patient');
  expect(people.map(({ resource }) => resource.id)).toEqual([ben]);
});
