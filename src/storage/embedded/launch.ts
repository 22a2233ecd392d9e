/** From a stopped mongod to one that takes connections, whatever the last run left behind. */
import { join } from 'node:path';
import { fail } from '../../core/failure.ts';
import { mongodArguments } from './arguments.ts';
import { openLog, type MongodLog } from './mongod-log.ts';
import { freePort, keptPort } from './ports.ts';
import { readPrivate } from './private-files.ts';
import { startProcess, type Ending, type Running } from './process.ts';
import { startOf } from './process-start.ts';
import { until } from './waiting.ts';
import type { Mongod } from './sources/source.ts';

/** mongod's exit code where it cannot listen on its port. */
const PORT_TAKEN = 48;
const LOCKED = 'DBPathInUse';
const LISTENS = '"Waiting for connections"';
/** Replaying a long journal takes its time. */
const LISTEN_MS = 300_000;
const POLL_MS = 10;
/** What a mongod that lost its server may take to write its last checkpoint. */
const ORPHAN_MS = 30_000;
const ORPHAN_POLL_MS = 50;

export interface Place {
  /** Directory of everything that belongs to the embedded MongoDB. */
  readonly dir: string;
  readonly keyFile: string;
  readonly cacheMb: number;
  readonly keepsExpired?: boolean;
  readonly say: (text: string) => void;
}

export interface Listening extends Running {
  readonly port: number;
}

/**
 * Starts mongod and waits until it takes connections. Waits for the mongod of a server that was killed to let go
 * of the data, and goes to another port where the last one is taken. Throws a Failure that tells what mongod said.
 */
export async function launch(mongod: Mongod, place: Place): Promise<Listening> {
  let running: Listening | undefined;
  const isUp = async (): Promise<boolean> => {
    running = await attempt(mongod, place, await freePort(await keptPort(place.dir)));
    return running !== undefined;
  };
  await until(isUp, { everyMs: ORPHAN_POLL_MS, ms: ORPHAN_MS });
  return running ?? refuseLocked(place, 'of another machine or container');
}

/** Undefined where it is worth another try. */
async function attempt(mongod: Mongod, place: Place, port: number): Promise<Listening | undefined> {
  const { dir, say: _say, ...settings } = place;
  const log = await openLog(dir);
  const command = [mongod.path, ...mongodArguments({ dbPath: join(dir, 'db'), port, ...settings })];
  const running = await startProcess(command, log.file);
  const ending = await listening(running, log);
  if (ending === undefined) return { ...running, port };
  if (ending.code === PORT_TAKEN) return undefined;
  if (!(await log.text()).includes(LOCKED)) return refuse(mongod, ending, log);
  await lockReleased(place);
  return undefined;
}

/** Undefined once mongod takes connections; otherwise how it ended. */
async function listening({ ended, stop }: Running, log: MongodLog): Promise<Ending | undefined> {
  let ending: Ending | undefined;
  void ended.then((how) => {
    ending = how;
  });
  const decided = async (): Promise<boolean> => ending !== undefined || (await log.text()).includes(LISTENS);
  if (await until(decided, { everyMs: POLL_MS, ms: LISTEN_MS })) return ending;
  await stop();
  return fail(
    'unavailable',
    `The embedded MongoDB took no connections for ${LISTEN_MS / 1000} s; see ${log.file}.`,
  );
}

/** The data are locked though no server claims them: by the mongod of one that was killed, on its way out. */
async function lockReleased(place: Place): Promise<void> {
  const pid = Number(await readPrivate(join(place.dir, 'db', 'mongod.lock')));
  place.say(`Waiting for the MongoDB of an earlier run (process ${pid}) to finish stopping`);
  const isGone = async (): Promise<boolean> => (await startOf(pid)) === undefined;
  if (await until(isGone, { everyMs: ORPHAN_POLL_MS, ms: ORPHAN_MS })) return;
  refuseLocked(place, `with process number ${pid}`);
}

function refuseLocked({ dir }: Place, whose: string): never {
  return fail(
    'unavailable',
    `The data in ${dir} are locked by a mongod ${whose} that no server here owns and that did not stop within ` +
      `${ORPHAN_MS / 1000} s. Stop it, or give this server another data directory. MongoDB's log is there too.`,
  );
}

async function refuse({ path, version }: Mongod, { words }: Ending, log: MongodLog): Promise<never> {
  const said = (await log.complaints()).map((line) => `\n  ${line}`).join('');
  return fail(
    'unavailable',
    `The embedded MongoDB ${version} (${path}) did not start: ${words}. It said:${said || ' nothing'}\nIts log is ${log.file}.`,
  );
}
