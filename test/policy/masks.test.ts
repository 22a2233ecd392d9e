/** What a mask hides is shown by no surface, and can be neither asked by, sorted by, followed nor tested. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Rule } from '../../src/policy/decide.ts';
import { bundle, call, idsIn, made, type Reply, type Seen, type Sent } from '../world/requests.ts';
import { dose, organization, patient } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';

const HIDDEN: Readonly<Record<string, readonly string[]>> = {
  Patient: ['address', 'birthDate', 'identifier', 'managingOrganization'],
  Immunization: ['lotNumber', 'occurrence', 'performer'],
};
const hides: Rule = ({ type }) => ({ hides: HIDDEN[type ?? ''] ?? [] });

/** The open world, and the same server under the mask. */
let open: World;
let w: World;
const NONE = {} as Seen;
let [clinic, ana, shot] = [NONE, NONE, NONE];

beforeAll(async () => {
  open = await world();
  w = await world({ beside: open });
  Object.assign(w.rooms, { rules: [hides] });
  clinic = await made(open, organization());
  ana = await made(
    open,
    patient({
      identifier: [{ system: 'urn:mrn', value: 'HIDDEN-1' }],
      address: [{ city: 'HIDDEN-2' }],
      birthDate: '2015-03-01',
      managingOrganization: { reference: `Organization/${clinic.id}` },
      contained: [{ resourceType: 'Organization', id: 'inner', name: 'HIDDEN-3' }],
      generalPractitioner: [{ reference: '#inner' }],
    }),
  );
  shot = await made(
    open,
    dose(ana.id, {
      lotNumber: 'HIDDEN-4',
      performer: [{ actor: { reference: `Organization/${clinic.id}` } }],
    }),
  );
});
afterAll(async () => {
  await w.end();
  await open.end();
});

const get = (path: string, sent: Sent = {}): Promise<Reply> => call(w, 'GET', path, sent);
const SECRET = /HIDDEN|2015-03-01|occurrenceDateTime/;

describe('what is hidden', () => {
  test.each([
    ['read', () => `/Patient/${ana.id}`],
    ['vread', () => `/Patient/${ana.id}/_history/1`],
    ['history of one', () => `/Patient/${ana.id}/_history`],
    ['history of a type', () => '/Immunization/_history'],
    ['history of the system', () => '/_history'],
    ['search', () => '/Patient?family=markovic'],
    ['search of some elements', () => '/Patient?_elements=birthDate,identifier'],
    ['summary', () => '/Patient?_summary=true'],
    ['include', () => `/Immunization?_id=${shot.id}&_include=Immunization:patient`],
    ['revinclude', () => `/Patient?_id=${ana.id}&_revinclude=Immunization:patient`],
    ['compartment', () => `/Patient/${ana.id}/Immunization`],
    ['whole record', () => `/Patient/${ana.id}/$everything`],
  ])('is not shown by a %s', async (_name, path) => {
    expect((await call(open, 'GET', path())).text).toContain(ana.id);
    const { status, text } = await get(path());
    expect([status, SECRET.exec(text)]).toEqual([200, null]);
    expect(text).toContain('SUBSETTED');
  });

  test('is not shown by a batch or a transaction', async () => {
    const entry = [{ request: { method: 'GET', url: `Patient/${ana.id}` } }];
    for (const type of ['batch', 'transaction']) {
      const { status, text } = await bundle(w, type, entry);
      expect([status, SECRET.exec(text), text.includes(ana.id)]).toEqual([200, null, true]);
    }
  });

  test('is not shown by a create whose condition finds it', async () => {
    const sent = { body: patient(), headers: { 'if-none-exist': 'family=markovic' } };
    const { status, text } = await call(w, 'POST', '/Patient', sent);
    expect([status, SECRET.exec(text)]).toEqual([200, null]);
  });

  test('takes references to what was contained with it', async () => {
    const { body } = await get(`/Patient/${ana.id}`);
    expect([body['contained'], body['generalPractitioner']]).toEqual([undefined, undefined]);
    expect(body['gender']).toBe('unknown');
  });
});

describe('by what is hidden nobody', () => {
  test.each([
    ['searches', '/Patient?birthdate=2015-03-01'],
    ['searches with a modifier', '/Patient?family=markovic&identifier:missing=false'],
    ['searches a part', '/Patient?address-city=HIDDEN-2'],
    ['sorts', '/Patient?_sort=birthdate'],
    ['chains', '/Immunization?patient.birthdate=2015-03-01'],
    ['chains through', '/Patient?organization.name=Riverside'],
    ['asks backwards', '/Patient?family=markovic&_has:Immunization:patient:lot-number=HIDDEN-4'],
    ['includes', '/Patient?family=markovic&_include=Patient:organization'],
    ['includes backwards', '/Organization?_revinclude=Patient:organization'],
  ])('%s', async (_name, path) => {
    expect((await call(open, 'GET', path)).status).toBe(200);
    const { status, text } = await get(path);
    expect([status, SECRET.exec(text.replaceAll(/"diagnostics":"[^"]*"/g, ''))]).toEqual([400, null]);
  });

  test('searches leniently either: the criterion is left out, and said to be', async () => {
    const sent = { headers: { prefer: 'handling=lenient' } };
    const { body } = await get('/Patient?family=markovic&birthdate=1900-01-01', sent);
    expect(idsIn(body)).toContain(ana.id);
    expect(body.link?.[0]?.url).not.toContain('birthdate');
  });

  test('is put in order, though the type has an order of its own', async () => {
    const { status, body } = await get(`/Immunization?patient=${ana.id}`);
    expect([status, idsIn(body)]).toEqual([200, [shot.id]]);
  });

  test('makes a create conditional', async () => {
    const sent = { body: patient(), headers: { 'if-none-exist': 'birthdate=2015-03-01' } };
    expect((await call(w, 'POST', '/Patient', sent)).status).toBe(400);
  });

  test('writes over what is hidden, or tests it', async () => {
    const put = await call(w, 'PUT', `/Patient/${ana.id}`, { body: patient({ id: ana.id }) });
    const patched = await call(w, 'PATCH', `/Patient/${ana.id}`, {
      body: JSON.stringify([{ op: 'test', path: '/birthDate', value: '2015-03-01' }]),
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect([put.status, patched.status]).toEqual([403, 403]);
  });
});
