/** The wiring: from settings to the rooms that every request passes, built once and passed as arguments. */
import { recording } from './audit/record.ts';
import { catalog } from './catalog/index.ts';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import type { Answer, Ask } from './core/context.ts';
import { idsFrom } from './core/id.ts';
import type { Log } from './core/log.ts';
import { handle } from './interactions/handle.ts';
import { storedForm } from './interactions/prepare.ts';
import type { Rooms } from './interactions/rooms.ts';
import { turns } from './interactions/turns.ts';
import { operations } from './operations/index.ts';
import { allow } from './policy/rules/allow.ts';
import { appender } from './storage/append.ts';
import { connect, isConnected, type Connection } from './storage/connect.ts';
import { prepareCollections } from './storage/indexes.ts';
import { readKeyring } from './storage/keyring.ts';
import { mongoStore } from './storage/mongo-store.ts';
import { secretsOf, sealingOf, type Secrets } from './storage/secrets.ts';

/** What a server runs on; `close` leaves nothing open. */
export interface Services {
  readonly rooms: Rooms;
  readonly connection: Connection;
  readonly isReady: () => boolean;
  readonly close: () => Promise<void>;
}

/** Totals beyond this are not counted. */
const TOTAL_MAX = 1_000_000;
const INCLUDED_MAX = 1000;

/** What differs from one server to another. */
export interface Wiring {
  readonly uri: string;
  readonly database: string;
  readonly secrets: Secrets;
  readonly baseUrl: string;
  readonly bundleEntries: number;
  readonly log: Log;
  readonly now?: () => Date;
}

/** The wiring that the settings ask for. */
export function wiringOf(config: Config, uri: string, baseUrl: string, log: Log): Wiring {
  const secrets = secretsOf(readKeyring(config.KEYS_DIR));
  return {
    uri,
    database: config.MONGODB_DATABASE,
    secrets,
    baseUrl,
    bundleEntries: config.BUNDLE_ENTRIES,
    log,
  };
}

/** Connects, makes what collections and indexes are missing, and builds the rooms. */
export async function openServices(wiring: Wiring): Promise<Services> {
  const connection = await connect(wiring.uri, wiring.database);
  await prepareCollections(connection, catalog);
  return {
    rooms: roomsOf(wiring, connection),
    connection,
    isReady: () => isConnected(connection),
    close: () => connection.close(),
  };
}

function roomsOf(wiring: Wiring, connection: Connection): Rooms {
  const { secrets, baseUrl, log, now = systemClock } = wiring;
  const newId = idsFrom(now);
  const rooms: Rooms = {
    catalog,
    store: mongoStore(connection, catalog),
    rules: [allow],
    record: recording({
      now,
      newId,
      stored: (event) =>
        storedForm({ catalog, secrets, baseUrl }, event, {
          id: event.id ?? newId(),
          version: 1,
          lastUpdated: new Date(event.recorded),
        }),
      append: appender(connection, 'AuditEvent'),
    }),
    secrets,
    cursors: sealingOf(secrets, 'page'),
    now,
    newId,
    log,
    baseUrl,
    limits: { entries: wiring.bundleEntries, total: TOTAL_MAX, included: INCLUDED_MAX },
    operations,
    inTurn: turns(),
    handle: (ask: Ask): Promise<Answer> => handle(rooms, ask),
  };
  return rooms;
}
