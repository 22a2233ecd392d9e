/** Notices: every change has one, the end of a participation is told in time and once, and each is sent once. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { intoFile, remind, sendAll, Undelivered, type Deliver } from '../../src/participants/outbox.ts';
import { sendingOf } from '../../src/notices.ts';
import { outboxOf, type Outbox } from '../../src/storage/outbox.ts';
import { enrol, guarded, withScope } from '../auth/bearer.ts';
import { organization } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let folder = '';
let outbox: Outbox;
beforeAll(async () => {
  w = await guarded();
  folder = await mkdtemp(join(tmpdir(), 'fhir-iis-outbox-'));
  outbox = outboxOf(w.services.connection, w.rooms.now);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await w.end();
});

const sendBy = (deliver: Deliver): Promise<void> => sendAll(sendingOf(w.services, deliver));

interface Line {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly address?: string;
}

async function sent(name: string): Promise<readonly Line[]> {
  const file = join(folder, name);
  await sendBy(intoFile(file));
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

test('a change is told to the participant, who learns what to do, once', async () => {
  const send = withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' });
  const { body } = await send('POST', '/Organization', { body: organization() });
  const parameters = { resourceType: 'Parameters', parameter: [{ name: 'kind', valueCode: 'school' }] };
  const applied = await send('POST', `/Organization/${body.id}/$apply`, { body: parameters });
  expect(applied.status).toBe(201);
  const [notice, ...more] = await sent('changes');
  expect([notice?.to, more]).toEqual([`organization:${body.id}`, []]);
  expect(notice?.text).toContain('waits for approval');
  expect(await sent('again')).toEqual([]);
  expect((await stat(join(folder, 'changes'))).mode & 0o077).toBe(0);
});

test('what could not be delivered waits, ever longer, and another try sends it', async () => {
  await outbox.put({ _id: 'one', to: 'account:a', subject: 's', text: 't' });
  let tries = 0;
  const away: Deliver = () => {
    tries += 1;
    return Promise.reject(new Undelivered('server'));
  };
  await sendBy(away);
  await sendBy(away);
  expect(tries).toBe(1);
  w.clock.advance(61_000);
  await sendBy(away);
  w.clock.advance(61_000);
  expect([await sent('early'), tries]).toEqual([[], 2]);
  w.clock.advance(60_000);
  expect((await sent('late')).map(({ to }) => to)).toEqual(['account:a']);
});

test('what was begun and never told of is not sent again, and is put before the staff', async () => {
  await outbox.put({ _id: 'lost', to: 'organization:river', subject: 'A subject', text: 't' });
  const dies = new Error('the process ended');
  await expect(sendBy(() => Promise.reject(dies))).rejects.toBe(dies);
  w.clock.advance(601_000);
  expect(await sent('twice')).toEqual([]);
  const { body } = await withScope(w, 'system/*.cruds')('GET', '/Task?code=notice-undelivered');
  expect(body.entry?.map(({ resource }) => resource?.['focus'])).toEqual([
    { reference: 'Organization/river' },
  ]);
  expect(await outbox.counts()).toEqual({ waiting: 0, dead: 1 });
  expect(await outbox.again()).toBe(1);
  expect((await sent('again-after')).map(({ to }) => to)).toEqual(['organization:river']);
});

test('a contact counts when the code that went to it comes back', async () => {
  const send = withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' });
  const { body } = await send('POST', '/Organization', { body: organization() });
  const ask = (operation: string, parameters: Readonly<Record<string, string>>) =>
    send('POST', `/Organization/${body.id}/$${operation}?${new URLSearchParams(parameters).toString()}`);
  expect((await ask('apply', { kind: 'school', email: 'Office <x@y.example>' })).status).toBe(400);
  expect((await ask('apply', { kind: 'school', email: 'office@school.example.org' })).status).toBe(201);
  const [applied, asks] = await sent('asks');
  expect([applied?.address, asks?.address]).toEqual([undefined, 'office@school.example.org']);
  const code = /code (\S{12}) /.exec(asks?.text ?? '')?.[1] ?? '';
  expect((await ask('confirm-contact', { code: 'AAAAAAAAAAAA' })).status).toBe(422);
  expect((await ask('confirm-contact', { code })).status).toBe(200);
  expect((await ask('confirm-contact', { code })).status).toBe(422);
  await ask('set-contact', { email: 'other@school.example.org' });
  const later = await sent('later');
  expect(later.map(({ address }) => address)).toEqual([
    'office@school.example.org',
    'office@school.example.org',
    'other@school.example.org',
  ]);
});

test('the end of a participation is told once, thirty days before', async () => {
  await enrol(w, { id: 'clinic-app', what: 'client', role: 'provider', organization: 'clinic' });
  const day = (days: number): string =>
    new Date(w.rooms.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
  await remind(outbox, day(300));
  expect(await sent('too-early')).toEqual([]);
  await remind(outbox, day(340));
  await remind(outbox, day(341));
  const told = (await sent('due')).filter(({ to }) => to === 'client:clinic-app');
  expect(told.map(({ text }) => text.includes('$renew'))).toEqual([true]);
});
