/** The whole server as a process of its own, to be killed, and what callers get from it while that happens. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mongodPath } from '../storage/embedded/place.ts';

export const PROGRAM = fileURLToPath(new URL('../../src/cli/fhir-iis.ts', import.meta.url));

export interface Running {
  readonly process: ChildProcess;
  readonly mongod: number;
  /** Base of the FHIR endpoint. */
  readonly url: string;
  /** Settles with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

const made: { readonly folders: string[]; readonly processes: ChildProcess[] } = {
  folders: [],
  processes: [],
};

/** Ends what still runs and removes what was written. */
export async function clear(): Promise<void> {
  for (const child of made.processes.splice(0)) child.kill('SIGKILL');
  await Promise.all(
    made.folders
      .splice(0)
      .map((each) => rm(each, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })),
  );
}

export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fhir-iis-crash-'));
  made.folders.push(folder);
  return folder;
}

/** Settings of a server on a folder of its own. */
export const settings = async (dataDir: string): Promise<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  DATA_DIR: dataDir,
  MONGOD_BINARY: await mongodPath(),
  AUTH: 'none',
  PORT: '0',
  LOG_LEVEL: 'silent',
});

/** Starts a server and waits until it is ready. */
export async function start(dataDir: string): Promise<Running> {
  const child = spawn(process.execPath, [PROGRAM, 'start', '--no-sandbox'], {
    env: await settings(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  made.processes.push(child);
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  let said = '';
  const hear = (chunk: unknown): void => void (said += String(chunk));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const isReady = (): boolean => said.includes('Press Ctrl-C');
  const isOver = ended.then(() => true);
  while (!isReady()) {
    if (await Promise.race([isOver, sleep(20, false)])) throw new Error(`The server did not start: ${said}`);
  }
  const url = /FHIR R4\s+(\S+)/.exec(said)?.[1] ?? '';
  const mongod = Number(readFileSync(join(dataDir, 'mongodb', 'db', 'mongod.lock'), 'utf8'));
  return { process: child, mongod, url, ended };
}

export interface Got {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Sending {
  readonly body?: object;
  /** A body that is a form. */
  readonly form?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request; undefined where no answer came. */
export async function send(
  { url }: Running,
  method: string,
  path: string,
  { body, form = body && JSON.stringify(body), headers }: Sending = {},
): Promise<Got | undefined> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/fhir+json', ...headers },
      ...(form !== undefined && { body: form }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Got['body']) };
  } catch {
    return undefined;
  }
}
