/** A server with a sandbox of its own, for the validator to read. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OPEN } from '../../src/auth/gate.ts';
import { appOf, FHIR_PATH } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { publishOwn } from '../../src/interactions/publish.ts';
import type { Rooms } from '../../src/interactions/rooms.ts';
import { load } from '../../src/sandbox/load.ts';
import { sendingTo } from '../../src/sandbox/send.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import { openServices, type Services } from '../../src/services.ts';
import { startThrowAway } from '../../src/storage/embedded/throw-away.ts';
import { secretsOf } from '../../src/storage/secrets.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const KEY = { name: '0001', bytes: Buffer.alloc(32, 7) };

export interface Sandbox {
  /** Base of the FHIR endpoint. */
  readonly url: string;
  readonly types: readonly string[];
  readonly rooms: Rooms;
  readonly services: Services;
  readonly stop: () => Promise<void>;
}

/** Starts it and fills it with so many people. */
export async function sandboxOf(people: number): Promise<Sandbox> {
  const { CACHE_DIR, MONGOD_CACHE_MB, MONGOD_BINARY } = readConfig();
  const database = await startThrowAway({
    cacheDir: CACHE_DIR,
    cacheMb: MONGOD_CACHE_MB,
    ...(MONGOD_BINARY !== undefined && { binary: MONGOD_BINARY }),
    log: silent,
    say: () => undefined,
  });
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${FHIR_PATH}`;
  const services = await openServices({
    uri: database.uri,
    database: 'validator',
    secrets: secretsOf([KEY]),
    baseUrl: url,
    pack: loadPack('sandbox'),
    bundleEntries: 500,
    log: silent,
  });
  const { rooms } = services;
  server.on('request', appOf(services, { gate: OPEN, corsOrigins: ['*'], bodyLimit: 8_000_000 }));
  await publishOwn(rooms);
  const today = rooms.now().toISOString().slice(0, 10);
  if (people > 0) await load({ seed: 1, people, today, send: sendingTo(rooms) });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await services.close();
    await database.stop();
  };
  return { url, types: [...rooms.catalog.keys()], rooms, services, stop };
}
