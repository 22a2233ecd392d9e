/**
 * What mongod says while it starts. One log file, put aside at a start when it has grown; lines are JSON
 * (https://www.mongodb.com/docs/manual/reference/log-messages/), except what is said before logging begins.
 */
import { appendFile, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

const LARGE_BYTES = 10 * 1024 * 1024;
const MOST_COMPLAINTS = 4;

export interface MongodLog {
  readonly file: string;
  /** What was written since the log was opened here. */
  text(): Promise<string>;
  /** The last errors in it, or the last lines where there is none. */
  complaints(): Promise<string[]>;
}

/** The log of the mongod that is about to start. */
export async function openLog(dir: string): Promise<MongodLog> {
  const file = join(dir, 'mongod.log');
  if ((await sizeOf(file)) > LARGE_BYTES) await rename(file, `${file}.1`);
  await appendFile(file, '', { mode: 0o600 });
  const from = await sizeOf(file);
  const text = (): Promise<string> => readFrom(file, from);
  return { file, text, complaints: async () => complaintsIn(await text()) };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function readFrom(file: string, from: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read({ position: from, buffer: Buffer.alloc(Math.max(0, size - from)) });
    return buffer.toString();
  } finally {
    await handle.close();
  }
}

function complaintsIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.flatMap((line) => errorIn(line) ?? []);
  return (errors.length > 0 ? errors : lines).slice(-MOST_COMPLAINTS);
}

/** The message of a line that reports an error or a fatal one. */
function errorIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { s, msg, attr } = JSON.parse(line) as { s?: string; msg?: string; attr?: { error?: unknown } };
    if (s !== 'E' && s !== 'F') return undefined;
    return attr?.error === undefined ? (msg ?? '') : `${msg ?? ''}: ${inWords(attr.error)}`;
  } catch {
    return undefined;
  }
}

const inWords = (error: unknown): string => (typeof error === 'string' ? error : JSON.stringify(error));
