/** FHIR R4 REST, rules 100 to 103: batches (https://hl7.org/fhir/R4/http.html#brules). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundle, call, countsOf, made, type Seen } from '../../world/requests.ts';
import { dose, organization, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world({ bundleEntries: 50 });
  ana = await made(w, patientWith('ana'));
});
afterAll(() => w.end());

const FAILED = [false, true, false, true, true, false, false, false, false, false];
const statuses = ({ entry = [] }: Seen): (string | undefined)[] =>
  entry.map(({ response }) => response?.status);

test('rule 101: each entry stands alone: 200, with an outcome in each that failed', async () => {
  const { status, body } = await bundle(w, 'batch', [
    { resource: patient(), request: { method: 'POST', url: 'Patient' } },
    { resource: patient({ gender: 'lady' }), request: { method: 'POST', url: 'Patient' } },
    { request: { method: 'GET', url: `Patient/${ana.id}` } },
    { request: { method: 'GET', url: 'Patient/nobody' } },
    { request: { method: 'GET', url: 'Nothing/1' } },
    { request: { method: 'HEAD', url: `Patient/${ana.id}` } },
    { request: { method: 'GET', url: 'Patient?identifier=ana' } },
    { request: { method: 'DELETE', url: 'Patient/nobody' } },
    { request: { method: 'GET', url: `${w.url}/Patient/${ana.id}/_history` } },
    { request: { method: 'GET', url: 'metadata' } },
  ]);
  expect([status, body.type]).toEqual([200, 'batch-response']);
  expect(statuses(body)).toEqual(['201', '422', '200', '404', '404', '200', '200', '204', '200', '200']);
  const outcomes = body.entry?.map(({ response }) => response?.outcome?.resourceType);
  expect(outcomes?.map((type) => type === 'OperationOutcome')).toEqual(FAILED);
  const types = body.entry?.map(({ resource }) => resource?.resourceType);
  expect(types).toEqual([
    ...Array<undefined>(2),
    'Patient',
    ...Array<undefined>(3),
    'Bundle',
    undefined,
    'Bundle',
    'CapabilityStatement',
  ]);
  expect(body.entry?.[2]?.resource).toEqual(ana);
  expect(body.entry?.[5]?.response?.etag).toBe('W/"1"');
});

test('rule 101: references between entries are not resolved', async () => {
  const { body } = await bundle(w, 'batch', [
    {
      fullUrl: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a',
      resource: patient(),
      request: { method: 'POST', url: 'Patient' },
    },
    {
      resource: dose('', { patient: { reference: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a' } }),
      request: { method: 'POST', url: 'Immunization' },
    },
    {
      resource: dose('', { patient: { reference: 'Patient?identifier=ana' } }),
      request: { method: 'POST', url: 'Immunization' },
    },
  ]);
  expect(statuses(body)).toEqual(['201', '422', '400']);
});

test('rule 101: entries are done in the order of a transaction, so that reads see what was written', async () => {
  const gone = await made(w, patientWith('batch-gone'));
  const { body } = await bundle(w, 'batch', [
    { request: { method: 'GET', url: 'Patient?identifier=batch-new&_summary=count' } },
    { request: { method: 'GET', url: `Patient/${gone.id}` } },
    { resource: patientWith('batch-new'), request: { method: 'POST', url: 'Patient' } },
    { request: { method: 'DELETE', url: `Patient/${gone.id}` } },
  ]);
  expect(statuses(body)).toEqual(['200', '410', '201', '204']);
  expect(body.entry?.[0]?.resource?.total).toBe(1);
});

test('rule 100: the response of a write has status, location with version, etag and time', async () => {
  const { body } = await bundle(w, 'batch', [
    { resource: patient(), request: { method: 'POST', url: 'Patient' } },
    { resource: { ...ana, gender: 'female' }, request: { method: 'PUT', url: `Patient/${ana.id}` } },
  ]);
  const [created, updated] = (body.entry ?? []).map(({ response }) => response);
  expect(created?.location).toMatch(new RegExp(`^${w.url}/Patient/[0-9a-f-]{36}/_history/1$`));
  expect(created).toMatchObject({ status: '201', etag: 'W/"1"', lastModified: '2026-11-22T12:00:00.000Z' });
  expect(updated).toMatchObject({
    status: '200',
    etag: 'W/"2"',
    location: `${w.url}/Patient/${ana.id}/_history/2`,
  });
});

test('rule 101: a batch holds no other Bundle', async () => {
  const inner = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: patient(), request: { method: 'POST', url: 'Patient' } }],
  };
  const before = await countsOf(w);
  const { body } = await bundle(w, 'batch', [
    { resource: inner, request: { method: 'POST', url: '' } },
    { resource: inner, request: { method: 'POST', url: '/' } },
  ]);
  expect(body.issue?.length ?? statuses(body)).toBeTruthy();
  expect(await countsOf(w)).toEqual(before);
});

test('rule 101: an empty batch is answered by an empty one', async () => {
  const { status, body } = await bundle(w, 'batch', []);
  expect([status, body.type, 'entry' in body]).toEqual([200, 'batch-response', false]);
});

test.each(['collection', 'searchset', 'history', 'document', 'message', 'batch-response'])(
  'rule 102: a Bundle of type %s posted to the base is 400 and not stored',
  async (type) => {
    const before = await countsOf(w);
    const { status, body } = await bundle(w, type, []);
    expect([status, body.resourceType]).toEqual([400, 'OperationOutcome']);
    expect(await countsOf(w)).toEqual(before);
  },
);

test('rule 102: anything else posted to the base is 400', async () => {
  expect((await call(w, 'POST', '', { body: patient() })).status).toBe(400);
  expect((await call(w, 'POST', '', { body: { resourceType: 'Bundle' } })).status).toBe(400);
  expect((await call(w, 'POST', '')).status).toBe(400);
});

test('rule 102: our decision: Bundles are not kept, so POST [base]/Bundle is 404', async () => {
  const body = { resourceType: 'Bundle', type: 'collection' };
  expect((await call(w, 'POST', '/Bundle', { body })).status).toBe(404);
});

test('rule 103: an entry is checked as it is outside', async () => {
  const cases = [
    { resource: patient({ shoeSize: 1 }), request: { method: 'POST', url: 'Patient' } },
    { resource: patient({ name: undefined }), request: { method: 'POST', url: 'Patient' } },
    { resource: organization(), request: { method: 'POST', url: 'Patient' } },
    { resource: dose('nobody'), request: { method: 'POST', url: 'Immunization' } },
    { resource: patient({ id: 'mine' }), request: { method: 'PUT', url: 'Patient/mine' } },
    { resource: { ...ana }, request: { method: 'PUT', url: `Patient/${ana.id}`, ifMatch: 'W/"99"' } },
    { request: { method: 'GET', url: 'Patient?nonsense=1' } },
    { resource: { resourceType: 'AuditEvent' }, request: { method: 'POST', url: 'AuditEvent' } },
  ];
  const { body } = await bundle(w, 'batch', cases);
  expect(statuses(body)).toEqual(['400', '422', '400', '422', '405', '412', '400', '405']);
});

test('rule 101: more entries than the server takes are 413', async () => {
  const entry = Array.from({ length: 51 }, () => ({ request: { method: 'GET', url: `Patient/${ana.id}` } }));
  for (const type of ['batch', 'transaction']) {
    const { status, body } = await bundle(w, type, entry);
    expect([status, body.issue?.[0]?.code]).toEqual([413, 'too-long']);
  }
});

test.each([
  ['an entry that is no object', [1]],
  ['an entry that is null', [null]],
  ['an entry without a request', [{ resource: { resourceType: 'Patient' } }]],
  ['a method that is none', [{ request: { method: 'get', url: 'Patient/1' } }]],
  ['a request without a url', [{ request: { method: 'GET' } }]],
  ['a property that R4 does not have', [{ request: { method: 'GET', url: 'Patient/1', body: 'x' } }]],
])('rule 101: a Bundle with %s is refused as a whole', async (_what, entry) => {
  for (const type of ['batch', 'transaction']) {
    const { status, body } = await bundle(w, type, entry as object[]);
    expect([400, 422]).toContain(status);
    expect(body.issue?.[0]?.expression?.[0]).toMatch(/^Bundle/);
  }
  expect(w.logged).toEqual([]);
});
