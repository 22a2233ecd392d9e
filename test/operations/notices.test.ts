/** Notices: every change has one, the end of a participation is told in time and once, and each is sent once. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { intoFile, remind, sendAll } from '../../src/participants/outbox.ts';
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

async function sent(name: string): Promise<readonly { to: string; subject: string; text: string }[]> {
  const file = join(folder, name);
  await sendAll(outbox, intoFile(file));
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { to: string; subject: string; text: string });
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

test('what could not be delivered waits, and another try sends it', async () => {
  await outbox.put({ _id: 'one', to: 'account:a', subject: 's', text: 't' });
  const away = (): Promise<void> => Promise.reject(new Error('away'));
  await expect(sendAll(outbox, away)).rejects.toThrow('away');
  expect(await sent('early')).toEqual([]);
  w.clock.advance(601_000);
  expect((await sent('late')).map(({ to }) => to)).toEqual(['account:a']);
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
