import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowAway } from '../../../src/storage/embedded/throw-away.ts';
import { connected, emptyDirectory, hasGone, mongodPath, silent } from './place.ts';

const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

test('a throw-away MongoDB leaves nothing behind, and takes away what a killed one left', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  const abandoned = join(root, `fhir-iis-throw-away-${dead.pid ?? 0}-abcdef`);
  await mkdir(abandoned);
  const cacheDir = await emptyDirectory();
  const options = { cacheDir, binary: await mongodPath(), cacheMb: 256, log: silent };
  const [one, two] = await Promise.all([startThrowAway(options), startThrowAway(options)]);
  await connected(one.uri, (client) => client.db().collection('doses').insertOne({ lot: 'A1' }));
  expect(await connected(two.uri, (client) => client.db().collection('doses').countDocuments())).toBe(0);
  await Promise.all([one.stop(), two.stop()]);
  expect(await hasGone(one.pid)).toBe(true);
  expect(existsSync(abandoned)).toBe(false);
});
