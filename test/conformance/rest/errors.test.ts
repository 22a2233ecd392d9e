/** FHIR R4 REST, rules 103 and 112 to 115: errors (https://hl7.org/fhir/R4/operationoutcome.html). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { answerOf } from '../../../src/http/errors.ts';
import { handle } from '../../../src/interactions/handle.ts';
import type { Rule } from '../../../src/policy/decide.ts';
import { reads } from '../../world/asks.ts';
import { bundle, call, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
const codeOf = ({ body }: Reply): string | undefined => body.issue?.[0]?.code;
const NAME = 'Nevertellovich';
let ana: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('err', { name: [{ family: NAME }] }));
  await made(w, patientWith('twice'));
  await made(w, patientWith('twice'));
  const gone = await made(w, patient());
  await call(w, 'DELETE', `/Patient/${gone.id}`);
  goneUrl = `/Patient/${gone.id}`;
});
let goneUrl = '';
afterAll(() => w.end());
const post = (body: object | string, headers = {}): Promise<Reply> =>
  call(w, 'POST', '/Patient', { body, headers });
const CODES: readonly (readonly [string, string, string | undefined, () => Promise<Reply>])[] = [
  ['unknown id', 'not-found', undefined, () => call(w, 'GET', '/Patient/nobody')],
  ['deleted id', 'deleted', undefined, () => call(w, 'GET', goneUrl)],
  [
    'stale version',
    'conflict',
    undefined,
    () => call(w, 'PUT', `/Patient/${ana.id}`, { body: ana, headers: { 'if-match': 'W/"7"' } }),
  ],
  [
    'several matches',
    'multiple-matches',
    undefined,
    () => post(patient(), { 'if-none-exist': 'identifier=twice' }),
  ],
  ['no JSON', 'structure', undefined, () => post('{')],
  ['unknown property', 'structure', 'Patient.shoeSize', () => post(patient({ shoeSize: 1 }))],
  ['wrong value', 'value', 'Patient.birthDate', () => post(patient({ birthDate: '2021-02-30' }))],
  ['missing element', 'required', 'Patient.name', () => post(patient({ name: undefined }))],
  ['bad code', 'code-invalid', 'Patient.gender', () => post(patient({ gender: 'lady' }))],
  [
    'broken invariant',
    'invariant',
    'Patient.contact[0]',
    () => post(patient({ contact: [{ gender: 'male' }] })),
  ],
  [
    'business rule',
    'business-rule',
    'Immunization.patient',
    () => call(w, 'POST', '/Immunization', { body: dose('nobody') }),
  ],
  ['too costly', 'too-costly', undefined, () => call(w, 'GET', '/Patient?name:contains=abc')],
  ['too long', 'too-long', undefined, () => post(`{"x":"${'x'.repeat(4_000_001)}"}`)],
  ['unknown parameter', 'not-supported', undefined, () => call(w, 'GET', '/Patient?nonsense=1')],
];

test.each(CODES)('rule 112: %s has the code %s', async (_what, code, expression, request) => {
  const { body } = await request();
  expect(body.issue?.[0]?.code).toBe(code);
  if (expression !== undefined) expect(body.issue?.[0]?.expression).toEqual([expression]);
});

test('rule 113: expression names the fault, and diagnostics hold neither data nor anything of the database', async () => {
  const replies = await Promise.all([
    post(patient({ name: [{ family: NAME, given: [7] }] })),
    post(patient({ name: [{ family: NAME }], gender: NAME })),
    post(patient({ name: [{ family: NAME }], birthDate: NAME })),
    post(patient({ name: [{ family: NAME }], [NAME]: 1 })),
    post(`{"resourceType":"Patient","name":[{"family":"${NAME}"]`),
    call(w, 'GET', `/Patient?birthdate=${NAME}`),
    call(w, 'GET', `/Patient?_count=${NAME}`),
    call(w, 'GET', `/Patient?name:${NAME}%20x=1`),
    call(w, 'GET', `/Patient/${NAME}%20x`),
    call(w, 'PUT', `/Patient/${ana.id}`, { body: { ...ana, id: NAME } }),
    call(w, 'PATCH', `/Patient/${ana.id}`, {
      body: JSON.stringify([{ op: 'test', path: '/name/0/family', value: `${NAME}x` }]),
      headers: { 'content-type': 'application/json-patch+json' },
    }),
    post(patient({ name: [{ family: NAME }] }), { 'if-none-exist': `identifier=${NAME}&nonsense=1` }),
  ]);
  for (const { status, text, body } of replies) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    const told = (body.issue ?? []).map(({ diagnostics }) => diagnostics).join(' ');
    expect(told).not.toContain(NAME);
    expect(text).not.toMatch(/ at .*\.ts|node_modules|mongo|E11000|\$in|stack/i);
    expect(text).not.toContain('"location"');
  }
  expect(w.logged).toEqual([]);
});

test('rule 114: 429 and 503 say when to come back', () => {
  const outcome = (kind: 'throttled' | 'unavailable'): Readonly<Record<string, string>> | undefined =>
    answerOf(new Failure({ kind, message: 'Later.' }), 'r', w.rooms.log).headers;
  expect(outcome('throttled')).toHaveProperty('Retry-After');
  expect(outcome('unavailable')).toHaveProperty('Retry-After');
});

test('rule 114: a database that is away is 503 with Retry-After, in a batch in each entry', async () => {
  const v = await world({ beside: w });
  await v.services.close();
  const reply = await call(v, 'GET', '/Patient/x');
  expect([reply.status, reply.headers.has('retry-after'), codeOf(reply)]).toEqual([503, true, 'transient']);
  await v.end();
});

test('rule 115: what is hidden looks as if it were not there', async () => {
  const rule: Rule = ({ type }) => ({
    filter: type === 'Patient' ? [{ op: 'not', of: { op: 'in', field: '_id', keys: [ana.id] } }] : [],
  });
  const asked = (id: string): Promise<unknown> =>
    handle({ ...w.rooms, rules: [rule] }, reads('Patient', id)).catch((error: unknown) => error);
  const [hidden, absent] = await Promise.all([asked(ana.id), asked('nobody')]);
  expect(hidden).toBeInstanceOf(Failure);
  expect((hidden as Failure).issues).toEqual((absent as Failure).issues);
});

test('rule 103: an entry is told its fault as outside', async () => {
  const body = patient({ gender: 'lady' });
  const alone = await post(body);
  const reply = await bundle(w, 'batch', [{ resource: body, request: { method: 'POST', url: 'Patient' } }]);
  expect(reply.body.entry?.[0]?.response?.outcome?.issue).toEqual(alone.body.issue);
});
