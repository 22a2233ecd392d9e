/** What a search shows of a dose that was reported twice: both reports, one of them marked, or the better one alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { guarded, withScope } from '../../auth/bearer.ts';
import { call, idsIn, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patient } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let clinic: Seen;
let hospital: Seen;
beforeAll(async () => {
  w = await world();
  clinic = await made(w, organization({ name: 'Clinic' }));
  hospital = await made(w, organization({ name: 'Hospital' }));
});
afterAll(() => w.end());

const CVX = 'http://hl7.org/fhir/sid/cvx';
const cvx = (code: string) => ({ coding: [{ system: CVX, code }] });
const number = (org: Seen) => [
  { system: `urn:doses:${org.id}`, value: '1', assigner: { reference: `Organization/${org.id}` } },
];
const TAG = { system: 'https://fhir-iis.org/fhir/CodeSystem/dose-report', code: 'duplicate' };

let child: Seen;
let given: Seen;
let entered: Seen;
let other: Seen;
beforeEach(async () => {
  child = await made(w, patient({ birthDate: '2026-01-10' }));
  given = await made(
    w,
    dose(child.id, {
      vaccineCode: cvx('08'),
      occurrenceDateTime: '2026-01-10',
      primarySource: true,
      lotNumber: '3CK59',
      performer: [{ actor: { reference: `Organization/${hospital.id}` } }],
      identifier: number(hospital),
    }),
  );
  entered = await made(
    w,
    dose(child.id, {
      vaccineCode: cvx('45'),
      occurrenceDateTime: '2026-01-11',
      primarySource: false,
      reportOrigin: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/immunization-origin', code: 'recall' }],
      },
      identifier: number(clinic),
    }),
  );
  other = await made(w, dose(child.id, { vaccineCode: cvx('20'), occurrenceDateTime: '2026-03-12' }));
});

const found = async (query: string): Promise<Seen> => (await call(w, 'GET', query)).body;
const marked = ({ entry = [] }: Seen): readonly (readonly [string | undefined, unknown])[] =>
  entry.flatMap(({ resource, search }) =>
    resource?.meta['tag'] === undefined ? [] : [[resource.id, search] as const],
  );
const markOf = (report: Seen, primary: Seen) => [
  report.id,
  {
    extension: [
      {
        url: 'https://fhir-iis.org/fhir/StructureDefinition/primary-report',
        valueReference: { reference: `${w.url}/Immunization/${primary.id}` },
      },
    ],
    mode: 'match',
  },
];

describe('a search of one person', () => {
  test.each([
    ['all doses', (id: string) => `/Immunization?patient=${id}`],
    ['the record', (id: string) => `/Patient/${id}/Immunization`],
    ['one page of the record', (id: string) => `/Immunization?patient=${id}&_count=2&_sort=date`],
    ['the reports of a vaccine', (id: string) => `/Immunization?patient=${id}&vaccine-code=${CVX}|45`],
  ])('of %s marks the report that another shows, and says which', async (_what, path) => {
    const seen = await found(path(child.id));
    expect(marked(seen)).toEqual([markOf(entered, given)]);
    const report = seen.entry?.find(({ resource }) => resource?.id === entered.id)?.resource;
    expect(report?.meta['tag']).toMatchObject([TAG]);
  });

  test('finds each dose once, on every page and in every count', async () => {
    const once = `/Immunization?patient=${child.id}&primary=true`;
    expect(idsIn(await found(once)).sort()).toEqual([given.id, other.id].sort());
    expect((await found(`${once}&_summary=count`)).total).toBe(2);
    const first = await found(`${once}&_count=1&_sort=date`);
    const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    const second = await found(next.slice(next.indexOf('/Immunization')));
    expect([...idsIn(first), ...idsIn(second)]).toEqual([given.id, other.id]);
    expect(idsIn(await found(`/Immunization?patient=${child.id}&primary=false`))).toEqual([entered.id]);
    expect(idsIn(await found(`/Immunization?_id=${given.id},${entered.id}&primary=true`))).toEqual([
      given.id,
    ]);
  });

  test('through a common client', async () => {
    const client = new Client({ baseUrl: w.url });
    const bundle = (await client.search({
      resourceType: 'Immunization',
      searchParams: { patient: child.id, primary: 'true' },
    })) as unknown as Seen;
    expect(idsIn(bundle).sort()).toEqual([given.id, other.id].sort());
  });
});

test('who does not see the better report sees the other unmarked, as the dose', async () => {
  const guard = await guarded({ beside: w });
  const some = withScope(guard, `system/Immunization.rs?vaccine-code=${CVX}|45`);
  const { body } = await some('GET', `/Immunization?patient=${child.id}`);
  expect([idsIn(body), marked(body)]).toEqual([[entered.id], []]);
  const once = await some('GET', `/Immunization?patient=${child.id}&primary=true`);
  expect(idsIn(once.body)).toEqual([entered.id]);
  const none = await some('GET', `/Immunization?patient=${child.id}&primary=false`);
  expect(idsIn(none.body)).toEqual([]);
  await guard.end();
});

test('the mark is the answer’s: it is not stored, by whom it may come back', async () => {
  const seen = await found(`/Immunization?patient=${child.id}`);
  const report = seen.entry?.find(({ resource }) => resource?.id === entered.id)?.resource;
  const put = await call(w, 'PUT', `/Immunization/${entered.id}`, { body: report as object });
  expect([put.status, put.body.meta.versionId, put.body.meta['tag']]).toEqual([200, '1', undefined]);
  const again = await made(w, { ...report, id: undefined, identifier: undefined });
  expect(again.meta['tag']).toBeUndefined();
  expect(marked(await found(`/Immunization?_id=${entered.id}`))).toHaveLength(1);
});

test('an answer about several people is a list of reports, without marks', async () => {
  const sister = await made(w, patient({ birthDate: '2020-01-10' }));
  await made(w, dose(sister.id));
  expect(marked(await found(`/Immunization?patient=${child.id},${sister.id}`))).toEqual([]);
  const once = await found(`/Immunization?patient=${child.id},${sister.id}&primary=true`);
  expect(idsIn(once)).toHaveLength(3);
  expect(idsIn(once)).not.toContain(entered.id);
});

test.each([
  ['of nobody in particular', '/Immunization?primary=true', 422],
  ['that is neither true nor false', '/Immunization?patient=x&primary=maybe', 400],
  ['asked twice', '/Immunization?patient=x&primary=true&primary=false', 400],
])('a search %s is refused', async (_what, path, status) => {
  expect((await call(w, 'GET', path)).status).toBe(status);
});

test('a condition does not depend on what else is in a record', async () => {
  const { status } = await call(w, 'POST', '/Immunization', {
    body: dose(child.id),
    headers: { 'if-none-exist': `patient=${child.id}&primary=true` },
  });
  expect(status).toBe(400);
});
