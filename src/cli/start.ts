/** `fhir-iis start`: the registry, until it is stopped. */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { FHIR_PATH } from '../app.ts';
import { openGate } from '../auth/gate.ts';
import { readySandbox, type Ready } from '../auth/server/sandbox-ready.ts';
import { readConfig, type Config } from '../config.ts';
import type { Log } from '../core/log.ts';
import { publishOwn } from '../interactions/publish.ts';
import { authOf, checkSandboxReach, openDatabase, serve, type Database, type Running } from '../main.ts';
import { openServices, wiringOf } from '../services.ts';
import { writePrivate } from '../storage/embedded/private-files.ts';
import { hasRecords } from '../storage/facts.ts';
import { logOf } from './logging.ts';
import { fillIfEmpty, wholeNumber } from './sandbox.ts';
import { stopOnSignal, type Stopper } from './stopper.ts';
import { addressFile } from './token.ts';
import { welcome } from './welcome.ts';

interface StartOptions {
  readonly sandbox: boolean;
  readonly people: number;
}

export function start(program: Command): void {
  program
    .command('start')
    .description('start the registry; an empty store is filled with the sandbox first')
    .option('--no-sandbox', 'leave an empty store empty')
    .option('--people <number>', 'people of a new sandbox', wholeNumber, 1000)
    .action(async (options: StartOptions) => {
      const config = readConfig();
      const log = logOf(config.LOG_LEVEL);
      const stopper = stopOnSignal(log);
      await (cluster.isWorker ? work(config, log, stopper) : lead(config, log, stopper, options));
    });
}

const say = (line: string): void => {
  console.log(line);
};

/** The first process has the database, and serves itself unless there are workers to. */
async function lead(config: Config, log: Log, stopper: Stopper, options: StartOptions): Promise<void> {
  const database = await openDatabase(config, log, {
    say,
    onLost: (why) => {
      stopper.stop(why);
    },
  });
  stopper.onStop(database.stop);
  if (config.WORKERS > 1) {
    const ready = await fillForWorkers(config, database, log, options);
    await fork(config, database, stopper);
    const localUrl = `http://localhost:${config.PORT}${FHIR_PATH}`;
    await tellAddress(config, localUrl, stopper);
    say(welcome(config.BASE_URL ?? localUrl, database, ready));
    return;
  }
  const running = await serve(config, database, log);
  stopper.onStop(running.stop);
  await publishOwn(running.services.rooms);
  const ready = await prepareSandbox(config, running, options);
  await tellAddress(config, running.localUrl, stopper);
  say(welcome(running.localUrl, database, ready));
}

/** An empty store is filled, and what a sandbox has ready-made is made. */
async function prepareSandbox(
  config: Config,
  { services, gate }: Pick<Running, 'services' | 'gate'>,
  options: StartOptions,
): Promise<Ready | undefined> {
  if (options.sandbox) {
    if (!(await hasRecords(services.connection))) checkSandboxReach(config);
    await fillIfEmpty(services, options.people, config);
  }
  const parts = gate.own?.parts;
  if (parts === undefined || !(await parts.isSandbox())) return undefined;
  const ready = await readySandbox(parts);
  await writePrivate(join(config.DATA_DIR, 'sandbox-keys.json'), ready.keys);
  return ready;
}

/** Where the server answers, for the commands beside it. */
async function tellAddress(config: Config, url: string, stopper: Stopper): Promise<void> {
  await mkdir(config.DATA_DIR, { recursive: true, mode: 0o700 });
  await writePrivate(addressFile(config), new URL(url).origin);
  stopper.onStop(() => rm(addressFile(config), { force: true }));
}

async function fillForWorkers(
  config: Config,
  database: Database,
  log: Log,
  options: StartOptions,
): Promise<Ready | undefined> {
  const base = config.BASE_URL ?? `http://localhost:${config.PORT}${FHIR_PATH}`;
  const services = await openServices(wiringOf(config, database.uri, base, log));
  await publishOwn(services.rooms);
  const gate = await openGate(authOf(config), services);
  const ready = await prepareSandbox(config, { services, gate }, options);
  await services.close();
  return ready;
}

/** One of several processes that share the port. */
async function work(config: Config, log: Log, stopper: Stopper): Promise<void> {
  const uri = config.MONGODB_URI ?? '';
  const running = await serve(config, { uri }, log);
  stopper.onStop(running.stop);
  // Without the first process there is no database.
  process.on('disconnect', () => {
    stopper.stop();
  });
}

/** Starts the workers and waits until they listen; one that dies is replaced. */
async function fork(config: Config, database: Database, stopper: Stopper): Promise<void> {
  const environment = { MONGODB_URI: database.uri };
  let stopping = false;
  const workers = Array.from({ length: config.WORKERS }, () => cluster.fork(environment));
  cluster.on('exit', (worker, code) => {
    if (stopping) return;
    if (code === 1) stopper.stop(`A server process (${worker.process.pid ?? 0}) could not go on.`);
    else cluster.fork(environment);
  });
  stopper.onStop(async () => {
    stopping = true;
    const alive = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(
      alive.map(async (worker) => {
        worker.process.kill('SIGTERM');
        await once(worker, 'exit');
      }),
    );
  });
  await Promise.all(workers.map((worker) => once(worker, 'listening')));
}
