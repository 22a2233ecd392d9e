/** One real MongoDB for all tests; each world has a database of its own on it. */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startThrowAway } from '../../src/storage/embedded/throw-away.ts';
import { RUN_VARIABLE } from './database.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export default async function setUp(): Promise<void> {
  process.env[RUN_VARIABLE] = randomUUID().slice(0, 8);
  if (process.env['TEST_MONGODB_URI']) return;
  const { MONGOD_BINARY: binary, CACHE_DIR: cacheDir = join(homedir(), '.cache', 'fhir-iis') } = process.env;
  const embedded = await startThrowAway({
    cacheDir,
    cacheMb: 256,
    ...(binary && { binary }),
    log: silent,
    say: (line) => {
      console.log(line);
    },
  });
  process.env['TEST_MONGODB_URI'] = embedded.uri;
  Object.assign(globalThis, { testDatabase: embedded });
}
