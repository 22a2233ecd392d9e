/** Load: so many connections, each asking again as soon as it is answered, until the time or the count is up. */
import { connectTo, type Connection } from './connection.ts';
import type { Aim } from './shot.ts';

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Proof of who asks. */
  readonly authorization?: string;
  /** Enough answers, before the time is up. */
  readonly answers?: number;
}
export interface Measured {
  readonly seconds: number;
  readonly answers: number;
  /** Answers of another status than expected, or without what was expected in them, by status; 0 for connections that broke. */
  readonly failed: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** More than any machine answers in the time that a benchmark takes; a bound for the memory of the client. */
const MOST = 5_000_000;
const AFTER_A_BREAK_MS = 20;

interface Tally {
  readonly times: number[];
  readonly failed: Record<string, number>;
}

function count(tally: Tally, status: number): void {
  tally.failed[status] = (tally.failed[status] ?? 0) + 1;
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, AFTER_A_BREAK_MS));
}

async function once(connection: Connection, aim: Aim, tally: Tally): Promise<boolean> {
  const shot = aim();
  const start = performance.now();
  try {
    const { status, body } = await connection.ask(shot);
    if (status === shot.status && body.includes(shot.expects ?? ''))
      tally.times.push(performance.now() - start);
    else count(tally, status);
    return true;
  } catch {
    count(tally, 0);
    return false;
  }
}

async function keepAsking(load: Load, aim: Aim, tally: Tally, until: number): Promise<void> {
  let connection = connectTo(load.port, load.authorization);
  while (performance.now() < until && tally.times.length < (load.answers ?? MOST)) {
    if (await once(connection, aim, tally)) continue;
    connection.close();
    await pause();
    connection = connectTo(load.port, load.authorization);
  }
  connection.close();
}

/** The time that this share of the answers took no longer than; 0 where there were none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Puts the load on the port and measures. Only answers of the expected status, with what is expected in them, count as answers. */
export async function put(load: Load, aim: Aim): Promise<Measured> {
  const tally: Tally = { times: [], failed: {} };
  const start = performance.now();
  const until = start + load.seconds * 1000;
  await Promise.all(Array.from({ length: load.connections }, () => keepAsking(load, aim, tally, until)));
  const seconds = (performance.now() - start) / 1000;
  const sorted = tally.times.sort((a, b) => a - b);
  return {
    seconds,
    answers: sorted.length,
    failed: tally.failed,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}
