/** Measures a batch file of HL7 v2 messages, taken by `fhir-iis hl7v2 batch` on an empty store: how fast, and in how much memory. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './child.ts';
import { messagesFrom } from './messages.ts';
import { withStarted } from './run.ts';
import { usageOf } from './usage.ts';

/** What the process held when so much of its answers was written. */
export interface Sample {
  readonly written: number;
  readonly rssBytes: number;
  readonly atMs: number;
}
export interface Memory {
  /** Megabytes when a tenth of the answers was written, at the end, and at most. */
  readonly tenth: number;
  readonly end: number;
  readonly most: number;
}

const SEED = 1;
const EVERY_MS = 100;
const MEGABYTE = 1024 * 1024;

/** Memory at a tenth of what was written at last, and when all of it was. Throws RangeError without any sample. */
export function memoryOf(samples: readonly Sample[]): Memory {
  const at = (share: number): number => reached(samples, share).rssBytes / MEGABYTE;
  return {
    tenth: at(0.1),
    end: at(1),
    most: Math.max(...samples.map(({ rssBytes }) => rssBytes)) / MEGABYTE,
  };
}

/** The first look at which that share was written; later ones see the process put its things away. */
function reached(samples: readonly Sample[], share: number): Sample {
  const all = samples.at(-1)?.written ?? 0;
  const first = samples.find(({ written }) => written >= share * all);
  if (first === undefined) throw new RangeError('Nothing was seen of the process');
  return first;
}

function* linesOf(messages: number, run: string): Generator<string> {
  const made = messagesFrom(SEED, run);
  yield 'FHS|^~\\&\rBHS|^~\\&\r';
  for (let count = 0; count < messages; count += 1) yield made.vxu();
  yield `BTS|${messages}\rFTS|1\r`;
}

/** Looks at the process until it has ended. */
async function watch(pid: number, result: string, over: AbortSignal): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  while (!over.aborted) {
    const written = await stat(result).then(
      ({ size }) => size,
      () => 0,
    );
    const { server } = await usageOf(pid);
    // Before the first answer there is nothing to compare with, and a process that has ended holds nothing.
    if (written > 0 && server.rssBytes > 0)
      samples.push({ written, rssBytes: server.rssBytes, atMs: performance.now() });
    await sleep(EVERY_MS);
  }
  return samples;
}

/** Writes a file of so many messages, has it taken, and says what it took. */
export async function benchBatch(messages: number, say: (text: string) => void): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'fhir-iis-bench-'));
  const [file, result] = [join(scratch, 'messages.hl7'), join(scratch, 'answers.hl7')];
  try {
    await pipeline(Readable.from(linesOf(messages, randomUUID())), createWriteStream(file));
    say(`Taking a file of ${messages} messages …`);
    await withStarted(async (started) => {
      const words = ['hl7v2', 'batch', file, '--result', result];
      const { pid, ended } = runCommand(join(scratch, 'store'), words, started);
      const over = new AbortController();
      const seen = watch(pid, result, over.signal);
      await ended.finally(() => {
        over.abort();
      });
      say(told(messages, await seen));
    });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function told(messages: number, samples: readonly Sample[]): string {
  const { tenth, end, most } = memoryOf(samples);
  const seconds = (reached(samples, 1).atMs - reached(samples, 0).atMs) / 1000;
  const mb = (value: number): string => `${Math.round(value)} MB`;
  return (
    `${Math.round(messages / seconds)} messages/s; resident at a tenth ${mb(tenth)}, ` +
    `at the end ${mb(end)}, at most ${mb(most)}`
  );
}
