/** Serving, once there is a database: one process, or several that share the port. */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FHIR_PATH } from '../app.ts';
import { openGate } from '../auth/gate.ts';
import { readySandbox, type Ready } from '../auth/server/sandbox-ready.ts';
import type { Config } from '../config.ts';
import type { Log } from '../core/log.ts';
import type { Database } from '../database.ts';
import { publishOwn } from '../interactions/publish.ts';
import { authOf, checkSandboxReach, serve, type Running } from '../main.ts';
import { openServices, wiringOf } from '../services.ts';
import { writePrivate } from '../storage/embedded/private-files.ts';
import { hasRecords } from '../storage/facts.ts';
import { fillIfEmpty } from './sandbox.ts';
import type { Start, StartOptions } from './start.ts';
import type { Stopper } from './stopper.ts';
import { addressFile } from './token.ts';
import { welcome } from './welcome.ts';

const say = (line: string): void => {
  console.log(line);
};

/** The first process has the database, and serves itself unless there are workers to. */
export async function lead(start: Start, database: Database, options: StartOptions): Promise<void> {
  const { config, log, stopper } = start;
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
export async function work({ config, log, stopper }: Start): Promise<void> {
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
