/** What security advisories and code of other servers teach; each test names where it was learned. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import type { Interaction } from '../../../src/core/context.ts';
import { handle } from '../../../src/interactions/handle.ts';
import { Denied, type Rule } from '../../../src/policy/decide.ts';
import { ask, creates, searches, transacts, updates } from '../../world/asks.ts';
import { bundle, call, countsOf, idsIn, made, type Seen } from '../../world/requests.ts';
import { dose, patient, patientWith } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await world();
  ana = await made(w, patientWith('ana', { name: [{ family: 'Anders.on' }] }));
  await made(w, patientWith('bo', { name: [{ family: 'Bo(b' }] }));
});
afterAll(() => w.end());

describe('a query language below the query', () => {
  const OPERATORS = ['$ne', '$gt', '$regex', '$where', '$in', '$exists', '$or', '$expr', '$function'];

  test.each(OPERATORS)(
    'a parameter of the form name[%s] is unknown, and finds nothing (icanbwell #2456)',
    async (operator) => {
      for (const url of [
        `/Patient?identifier[${operator}]=`,
        `/Patient?identifier[${operator}]=x`,
        `/Patient?identifier.${operator}=x`,
        `/Patient?${operator}=x`,
        `/Patient?identifier:${operator}=x`,
      ]) {
        const { status, body } = await call(w, 'GET', encodeURI(url));
        if (status === 200) expect([url, url.endsWith('=')]).toEqual([url, true]);
        else expect([url, status, body.resourceType]).toEqual([url, 400, 'OperationOutcome']);
      }
    },
  );

  test.each(OPERATORS)('a value of {"%s": …} is text (icanbwell #2456)', async (operator) => {
    const value = encodeURIComponent(JSON.stringify({ [operator]: '' }));
    for (const name of ['identifier', 'gender', '_id', 'family:exact', '_tag']) {
      const { status, body } = await call(w, 'GET', `/Patient?${name}=${value}&identifier=ana,bo`);
      expect([name, status === 200 ? body.total : status]).toEqual([name, status === 200 ? 0 : 400]);
    }
    expect([400, 404]).toContain((await call(w, 'GET', `/Patient/${value}`)).status);
  });

  test('operators in a body are refused as what they are: no FHIR (icanbwell #2456)', async () => {
    const before = await countsOf(w);
    for (const body of [
      patient({ gender: { $ne: 'male' } }),
      patient({ $set: { active: true } }),
      patient({ id: { $gt: '' } }),
      patient({ meta: { versionId: { $gt: '' } } }),
      patient({ identifier: [{ value: { $regex: '.*' } }] }),
    ]) {
      expect((await call(w, 'POST', '/Patient', { body })).status).toBe(400);
      expect((await call(w, 'PUT', `/Patient/${ana.id}`, { body: { id: ana.id, ...body } })).status).toBe(
        400,
      );
    }
    const condition = { 'if-none-exist': 'identifier[$ne]=x' };
    expect((await call(w, 'POST', '/Patient', { body: patient(), headers: condition })).status).toBe(400);
    const stale = { 'if-match': '{"$gt":""}' };
    expect((await call(w, 'PUT', `/Patient/${ana.id}`, { body: ana, headers: stale })).status).toBe(412);
    expect(await countsOf(w)).toEqual(before);
  });

  test.each(['.*', 'Anders?on', '^A', 'Anders.on|Bo', '(a+)+$', '[', '(', '\\', 'A{1,9999}'])(
    'a name of %s is text and no pattern (bluehalo)',
    async (value) => {
      const { status, body } = await call(
        w,
        'GET',
        `/Patient?family=${encodeURIComponent(value)}&identifier=ana,bo`,
      );
      const found = status === 200 ? idsIn(body).length : 0;
      expect([400, 200]).toContain(status);
      expect(found).toBeLessThanOrEqual(1);
      if (found === 1)
        expect('Anders.on'.toLowerCase().startsWith(value.toLowerCase().replace(/\W/g, ''))).toBe(true);
    },
  );
});

describe('one way in', () => {
  const closed: Rule = () => ({ deny: 'insufficient_scope' });
  const entry = { resource: patient(), request: { method: 'POST', url: 'Patient' } };
  const patched = { kind: 'json-patch', operations: [{ op: 'add', path: '/active', value: true }] } as const;
  const asks = () =>
    [
      ['read', ask({ interaction: 'read', type: 'Patient', id: ana.id })],
      ['vread', ask({ interaction: 'vread', type: 'Patient', id: ana.id, version: '1' })],
      ['create', creates(patient())],
      ['update', updates({ ...ana, gender: 'male' })],
      ['patch', ask({ interaction: 'patch', type: 'Patient', id: ana.id, body: patched })],
      ['delete', ask({ interaction: 'delete', type: 'Patient', id: ana.id })],
      ['search-type', searches('Patient', ['identifier', 'ana'])],
      ['history-instance', ask({ interaction: 'history-instance', type: 'Patient', id: ana.id })],
      ['history-type', ask({ interaction: 'history-type', type: 'Patient' })],
      ['history-system', ask({ interaction: 'history-system' })],
      ['operation', ask({ interaction: 'operation', type: 'Patient', id: ana.id, operation: 'everything' })],
      ['operation', ask({ interaction: 'operation', type: 'Patient', id: ana.id, operation: 'meta' })],
      ['transaction', transacts(entry)],
    ] as const satisfies readonly (readonly [Interaction, unknown])[];

  test('no interaction gets past the policy, and none leaves anything (LinuxForHealth #4101, medplum #7641)', async () => {
    const before = await countsOf(w);
    for (const [name, asked] of asks()) {
      const fault: unknown = await handle({ ...w.rooms, rules: [closed] }, asked).catch(
        (error: unknown) => error,
      );
      expect([name, fault instanceof Denied]).toEqual([name, true]);
    }
    expect(await countsOf(w)).toEqual(before);
  });

  test('an entry of a Bundle gets past it no more than a request of its own (icanbwell)', async () => {
    const noPatients: Rule = ({ type }) =>
      type === 'Patient' ? { deny: 'insufficient_scope' } : { filter: [] };
    const before = await countsOf(w);
    const rooms = { ...w.rooms, rules: [noPatients] as const };
    await expect(handle(rooms, transacts(entry))).rejects.toBeInstanceOf(Denied);
    expect(await countsOf(w)).toEqual(before);
  });

  test('every interaction leaves its record, allowed or refused (LinuxForHealth #2090)', async () => {
    const { db } = w.services.connection;
    const count = async (): Promise<number> => (await db?.collection('AuditEvent').countDocuments()) ?? 0;
    for (const [name, asked] of asks()) {
      const before = await count();
      await handle({ ...w.rooms, rules: [closed] }, asked).catch(() => undefined);
      expect([name, await count()]).toEqual([name, before + 1]);
    }
  });
});

describe('the outside', () => {
  test('a Bundle’s urls and a request’s Host lead nowhere (bluehalo core; GHSA of the FHIR validator)', async () => {
    const urls = [
      'http://169.254.169.254/latest/meta-data',
      'https://example.org/fhir/Patient/1',
      '//evil/Patient/1',
      'file:///etc/passwd',
    ];
    const { body } = await bundle(
      w,
      'batch',
      urls.map((url) => ({ request: { method: 'GET', url } })),
    );
    for (const { response } of body.entry ?? []) expect(['400', '404']).toContain(response?.status);
  });

  test('lesson 49: links are made of the public base, whatever the headers say (microsoft #5073, #5129)', async () => {
    const headers = {
      host: 'evil.example.org',
      'x-forwarded-host': 'evil.example.org',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example.org',
    };
    const text = await new Promise<string>((done, failed) => {
      request(`${w.url}/Patient?identifier=ana,bo&_count=1`, { headers }, (response) => {
        let all = '';
        response.on('data', (part: Buffer) => (all += part.toString()));
        response.on('end', () => {
          done(all);
        });
      })
        .on('error', failed)
        .end();
    });
    expect(text).toContain(`"url":"${w.url}/Patient?`);
    expect(text).not.toContain('evil');
  });

  test('nothing is fetched for a reference to another server (GHSA of the FHIR validator)', async () => {
    const body = dose(ana.id, { location: { reference: 'http://127.0.0.1:1/Location/1' } });
    expect((await call(w, 'POST', '/Immunization', { body })).status).toBe(201);
  });

  test('no answer is a page, and no narrative has a script (CVE-2019-12741, CVE-2026-62293)', async () => {
    const { headers } = await call(w, 'GET', `/Patient/${ana.id}`, {
      headers: { accept: 'text/html,*/*;q=0.1' },
    });
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
      'application/fhir+json; charset=utf-8',
      'nosniff',
    ]);
    for (const inner of [
      '<script>alert(1)</script>',
      '<img src="x" onerror="alert(1)"/>',
      '<a href="javascript:alert(1)">x</a>',
    ]) {
      const text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>` };
      expect([inner, (await call(w, 'POST', '/Patient', { body: patient({ text }) })).status]).toEqual([
        inner,
        422,
      ]);
    }
  });

  test('XML is refused unread (CVE-2024-45294, CVE-2026-55471)', async () => {
    const body =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Patient>&e;</Patient>';
    for (const type of ['application/fhir+xml', 'application/xml', 'text/xml']) {
      expect((await call(w, 'POST', '/Patient', { body, headers: { 'content-type': type } })).status).toBe(
        415,
      );
    }
  });
});

describe('histories', () => {
  test('a history counts nothing beyond its page, and is ended when it takes too long (CVE-2021-32053)', async () => {
    let counted = 0;
    const store = {
      ...w.rooms.store,
      count: (...args: Parameters<typeof w.rooms.store.count>) => {
        counted += 1;
        return w.rooms.store.count(...args);
      },
    };
    await handle({ ...w.rooms, store }, ask({ interaction: 'history-system', query: [['_count', '2']] }));
    expect(counted).toBe(0);
    const plan = await w.services.connection.db
      ?.collection('Patient_history')
      .find({})
      .sort({ lastUpdated: -1, _id: -1 })
      .explain('queryPlanner');
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
  });

  test('a history has the documents themselves (bluehalo mongo)', async () => {
    const cy = await made(w, patientWith('cy'));
    await call(w, 'PUT', `/Patient/${cy.id}`, { body: { ...cy, gender: 'female' } });
    const { body } = await call(w, 'GET', `/Patient/${cy.id}/_history`);
    expect(body.entry?.map(({ resource }) => resource?.['gender'])).toEqual(['female', 'unknown']);
    // Statuses stand beside the current version alone.
    const { extension: _statuses, ...reported } = cy;
    expect(body.entry?.[1]?.resource).toEqual(reported);
  });
});
