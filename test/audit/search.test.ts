/** What auditors search the log by, where usual values have no index of their own and time has one for two parameters. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditEvent, Bundle } from '@medplum/fhirtypes';
import { databaseOf } from '../../src/storage/connect.ts';
import type { Stored } from '../../src/storage/store.ts';
import { world, type World } from '../world/world.ts';

const RESTFUL = 'http://hl7.org/fhir/restful-interaction';

let w: World;
let all: readonly AuditEvent[];
beforeAll(async () => {
  w = await world();
  const person = { resourceType: 'Patient', name: [{ family: 'Ito' }], birthDate: '2024-03-01' };
  const json = 'application/fhir+json';
  for (const path of ['/Patient/none', '/Patient?family=ito', '/Patient?nonsense=1']) {
    await w.fhir.get(path);
    w.clock.advance(60_000);
  }
  await w.fhir.post('/Patient').set('Content-Type', json).send(JSON.stringify(person)).expect(201);
  const stored = await databaseOf(w.services.connection).collection<Stored>('AuditEvent').find().toArray();
  all = stored.map(({ json: text }) => JSON.parse(text) as AuditEvent);
  w.clock.advance(60_000);
});
afterAll(() => w.end());

const codes = ({ subtype = [] }: AuditEvent): readonly string[] => subtype.map(({ code }) => code ?? '');
const systems = ({ subtype = [] }: AuditEvent): readonly string[] =>
  subtype.map(({ system }) => system ?? '');
const MIDDLE = '2026-11-22T12:01:00.000Z';

const CASES: readonly (readonly [query: string, is: (event: AuditEvent) => boolean])[] = [
  ['action=R', ({ action }) => action === 'R'],
  ['action=R,C', ({ action }) => action === 'R' || action === 'C'],
  ['action=C', ({ action }) => action === 'C'],
  ['outcome=0', ({ outcome }) => outcome === '0'],
  ['outcome=4', ({ outcome }) => outcome === '4'],
  ['outcome=0&action=E', ({ outcome, action }) => outcome === '0' && action === 'E'],
  ['subtype=search-type', (event) => codes(event).includes('search-type')],
  ['subtype=chain-start', (event) => codes(event).includes('chain-start')],
  [`subtype=${RESTFUL}|read`, (event) => codes(event).includes('read')],
  [`subtype=${RESTFUL}|`, (event) => systems(event).includes(RESTFUL)],
  ['subtype=read,create', (event) => ['read', 'create'].some((code) => codes(event).includes(code))],
  [`date=ge${MIDDLE}&outcome:not=0`, ({ recorded, outcome }) => recorded >= MIDDLE && outcome !== '0'],
  [`_lastUpdated=ge${MIDDLE}`, ({ recorded }) => recorded >= MIDDLE],
  [`_lastUpdated=lt${MIDDLE}`, ({ recorded }) => recorded < MIDDLE],
];

test.each(CASES)('%s finds the events that are so', async (query, is) => {
  const expected = all.filter(is).map(({ id }) => id);
  expect(expected.length).toBeGreaterThan(0);
  // What is asked here is recorded too, a minute after the others.
  const until = encodeURIComponent('2026-11-22T12:03:30.000Z');
  const answer = await w.fhir.get(`/AuditEvent?${query}&date=lt${until}&_sort=_lastUpdated`).expect(200);
  const found = ((answer.body as Bundle).entry ?? []).map(({ resource }) => resource?.id);
  expect([...found].sort()).toEqual([...expected].sort());
});

test('the order of the last change is that of the events, page by page', async () => {
  const order: string[] = [];
  let url: string | undefined = `${w.url}/AuditEvent?_sort=_lastUpdated&_count=2&action=R,E,C`;
  while (url !== undefined) {
    const answer = await w.fhir.get(url.slice(w.url.length)).expect(200);
    const body = answer.body as Bundle;
    order.push(...(body.entry ?? []).map(({ resource }) => (resource as AuditEvent).recorded));
    url = body.link?.find(({ relation }) => relation === 'next')?.url;
  }
  expect(order.length).toBeGreaterThanOrEqual(all.length);
  expect(order).toEqual([...order].sort());
});
