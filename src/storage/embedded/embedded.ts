/**
 * The database of a server that was given none: a real mongod under the data directory, run as its child.
 * What is acknowledged (majority, journaled: the address asks for it) survives the death of either process.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fail } from '../../core/failure.ts';
import type { Log } from '../../core/log.ts';
import { findMongod, placesFor } from './binary.ts';
import { claim, runningOwners } from './claim.ts';
import { credentialsIn, type Credentials } from './credentials.ts';
import { launch, type Listening } from './launch.ts';
import { keepPort, keptPort } from './ports.ts';
import { privateDirectory, readPrivate, writePrivate } from './private-files.ts';
import { addressOf, setUp } from './replica-set.ts';
import type { Mongod, Source } from './sources/source.ts';

/** WiredTiger takes no smaller cache. */
const LEAST_CACHE_MB = 256;

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Where downloaded copies of mongod are kept, for every server of this user. */
  readonly cacheDir: string;
  /** The mongod to run; without it, it is looked for and at last downloaded. */
  readonly binary?: string;
  readonly cacheMb: number;
  /** Whether what has an end of its time is kept after it. */
  readonly keepsExpired?: boolean;
  readonly log: Log;
  /** Tells a person what takes long, one line a call. */
  readonly say?: (text: string) => void;
  /** Called once if mongod ends though nobody stopped it; the sentence says why and what to do. */
  readonly onExit?: (why: string) => void;
  /** Where to look for mongod, in order, where `binary` names none. */
  readonly places?: readonly Source[];
}

export interface Embedded {
  /** Address with credentials: never to be logged. */
  readonly uri: string;
  readonly pid: number;
  readonly version: string;
  /** Stops mongod cleanly and leaves the data directory to others. May be called again. */
  readonly stop: () => Promise<void>;
}

/** The address of the embedded MongoDB that a server of this user runs on; undefined where none runs. */
export async function runningOn(dataDir: string): Promise<string | undefined> {
  const dir = await privateDirectory(resolve(dataDir), 'mongodb');
  const port = await keptPort(dir);
  if (port === undefined || (await runningOwners(dir)).length === 0) return undefined;
  return addressOf(port, await credentialsIn(dir));
}

/** Starts the embedded MongoDB. Throws a Failure (unavailable) with what to do where it cannot be had. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  if (process.platform === 'win32')
    fail('unavailable', 'The embedded MongoDB runs on Linux and macOS; set MONGODB_URI.');
  if (options.cacheMb < LEAST_CACHE_MB) {
    fail('invalid-value', `The cache of the embedded MongoDB must be at least ${LEAST_CACHE_MB} MB.`);
  }
  const dataDir = resolve(options.dataDir);
  const dir = await privateDirectory(dataDir, 'mongodb');
  const leave = await claim(dir, dataDir);
  try {
    return await start(options, dir, leave);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function start(options: EmbeddedOptions, dir: string, leave: () => Promise<void>): Promise<Embedded> {
  const { log, cacheMb, keepsExpired = false, onExit = () => undefined, say = () => undefined } = options;
  await mkdir(join(dir, 'db'), { recursive: true, mode: 0o700 });
  const mongod = await locate(options, dir, say);
  const credentials = await credentialsIn(dir);
  const running = await launch(mongod, { dir, keyFile: credentials.keyFile, cacheMb, keepsExpired, say });
  const version = await ready(running, credentials, dir);
  log.info({ pid: running.pid, port: running.port, version, path: mongod.path }, 'embedded MongoDB started');
  const stop = watch(running, leave, (how) => {
    const why =
      `The embedded MongoDB (process ${running.pid}) has ended: ${how}. Nothing that was acknowledged is lost; ` +
      `start the server again. MongoDB's log is ${join(dir, 'mongod.log')}.`;
    log.error({ pid: running.pid, how }, 'embedded MongoDB ended by itself');
    onExit(why);
  });
  return { uri: addressOf(running.port, credentials), pid: running.pid, version, stop };
}

async function locate(
  { binary, places, cacheDir }: EmbeddedOptions,
  dir: string,
  say: (text: string) => void,
): Promise<Mongod> {
  const dataVersion = await readPrivate(join(dir, 'version'));
  const need = { cacheDir: resolve(cacheDir), say, ...(dataVersion === undefined ? {} : { dataVersion }) };
  return findMongod(binary === undefined && places !== undefined ? places : placesFor(binary), need);
}

async function ready(running: Listening, credentials: Credentials, dir: string): Promise<string> {
  try {
    const died = running.ended.then(({ words }) =>
      fail('unavailable', `The embedded MongoDB ended while starting: ${words}.`),
    );
    const version = await Promise.race([setUp(running.port, credentials), died]);
    if ((await keptPort(dir)) !== running.port) await keepPort(dir, running.port);
    const versionFile = join(dir, 'version');
    if ((await readPrivate(versionFile)) !== version) await writePrivate(versionFile, version);
    return version;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Tells an end that was asked for from one that was not. */
function watch(
  running: Listening,
  leave: () => Promise<void>,
  onEnd: (how: string) => void,
): () => Promise<void> {
  let asked = false;
  void running.ended.then(async ({ words }) => {
    await leave();
    if (!asked) onEnd(words);
  });
  return async () => {
    asked = true;
    await running.stop();
    await leave();
  };
}
