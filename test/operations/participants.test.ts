/** Taking part, from the application to the end: who may bring about what, and that it counts from the next request on. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isPassword } from '../../src/auth/passwords.ts';
import { makeFirstManager } from '../../src/participants/begin.ts';
import { RELATIONSHIPS } from '../../src/storage/participants.ts';
import { bearing, enrol, guarded, tokenOf, withScope } from '../auth/bearer.ts';
import type { Reply, Seen } from '../world/requests.ts';
import { organization } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let clinic: Seen;
beforeAll(async () => {
  w = await guarded();
  clinic = (await manager()('POST', '/Organization', { body: organization() })).body;
});
afterAll(() => w.end());

const manager = (): ReturnType<typeof withScope> =>
  withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' });

type Send = ReturnType<typeof withScope>;

function operation(
  send: Send,
  name: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const parameter = Object.entries(parameters).map(([key, valueString]) => ({ name: key, valueString }));
  return send('POST', `/Organization/${clinic.id}/$${name}`, {
    body: { resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) },
  });
}

const stateIn = ({ body }: Reply): unknown =>
  (body['parameter'] as { name: string; valueCode?: string }[] | undefined)?.find(
    ({ name }) => name === 'state',
  )?.valueCode;

/** Asks as a person of the clinic. */
const as = (user: string, role: string, purpose = 'HOPERAT'): Send =>
  bearing(
    w,
    tokenOf(w, {
      ...{ client_id: 'app', sub: user, fhirUser: 'x', role, purpose_of_use: purpose },
      ...{ scope: 'user/*.cruds', organization: clinic.id },
    }),
  );

describe('an organisation and its people', () => {
  test('take part step by step', async () => {
    await enrol(w, { id: 'app', what: 'client' });
    expect(stateIn(await operation(manager(), 'apply', { kind: 'provider' }))).toBe('applied');
    const boss = { account: 'boss', role: 'organization-administrator', person: 'Practitioner/boss' };
    const enrolled = await operation(manager(), 'enroll-person', boss);
    expect([enrolled.status, stateIn(enrolled)]).toEqual([201, 'approved']);
    const send = as('boss', 'organization-administrator');
    const early = await send('GET', `/Organization/${clinic.id}`);
    expect([early.status, early.text.includes('not been accepted')]).toEqual([403, true]);
    expect(stateIn(await operation(manager(), 'approve'))).toBe('approved');
    const self = { account: 'boss', version: '2026' };
    expect(stateIn(await operation(send, 'accept-agreement', self))).toBe('agreed');
    expect(stateIn(await operation(manager(), 'confirm-training', { account: 'boss' }))).toBe('active');
    // The person is ready, its organisation is not.
    expect((await send('GET', `/Organization/${clinic.id}`)).status).toBe(403);
    expect(stateIn(await operation(send, 'accept-agreement', { version: '2026' }))).toBe('active');
    expect((await send('GET', `/Organization/${clinic.id}`)).status).toBe(200);
  });

  test('are enrolled by their administrator, in roles that are its to give', async () => {
    const boss = as('boss', 'organization-administrator');
    const nurse = { account: 'nurse', role: 'provider', person: 'Practitioner/nurse' };
    expect((await operation(boss, 'enroll-person', nurse)).status).toBe(201);
    const twice = await operation(boss, 'enroll-person', { ...nurse, account: 'nurse-again' });
    expect([twice.status, twice.text.includes('one account')]).toEqual([409, true]);
    const grand = { account: 'grand', role: 'registry-manager', person: 'Practitioner/grand' };
    expect((await operation(boss, 'enroll-person', grand)).status).not.toBe(201);
    const client = { client: 'program', role: 'provider', 'jwks-uri': 'https://clinic.example.org/jwks' };
    expect((await operation(boss, 'enroll-client', client)).status).toBe(403);
    const inner = { ...client, 'jwks-uri': 'https://169.254.169.254/jwks' };
    expect((await operation(manager(), 'enroll-client', inner)).status).toBe(400);
    expect((await operation(manager(), 'enroll-client', client)).status).toBe(201);
    const app = { client: 'chart-app', 'redirect-uri': 'https://clinic.example.org/callback' };
    expect((await operation(boss, 'enroll-client', app)).status).toBe(403);
    expect((await operation(manager(), 'enroll-client', { ...app, role: 'provider' })).status).toBe(422);
    expect((await operation(manager(), 'enroll-client', app)).status).toBe(201);
  });

  test('do not manage themselves beyond what is theirs', async () => {
    const nurse = as('nurse', 'provider');
    expect(stateIn(await operation(nurse, 'accept-agreement', { account: 'nurse', version: '2026' }))).toBe(
      'agreed',
    );
    for (const name of ['confirm-training', 'suspend', 'end-participation']) {
      const given = { account: 'nurse', reason: 'x', investigation: 'Task/1' };
      const used = name === 'suspend' ? given : { account: 'nurse' };
      expect([name, (await operation(nurse, name, used)).status]).toEqual([name, 403]);
    }
    const boss = as('boss', 'organization-administrator');
    expect(stateIn(await operation(boss, 'confirm-training', { account: 'nurse' }))).toBe('active');
    expect((await nurse('GET', `/Organization/${clinic.id}`)).status).toBe(200);
  });
});

