/** Patient/[id]/$everything (https://hl7.org/fhir/R4/patient-operation-everything.html). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call, linkOf, made, type Reply, type Seen } from '../world/requests.ts';
import { dose, organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

let w: World;
let ana: Seen;
let org: Seen;
let doses: Seen[];
beforeAll(async () => {
  w = await world();
  ana = await made(w, patient());
  org = await made(w, organization());
  const other = await made(w, patient());
  await made(w, dose(other.id));
  const performer = [{ actor: { reference: `Organization/${org.id}` } }];
  doses = [];
  for (let n = 1; n <= 5; n += 1)
    doses.push(await made(w, dose(ana.id, { occurrenceDateTime: `2024-01-0${n}`, performer })));
  w.clock.advance(60_000);
  doses.push(await made(w, dose(ana.id, { occurrenceDateTime: '2024-02-01' })));
});
afterAll(() => w.end());

const ask = (query = ''): Promise<Reply> => call(w, 'GET', `/Patient/${ana.id}/$everything${query}`);
const namesIn = ({ body }: Reply, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter(({ search }) => search?.mode === mode)
    .map(({ resource }) => `${resource?.resourceType ?? ''}/${resource?.id ?? ''}`);
const record = (): string[] => [`Patient/${ana.id}`, ...doses.map(({ id }) => `Immunization/${id}`)];
/** What is asked for here, and not what a forecast adds. */
const TYPES = '_type=Patient,Immunization';

test('it shows the patient first, then the record, and the organisations that it names', async () => {
  const reply = await ask();
  expect([reply.status, reply.body.type]).toEqual([200, 'searchset']);
  const names = namesIn(reply);
  expect(names[0]).toBe(`Patient/${ana.id}`);
  expect(names).toEqual(expect.arrayContaining(record()));
  expect(namesIn(reply, 'include')).toEqual([`Organization/${org.id}`]);
  for (const { fullUrl, resource } of reply.body.entry ?? []) {
    expect(fullUrl).toBe(`${w.url}/${resource?.resourceType ?? ''}/${resource?.id ?? ''}`);
  }
});

test('it shows nobody else, and not who looked', async () => {
  const names = namesIn(await ask());
  expect(names.filter((name) => name.startsWith('Patient/'))).toEqual([`Patient/${ana.id}`]);
  expect(names.filter((name) => name.startsWith('Immunization/')).length).toBe(6);
  expect(names.some((name) => name.startsWith('AuditEvent/'))).toBe(false);
});

test.each([1, 2, 3, 4, 6, 7, 8])('pages of %i hold everything once', async (count) => {
  const seen: string[] = [];
  for (
    let url: string | undefined = `/Patient/${ana.id}/$everything?_count=${count}&${TYPES}`;
    url !== undefined;
  ) {
    const reply: Reply = await call(w, 'GET', url);
    const names = namesIn(reply);
    expect(names.length).toBeLessThanOrEqual(count);
    seen.push(...names);
    url = linkOf(reply.body, 'next');
  }
  expect(seen[0]).toBe(record()[0]);
  expect([...seen].sort()).toEqual(record().sort());
});

test('_type shows those types only', async () => {
  expect(namesIn(await ask('?_type=Patient'))).toEqual([`Patient/${ana.id}`]);
  const some = await ask('?_type=Immunization&_type=Organization');
  expect([namesIn(some).length, namesIn(some, 'include')]).toEqual([6, [`Organization/${org.id}`]]);
  expect(namesIn(await ask('?_type=Immunization'), 'include')).toEqual([]);
  expect((await ask('?_type=Nothing')).status).toBe(400);
});

test('_since shows what changed since then', async () => {
  const last = doses.at(-1)?.id ?? '';
  expect(namesIn(await ask(`?_since=2026-11-22T12:00:30Z&${TYPES}`))).toEqual([`Immunization/${last}`]);
  expect((await ask('?_since=yesterday')).status).toBe(400);
});

test('it is asked by POST with Parameters too', async () => {
  const parameter = [
    { name: '_count', valueInteger: 2 },
    { name: '_type', valueCode: 'Immunization' },
  ];
  const body = { resourceType: 'Parameters', parameter };
  const reply = await call(w, 'POST', `/Patient/${ana.id}/$everything`, { body });
  expect([reply.status, namesIn(reply).length]).toEqual([200, 2]);
  expect((await call(w, 'GET', linkOf(reply.body, 'next') ?? '')).status).toBe(200);
});

test('of a patient that is not there it is 404, of one deleted 410', async () => {
  expect((await call(w, 'GET', '/Patient/nobody/$everything')).status).toBe(404);
  const gone = await made(w, patient());
  await call(w, 'DELETE', `/Patient/${gone.id}`);
  expect((await call(w, 'GET', `/Patient/${gone.id}/$everything`)).status).toBe(410);
});

test.each(['_count=0', '_count=x', 'nonsense=1', '_page=x'])('?%s is 400', async (query) => {
  expect((await ask(`?${query}`)).status).toBe(400);
});

test('a page link belongs to its patient', async () => {
  const { body } = await ask(`?_count=1&${TYPES}`);
  const other = await made(w, patient());
  const url = (linkOf(body, 'next') ?? '').replace(ana.id, other.id);
  expect((await call(w, 'GET', url)).status).toBe(400);
});
