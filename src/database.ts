/** The database that a server or a command runs on: the one that the settings name, or an embedded one. */
import type { Config } from './config.ts';
import type { Log } from './core/log.ts';
import { startEmbedded } from './storage/embedded/embedded.ts';

/** A database to run on. */
export interface Database {
  readonly uri: string;
  /** Where it is, in words without credentials. */
  readonly where: string;
  readonly pid?: number;
  readonly stop: () => Promise<void>;
}

export interface Watch {
  readonly say: (line: string) => void;
  /** The database ended by itself. */
  readonly onLost: (why: string) => void;
}

/** The database of the settings: the one named, or the embedded one. */
export async function openDatabase(config: Config, log: Log, { say, onLost }: Watch): Promise<Database> {
  if (config.MONGODB_URI !== undefined) {
    return { uri: config.MONGODB_URI, where: 'the MongoDB at MONGODB_URI', stop: () => Promise.resolve() };
  }
  const { uri, pid, stop } = await startEmbedded({
    dataDir: config.DATA_DIR,
    cacheDir: config.CACHE_DIR,
    cacheMb: config.MONGOD_CACHE_MB,
    ...(config.MONGOD_BINARY !== undefined && { binary: config.MONGOD_BINARY }),
    log,
    say,
    onExit: onLost,
  });
  return { uri, where: config.DATA_DIR, pid, stop };
}
