/**
 * mongod as a child that does not outlive the server, and that a Ctrl-C in the terminal does not reach before the
 * server has finished with it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { within } from './waiting.ts';

/**
 * The watchdog. Its standard input is a pipe that only the server holds: when the server ends, however it ends,
 * the pipe closes and mongod is told to stop. It leads a session of its own, so the terminal's signals pass it by.
 * It tells mongod's process number, and its exit code is mongod's.
 */
const WATCHDOG = `
umask 077
log=$1
shift
exec 3<&0
"$@" </dev/null >>"$log" 2>&1 3<&- &
mongod=$!
{ while read -r _; do :; done; kill -TERM $mongod; } <&3 >/dev/null 2>&1 &
watch=$!
exec 3<&-
echo $mongod
wait $mongod
code=$?
kill $watch 2>/dev/null
exit $code
`;
/** Longer than a checkpoint of a full cache takes on a slow disk. */
const STOP_MS = 30_000;
const SIGNALED = 128;

export interface Running {
  readonly pid: number;
  /** Settles when mongod has ended: how, in words. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Stops mongod cleanly; settles when it has ended. */
  readonly stop: () => Promise<void>;
}

export interface Ending {
  readonly code: number | undefined;
  readonly words: string;
}

/** Starts the program with its output appended to the log file. Throws an Error where the shell does not start. */
export async function startProcess(command: readonly string[], logFile: string): Promise<Running> {
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'fhir-iis-watchdog', logFile, ...command], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = endingOf(child);
  const pid = Number(await firstLine(child.stdout, ended));
  return { pid, ended, stop: () => stop(child.stdin, pid, ended) };
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: undefined, words: error.message });
    });
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? undefined, words: inWords(code, signal) });
    });
  });
}

function inWords(code: number | null, signal: string | null): string {
  if (code === null) return `its watchdog was ended by ${signal ?? 'a signal'}`;
  return code > SIGNALED ? `ended by signal ${code - SIGNALED}` : `exit code ${code}`;
}

async function firstLine(from: Readable, ended: Promise<Ending>): Promise<string> {
  const lines = createInterface({ input: from });
  const line = new Promise<string>((resolve) => {
    lines.once('line', resolve);
  });
  return Promise.race([
    line,
    ended.then(({ words }) => Promise.reject(new Error(`mongod did not start: ${words}`))),
  ]);
}

async function stop(pipe: Writable, pid: number, ended: Promise<Ending>): Promise<void> {
  pipe.on('error', () => undefined).end();
  if (await within(STOP_MS, ended)) return;
  // The journal has all that was acknowledged.
  process.kill(pid, 'SIGKILL');
  await ended;
}
