/** The panel of a provider and its numbers: to itself and to staff, without whom a directive hides. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { guarded } from '../auth/bearer.ts';
import type { Seen } from '../world/requests.ts';
import { organization, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';
import { clinic, clinicToken, create, given, said, staff } from './people.ts';

let w: World;
let [a, b] = ['', ''];
const ids: string[] = [];

beforeAll(async () => {
  w = await guarded();
  a = (await create(staff(w), organization({ name: 'A' }))).id;
  b = (await create(staff(w), organization({ name: 'B' }))).id;
  for (const family of ['Adeyemi', 'Bianchi', 'Castillo']) {
    const { id } = await create(staff(w), patient({ name: [{ family, given: ['Kim'] }] }));
    await create(clinic(w, a), given(id, a, '2026-03-01'));
    ids.push(id);
  }
  ids.sort();
  await create(clinic(w, b), given(ids[0] ?? '', b, '2026-04-01'));
});
afterAll(() => w.end());

interface Member {
  readonly entity: { readonly reference: string };
  readonly period?: { readonly start: string };
}

/** What fhir-kit-client is answered. */
async function asked(
  whose: string,
  by: string,
  input: Readonly<Record<string, string>> = {},
  name = 'panel',
): Promise<Seen> {
  await clinic(w, by)('GET', `/Organization/${by}`);
  const client = new Client({ baseUrl: w.url, bearerToken: clinicToken(w, by) });
  return (await client.operation({
    ...{ name, resourceType: 'Organization', id: whose, method: 'GET' },
    // Of no input the client makes a query of its own.
    ...(Object.keys(input).length > 0 && { input }),
  })) as unknown as Seen;
}
const membersIn = (group: Seen): string[] =>
  ((group['member'] ?? []) as Member[]).map(({ entity, period }) =>
    [entity.reference.replace('Patient/', ''), period?.start].join(' '),
  );

const countsIn = (answer: Seen): Record<string, number> =>
  Object.fromEntries(
    (
      answer['parameter'] as {
        part: [{ valueCodeableConcept: { coding: { code: string }[] } }, { valueInteger: number }];
      }[]
    ).map(({ part: [status, count] }) => [
      status.valueCodeableConcept.coding[1]?.code ?? '',
      count.valueInteger,
    ]),
  );

test('a provider reads its own panel page by page, since when each is its patient, and how many there are', async () => {
  expect(membersIn(await asked(a, a))).toEqual(ids.map((id) => `${id} 2026-03-01`));
  const first = membersIn(await asked(a, a, { _count: '2' }));
  expect(first).toHaveLength(2);
  const rest = membersIn(await asked(a, a, { _count: '2', after: ids[1] ?? '' }));
  expect(rest).toEqual([`${ids[2] ?? ''} 2026-03-01`]);
  expect(membersIn(await asked(b, b))).toEqual([`${ids[0] ?? ''} 2026-04-01`]);
  expect(countsIn(await asked(a, a, {}, 'panel-counts'))).toMatchObject({ active: 3, inactive: 0 });
});

test('nobody else’s: alike for one that there is and one that there is not; staff read all', async () => {
  for (const name of ['panel', 'panel-counts'])
    for (const whose of [a, 'nobody'])
      expect([name, whose, (await clinic(w, b)('GET', `/Organization/${whose}/$${name}`)).status]).toEqual([
        ...[name, whose, 403],
      ]);
  expect(membersIn((await staff(w)('GET', `/Organization/${a}/$panel`)).body)).toHaveLength(3);
  const work = clinic(w, a, { purpose_of_use: 'HOPERAT' });
  expect((await work('GET', `/Organization/${a}/$panel`)).status).toBe(403);
  const read = await clinic(w, a)('GET', `/Organization/${a}/$panel?status=everybody`);
  expect(read.status).toBe(400);
});

test('follows doses and reports', async () => {
  const [id = ''] = ids;
  const { body } = await clinic(w, b)('GET', `/Patient/${id}`);
  const extension = [said('L', b, '2026-04-01')];
  expect((await clinic(w, b)('PUT', `/Patient/${id}`, { body: { ...body, extension } })).status).toBe(200);
  expect(membersIn(await asked(b, b))).toEqual([]);
  expect(membersIn(await asked(b, b, { status: 'lost' }))).toEqual([`${id} 2026-04-01`]);
  expect(countsIn(await asked(b, b, {}, 'panel-counts'))).toMatchObject({ active: 0, lost: 1 });
  await create(clinic(w, b), given(id, b, '2026-06-01'));
  expect(membersIn(await asked(b, b))).toEqual([`${id} 2026-06-01`]);
});

test('whom a directive hides is on no page and in no number, and the access is in the log', async () => {
  const [, hidden = ''] = ids;
  const filed = await staff(w)('POST', '/Consent', { body: completeOptOut(hidden) });
  expect([filed.status, filed.text.slice(0, 300)]).toEqual([201, expect.anything()]);
  expect(membersIn(await asked(a, a)).join()).not.toContain(hidden);
  expect(countsIn(await asked(a, a, {}, 'panel-counts'))).toMatchObject({ active: 2 });
  expect(membersIn((await staff(w)('GET', `/Organization/${a}/$panel`)).body)).toHaveLength(3);
  const log = await staff(w)('GET', `/AuditEvent?entity=Patient/${ids[0] ?? ''}&_count=500`);
  expect(log.text).toContain('panel');
});

const completeOptOut = (id: string): object => ({
  resourceType: 'Consent',
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [
    { coding: [{ system: 'https://fhir-iis.org/fhir/CodeSystem/directive', code: 'complete-opt-out' }] },
  ],
  patient: { reference: `Patient/${id}` },
  dateTime: '2026-11-22T12:00:00Z',
  policy: [{ uri: 'https://example.org/policy' }],
  provision: { type: 'deny' },
});