test('who stands for nobody but a person is enrolled by the registry, not by a clinic', async () => {
  const mother = { account: 'mum', role: 'guardian', person: 'RelatedPerson/mum' };
  const boss = as('boss', 'organization-administrator');
  expect((await operation(boss, 'enroll-person', mother)).status).toBe(403);
  expect((await operation(manager(), 'enroll-person', mother)).status).toBe(201);
  expect(stateIn(await operation(manager(), 'participation', { account: 'mum' }))).toBe('approved');
  expect((await operation(boss, 'participation', { account: 'mum' })).status).toBe(403);
});

test('the registry sees its queues and the record of accesses under its own purpose, and browses no people', async () => {
  for (const path of ['/Task', '/AuditEvent?_count=1', '/Group']) {
    expect([path, (await manager()('GET', path)).status]).toEqual([path, 200]);
  }
  for (const path of ['/Patient', '/Patient?family=x', '/Patient/_history']) {
    expect([path, (await manager()('GET', path)).status]).toEqual([path, 403]);
  }
});

test('the first manager of a store goes the way of all participants, and can then approve others', async () => {
  const first = {
    registry: 'State Registry',
    account: 'root',
    given: 'Ada',
    family: 'First',
    version: '2026',
  };
  const registry = await makeFirstManager(w.rooms.handle, first);
  const send = bearing(
    w,
    tokenOf(w, {
      ...{
        client_id: 'app',
        sub: 'root',
        fhirUser: 'x',
        role: 'registry-manager',
        purpose_of_use: 'REGOPER',
      },
      ...{ scope: 'user/*.cruds', organization: registry },
    }),
  );
  expect((await send('GET', `/Organization/${registry}`)).status).toBe(200);
  expect(stateIn(await operation(send, 'participation', { account: 'boss' }))).toBe('active');
  await expect(makeFirstManager(w.rooms.handle, first)).rejects.toThrow(/already/);
  expect(await isPassword('', '')).toBe(false);
});

describe('a suspension', () => {
  const misuse = { account: 'nurse', reason: 'browsing', investigation: 'Task/1' };

  test('counts from the next request on, on every node, for tokens that are out', async () => {
    const other = await guarded({ beside: w });
    const nurse = as('nurse', 'provider');
    expect((await nurse('GET', `/Organization/${clinic.id}`)).status).toBe(200);
    expect(stateIn(await operation(withScope(other, 'system/*.cruds'), 'suspend', misuse))).toBe('suspended');
    const after = await nurse('GET', `/Organization/${clinic.id}`);
    expect([after.status, after.text.includes('suspended')]).toEqual([403, true]);
    await other.end();
  });

  test('is ended by a registry manager alone, with a reason', async () => {
    const boss = as('boss', 'organization-administrator');
    expect((await operation(boss, 'reinstate', { account: 'nurse', reason: 'x' })).status).toBe(403);
    expect((await operation(manager(), 'reinstate', { account: 'nurse' })).status).toBe(422);
    expect(stateIn(await operation(manager(), 'reinstate', { account: 'nurse', reason: 'cleared' }))).toBe(
      'active',
    );
  });

  test('of an organisation is one of all its people and programs', async () => {
    await operation(manager(), 'suspend', { reason: 'poor data', investigation: 'Task/2' });
    expect((await as('nurse', 'provider')('GET', `/Organization/${clinic.id}`)).status).toBe(403);
    await operation(manager(), 'reinstate', { reason: 'data are better' });
    expect((await as('nurse', 'provider')('GET', `/Organization/${clinic.id}`)).status).toBe(200);
  });
});

describe('time', () => {
  test('lets what is not used be inactive until a request was reviewed', async () => {
    w.clock.advance(91 * 86_400_000);
    const nurse = as('nurse', 'provider');
    const idle = await nurse('GET', `/Organization/${clinic.id}`);
    expect([idle.status, idle.text.includes('reviewed')]).toEqual([403, true]);
    await enrol(w, { id: 'tester', what: 'client', role: 'registry-manager' });
    expect((await operation(manager(), 'reactivate', { account: 'nurse' })).status).toBe(422);
    expect((await operation(nurse, 'request-reactivation', { account: 'nurse' })).status).toBe(200);
    expect(stateIn(await operation(manager(), 'reactivate', { account: 'nurse' }))).toBe('active');
    await enrol(w, { id: 'app', what: 'client' });
    expect((await nurse('GET', `/Organization/${clinic.id}`)).status).toBe(200);
  });
});

test('every change is a fact beside its record', async () => {
  const { db } = w.services.connection;
  const changes = (await db
    ?.collection('participant_changes')
    .find({ participant: 'account:nurse' })
    .toArray()) as unknown as { change: string; state: string }[];
  expect(changes.map(({ change, state }) => `${change}: ${state}`)).toEqual([
    'enroll-person: approved',
    'accept-agreement: agreed',
    'confirm-training: active',
    'suspend: suspended',
    'reinstate: active',
    'request-reactivation: inactive',
    'reactivate: active',
  ]);
  const events = await db
    ?.collection('AuditEvent')
    .find({ json: /\$?suspend/ })
    .toArray();
  expect(events?.length).toBeGreaterThan(0);
  expect(await db?.collection(RELATIONSHIPS).countDocuments()).toBe(0);
});
