/** Patient/$match: who on file may be the person described, for this caller. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { guarded, withScope } from '../auth/bearer.ts';
import { brother, maya, mayaAgain, unclear } from '../interactions/placing/people.ts';
import { call, idsIn, made, type Seen } from '../world/requests.ts';
import { world, type World } from '../world/world.ts';

let w: World;
let other: World;
let known: Seen;
const ssn = { system: 'http://hl7.org/fhir/sid/us-ssn', value: '123-45-6789' };
beforeAll(async () => {
  w = await world();
  known = await made(w, maya());
  await made(w, brother({ identifier: [ssn] }));
  other = await guarded({ beside: w });
});
afterAll(async () => {
  await other.end();
  await w.end();
});

const parameters = (resource: object | undefined, more: readonly object[] = []): object => ({
  resourceType: 'Parameters',
  parameter: [...(resource === undefined ? [] : [{ name: 'resource', resource }]), ...more],
});
const match = (resource: object | undefined, ...more: object[]) =>
  call(w, 'POST', '/Patient/$match', { body: parameters(resource, more) });
const CERTAIN = { name: 'onlyCertainMatches', valueBoolean: true };

test('says who it is, with a score and the grade of FHIR', async () => {
  const { status, body } = await match(mayaAgain());
  expect(status).toBe(200);
  expect(body).toMatchObject({ type: 'searchset', total: 1 });
  const [entry] = body.entry ?? [];
  expect(entry?.resource).toEqual(known);
  expect(entry?.search).toMatchObject({
    mode: 'match',
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/match-grade', valueCode: 'certain' }],
  });
  expect((entry?.search as unknown as { score: number }).score).toBeGreaterThan(0.99);
});

test('a client of FHIR asks it', async () => {
  const fhir = new Client({ baseUrl: w.url });
  const answer = await fhir.operation({
    name: 'match',
    resourceType: 'Patient',
    input: parameters(mayaAgain()) as Record<string, never>,
  });
  expect(idsIn(answer as unknown as Seen)).toEqual([known.id]);
});

describe('with onlyCertainMatches', () => {
  test('what is likely only is left out', async () => {
    const { body } = await match(unclear());
    expect(body.entry?.[0]?.search).toMatchObject({ extension: [{ valueCode: 'possible' }] });
    expect((await match(unclear(), CERTAIN)).body.total).toBe(0);
    expect(idsIn((await match(mayaAgain(), CERTAIN)).body)).toEqual([known.id]);
  });

  test('of two that it could be, neither is told', async () => {
    const twice = await made(w, maya());
    expect((await match(maya())).body.total).toBe(2);
    expect((await match(maya({ identifier: undefined }), CERTAIN)).body.total).toBe(0);
    await call(w, 'DELETE', `/Patient/${twice.id}`);
  });
});

test('at most as many as asked for, the likeliest first', async () => {
  const { body } = await match(maya({ birthDate: undefined }), { name: 'count', valueInteger: 0 });
  expect([body.total === 0, body.entry]).toEqual([false, undefined]);
});

test('nobody like that is an empty answer', async () => {
  const { body } = await match({ resourceType: 'Patient', name: [{ family: 'Nobody' }] });
  expect(body).toMatchObject({ total: 0 });
});

test('a social security number finds, and is told to nobody', async () => {
  const { body, text } = await match({
    resourceType: 'Patient',
    identifier: [ssn],
    name: [{ family: 'Okonkwo-Reyes' }],
  });
  expect(body.total).toBe(1);
  expect(text).not.toContain('6789');
});

test.each([
  ['another type than Parameters', { resourceType: 'Parameters' }, 422],
  ['another type', { resourceType: 'Practitioner' }, 422],
  ['what cannot be read', { resourceType: 'Patient', name: 'Maya' }, 400],
])('%s is refused', async (_what, resource, status) => {
  expect((await match(resource)).status).toBe(status);
});

test('a parameter that it does not have is refused', async () => {
  expect((await match(maya(), { name: 'fuzzy', valueBoolean: true })).status).toBe(400);
});

describe('for callers with tokens', () => {
  const asked = (scope: string) =>
    withScope(other, scope)('POST', '/Patient/$match', { body: parameters(mayaAgain()) });

  test('it is a search of people', async () => {
    expect((await asked('system/Patient.s')).body.total).toBe(1);
    expect((await asked('system/Patient.cru')).status).toBe(403);
    expect((await asked('system/Immunization.rs')).status).toBe(403);
  });

  test('it finds whom a search would find, and nobody else', async () => {
    expect((await asked('system/Patient.rs?gender=female')).body.total).toBe(1);
    expect((await asked('system/Patient.rs?gender=male')).body.total).toBe(0);
  });
});
