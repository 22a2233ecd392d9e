/** What the subcommands share that work on a store while no server does: settings, database, connection, and their end. */
import type { Connection } from '../storage/connect.ts';
import { readConfig, type Config } from '../config.ts';
import { openDatabase } from '../database.ts';
import { connect } from '../storage/connect.ts';
import { runningOn } from '../storage/embedded/embedded.ts';
import { logOf } from './logging.ts';

/** A store that is open. */
export interface OpenStore {
  readonly config: Config;
  readonly connection: Connection;
  /** Address of the database, with its credentials: not to be shown. */
  readonly uri: string;
  /** Where it is, in words without credentials. */
  readonly where: string;
  /** Whether nobody else can use it meanwhile. */
  readonly isAlone: boolean;
}

export const say = (line: string): void => {
  console.log(line);
};

/**
 * Opens the store of the settings, does the work, and closes it.
 * @param beside for work that may go on while a server runs on the store
 * @throws Failure `unavailable` where a server runs on it that has a database of its own
 */
export async function withStore<T>(
  work: (store: OpenStore) => Promise<T>,
  beside: 'beside a server' | 'alone' = 'alone',
): Promise<T> {
  const config = beside === 'alone' ? readConfig() : await besideServer(readConfig());
  const log = logOf(config.LOG_LEVEL);
  const database = await openDatabase(config, log, {
    say,
    onLost: (why) => {
      console.error(why);
      process.exit(1);
    },
  });
  try {
    const connection = await connect(database.uri, config.MONGODB_DATABASE);
    const { uri, where } = database;
    try {
      return await work({ config, connection, uri, where, isAlone: config.MONGODB_URI === undefined });
    } finally {
      await connection.close();
    }
  } finally {
    await database.stop();
  }
}

/** With the address of the embedded database that a server runs on, where one does. */
async function besideServer(config: Config): Promise<Config> {
  if (config.MONGODB_URI !== undefined) return config;
  const uri = await runningOn(config.DATA_DIR);
  return uri === undefined ? config : { ...config, MONGODB_URI: uri };
}
