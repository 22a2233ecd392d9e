/** The one builder of worlds: a server of its own on a database of its own, with a clock and keys that are fixed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { appOf, FHIR_PATH } from '../../src/app.ts';
import { openGate, type Auth, type Gate } from '../../src/auth/gate.ts';
import type { Log } from '../../src/core/log.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import type { Pack } from '../../src/jurisdictions/pack.ts';
import type { Rooms } from '../../src/interactions/rooms.ts';
import { openServices, saidOf, type Services } from '../../src/services.ts';
import { secretsOf } from '../../src/storage/secrets.ts';
import { emptyDatabase, newDatabase, type Database } from './database.ts';

/** A clock that stands still until a test moves it. */
export interface TestClock {
  readonly now: () => Date;
  set(instant: string): void;
  advance(milliseconds: number): void;
}

export function clockAt(instant: string): TestClock {
  let time = new Date(instant).getTime();
  return {
    now: () => new Date(time),
    set: (next) => {
      time = new Date(next).getTime();
    },
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** What a server logged, for tests of what it must not log. */
export interface Logged {
  readonly level: string;
  readonly facts: unknown;
  readonly message: string;
}

export interface World {
  readonly services: Services;
  readonly rooms: Rooms;
  readonly gate: Gate;
  readonly clock: TestClock;
  readonly logged: readonly Logged[];
  /** Base of the FHIR endpoint of a listening server. */
  readonly url: string;
  /** Requests against the FHIR endpoint: `world.fhir.get('/Patient/1')`. */
  readonly fhir: ReturnType<typeof supertest.agent>;
  /** Requests against the root of the server. */
  readonly root: ReturnType<typeof supertest.agent>;
  readonly end: () => Promise<void>;
}

/** What is on a database: a world, or all that a process of its own knows of one. */
export interface OnDatabase {
  readonly services: { readonly connection: { readonly name: string } };
}

export interface WorldOptions {
  /** The time it is; by default a Sunday in November 2026. */
  readonly at?: string;
  /** `system`: real time, for tests of what happens at once. */
  readonly clock?: 'fixed' | 'system';
  /** The port to listen on; a free one where not given. */
  readonly port?: number;
  readonly bodyLimit?: number;
  readonly bundleEntries?: number;
  /** Who vouches for callers; by default nobody, and everybody may do everything. */
  readonly auth?: Auth;
  /** The jurisdiction pack; by default the sandbox's. */
  readonly jurisdiction?: string;
  /** Another server on the database of this one. */
  readonly beside?: OnDatabase;
  /** `new`: a database that nobody else will have, for tests that change collections and indexes themselves. */
  readonly database?: 'new';
}

async function databaseFor({ beside, database }: WorldOptions): Promise<Database> {
  if (beside === undefined) return database === 'new' ? newDatabase() : emptyDatabase();
  return { name: beside.services.connection.name, leave: () => Promise.resolve() };
}

const KEY = { name: '0001', bytes: Buffer.alloc(32, 7) };

/** Builds a world; every test file ends what it built. */
export async function world(options: WorldOptions = {}): Promise<World> {
  const clock = clockAt(options.at ?? '2026-11-22T12:00:00.000Z');
  const logged: Logged[] = [];
  const database = await databaseFor(options);
  const server = createServer();
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}${FHIR_PATH}`;
  const { auth = { mode: 'none' } } = options;
  const services = await openServices({
    uri: process.env['TEST_MONGODB_URI'] ?? '',
    database: database.name,
    secrets: secretsOf([KEY]),
    baseUrl: url,
    bundleEntries: options.bundleEntries ?? 500,
    pack: packOf(options),
    log: logInto(logged),
    ...saidOf(auth.mode, url),
    ...(options.clock !== 'system' && { now: clock.now }),
  });
  const gate = await openGate(auth, services);
  const bodyLimit = options.bodyLimit ?? 4_000_000;
  server.on('request', appOf(services, { gate, corsOrigins: ['*'], bodyLimit }));
  return {
    services,
    rooms: services.rooms,
    gate,
    clock,
    logged,
    url,
    fhir: supertest.agent(url),
    root: supertest.agent(origin),
    end: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await services.close();
      await database.leave();
    },
  };
}

const packOf = ({ jurisdiction = 'sandbox' }: WorldOptions): Pack => loadPack(jurisdiction);

function logInto(logged: Logged[]): Log {
  const at = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    logged.push({ level, facts, message });
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
