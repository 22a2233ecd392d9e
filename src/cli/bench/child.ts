/** Servers under load, started by the benchmark and always stopped by it: the floor, and fhir-iis itself. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Ready } from './floor.ts';
import type { Known } from './scenarios.ts';

export interface UnderLoad {
  readonly pid: number;
  readonly port: number;
  readonly stop: Stop;
}
/** Settles when the process has ended; kills it where it does not stop by itself. May be called again. */
export type Stop = () => Promise<void>;
/** What was started, so that nothing is left over however the benchmark ends. */
export interface Started {
  readonly stops: Set<Stop>;
  /** From then on nothing more is started. */
  readonly over: AbortSignal;
}

const LOOPBACK = '127.0.0.1';
const FLOOR = new URL('./floor.ts', import.meta.url);
const FILLER = fileURLToPath(new URL('./filler.ts', import.meta.url));
const SERVER = fileURLToPath(new URL('../../../bin/fhir-iis.js', import.meta.url));
const STOP_MS = 60_000;
const POLL_MS = 5;
/** What a start prints when all is there. */
const READY = /\bis ready\b/;

/** Remembers how to stop the process until it has ended. */
export function stopping(child: ChildProcess, started: Started): Stop {
  const stop = (): Promise<void> => end(child);
  started.stops.add(stop);
  child.once('exit', () => started.stops.delete(stop));
  return stop;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}

async function endsEarly(child: ChildProcess, name: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${name} ended before it answered (exit code ${code ?? 'none'})`);
}

/** Starts the floor on an empty directory and waits until it is filled and answers. */
export async function startFloor(dataDir: string, patients: number, started: Started): Promise<UnderLoad> {
  started.over.throwIfAborted();
  const child = fork(FLOOR, [dataDir, String(patients)], { execArgv: [] });
  const stop = stopping(child, started);
  const ready = once(child, 'message') as Promise<[Ready]>;
  const [{ port }] = await Promise.race([ready, endsEarly(child, 'The floor')]);
  return { pid: child.pid ?? 0, port, stop };
}

/** Fills the store of an empty directory with people of ten doses each; told what can be asked for, once it has ended. */
export async function fillStore(
  dataDir: string,
  { people, run }: { readonly people: number; readonly run: string },
  started: Started,
): Promise<Known> {
  started.over.throwIfAborted();
  const command = [`DATA_DIR=${dataDir}`, process.execPath, FILLER, String(people), run];
  const child = spawn('env', command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  stopping(child, started);
  const told = once(child, 'message') as Promise<[Known]>;
  const [known] = await Promise.race([told, endsEarly(child, 'The filling of the store')]);
  if (!hasEnded(child)) await once(child, 'exit');
  return known;
}

/** Runs a command of fhir-iis on the store of a directory; `ended` settles when it has ended well. */
export function runCommand(
  dataDir: string,
  words: readonly string[],
  started: Started,
): { readonly pid: number; readonly ended: Promise<void> } {
  started.over.throwIfAborted();
  const command = [`DATA_DIR=${dataDir}`, 'LOG_LEVEL=warn', process.execPath, SERVER, ...words];
  const child = spawn('env', command, { stdio: ['ignore', 'inherit', 'inherit'] });
  stopping(child, started);
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`fhir-iis ${words[0] ?? ''} ended with exit code ${String(code)}`);
  });
  return { pid: child.pid ?? 0, ended };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

/** A server that may still be filling its store when it already answers. */
export interface Server extends UnderLoad {
  /** Settles when it says that it is ready. */
  readonly ready: Promise<void>;
}

export interface ServerOptions {
  readonly dataDir: string;
  readonly workers: number;
  /** Folder for CPU profiles of the server's processes. */
  readonly profile?: string;
  /** Further arguments of `start`. */
  readonly arguments?: readonly string[];
  /** Path that is there when the server is: its answer ends the start. */
  readonly firstAnswer: string;
  readonly patienceMs: number;
}

/** Starts fhir-iis as a process of its own and waits for its first answer. */
export async function startServer(options: ServerOptions, started: Started): Promise<Server> {
  const port = await freePort();
  const settings = [
    `PORT=${port}`,
    `HOST=${LOOPBACK}`,
    'AUTH=none',
    `DATA_DIR=${options.dataDir}`,
    `WORKERS=${options.workers}`,
    'LOG_LEVEL=warn',
  ];
  const profiling = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  const command = [
    ...settings,
    process.execPath,
    ...profiling,
    SERVER,
    'start',
    ...(options.arguments ?? []),
  ];
  started.over.throwIfAborted();
  // env(1) adds settings to the environment that the child inherits, and becomes the server: its process number stays.
  const child = spawn('env', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = stopping(child, started);
  const early = endsEarly(child, 'The server');
  const ready = Promise.race([saysReady(child), early]);
  ready.catch(() => undefined);
  const waits = waitFor(`http://${LOOPBACK}:${port}${options.firstAnswer}`, options.patienceMs, child);
  await Promise.race([waits, early]);
  return { pid: child.pid ?? 0, port, ready, stop };
}

async function saysReady({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) return;
  for await (const line of createInterface({ input: stdout })) {
    if (!READY.test(line)) continue;
    // A full pipe would hold the server up.
    stdout.resume();
    return;
  }
  throw new Error('The server ended before it was ready');
}

async function waitFor(url: string, patienceMs: number, child: ChildProcess): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!hasEnded(child) && !(await answers(url))) {
    if (performance.now() > until) throw new Error(`No answer within ${patienceMs / 1000} s`);
    await sleep(POLL_MS);
  }
}
