import { afterAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { clear, dataFolder, PROGRAM, send, settings, start } from './server.ts';

afterAll(clear);

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** Runs the program on a folder of data, as an operator does. */
async function run(dataDir: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: await settings(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

const person = {
  resourceType: 'Patient',
  identifier: [{ system: 'http://hl7.org/fhir/sid/us-ssn', value: '123-45-6789' }],
  name: [{ family: 'Žužek', given: ['Ana'] }],
  birthDate: '2024-03-01',
};
const search = { 'Content-Type': 'application/x-www-form-urlencoded' };

test('a stopped server is backed up and restored into another place, where everything reads the same', async () => {
  const [dataDir, other, backups] = [await dataFolder(), await dataFolder(), await dataFolder()];
  const target = join(backups, 'b.tar');
  const server = await start(dataDir);
  const id = String((await send(server, 'POST', '/Patient', { body: person }))?.body['id']);
  const update = {
    ...person,
    id,
    identifier: [{ ...person.identifier[0], value: '***-**-****' }],
    gender: 'female',
  };
  expect((await send(server, 'PUT', `/Patient/${id}`, { body: update }))?.status).toBe(200);
  const read = await send(server, 'GET', `/Patient/${id}`);
  const first = await send(server, 'GET', `/Patient/${id}/_history/1`);
  expect(await run(dataDir, 'backup', target)).toMatchObject({
    code: 1,
    said: expect.stringContaining('in use by a server'),
  });
  server.process.kill('SIGINT');
  await server.ended;
  expect(await run(dataDir, 'backup', '--with-keys', target)).toMatchObject({
    code: 0,
    said: expect.stringContaining('WARNING'),
  });
  expect(await run(other, 'restore', target)).toMatchObject({
    code: 0,
    said: expect.stringContaining('Restored'),
  });
  expect(await run(other, 'rotate-keys')).toMatchObject({
    code: 0,
    said: expect.stringContaining('master-0001.key may go'),
  });
  const restored = await start(other);
  expect(await send(restored, 'GET', `/Patient/${id}`)).toEqual(read);
  expect(await send(restored, 'GET', `/Patient/${id}/_history/1`)).toEqual(first);
  const body = new URLSearchParams({ identifier: 'http://hl7.org/fhir/sid/us-ssn|123456789' });
  const found = await send(restored, 'POST', '/Patient/_search', { form: body.toString(), headers: search });
  expect(found?.body['entry']).toMatchObject([{ resource: { id } }]);
  expect(await run(other, 'restore', target)).toMatchObject({ code: 1 });
  restored.process.kill('SIGINT');
  expect(await restored.ended).toBe(0);
}, 120_000);
