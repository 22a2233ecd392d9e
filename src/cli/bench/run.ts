/** A run of the benchmark: first the floor, then the server on the same machine, then how long it takes to start again. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptOf, patientOf } from '../../storage/bench-floor.ts';
import { startFloor, startServer, type ServerOptions, type Started, type UnderLoad } from './child.ts';
import { measure, type Row } from './measure.ts';
import { peopleOf, type Way } from './people.ts';
import { FLOORS, SCENARIOS, type Known } from './scenarios.ts';
import { tableOf } from './table.ts';
import { usageOf } from './usage.ts';

export interface Options {
  readonly people: number;
  readonly seconds: number;
  /** Seconds that each scenario is under way before it is measured. */
  readonly warmUp: number;
  readonly connections: number;
  readonly workers: number;
  readonly scenarios: readonly string[];
  /** How the people come into the store. */
  readonly load: Way;
  /** Where the store is to be, or is, that is not thrown away afterwards. */
  readonly dataDir?: string;
  readonly profile?: string;
  readonly say: (text: string) => void;
}

export const START_TIME = 'start-time';
const BASE = '/fhir/R4';
const FIRST_ANSWER = `${BASE}/metadata`;
/** Patients of the floor who are asked for, evenly spread. */
const ASKED = 20_000;
const START_MS = 120_000;

/** A run under way. */
interface Run extends Omit<Options, 'profile'> {
  readonly profile: string | undefined;
  readonly started: Started;
}
interface Load {
  readonly target: UnderLoad;
  readonly base: string;
  readonly known: Known;
}

async function measureAll(
  names: readonly string[],
  { target, base, known }: Load,
  options: Run,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [place, scenario] of names.entries()) {
    options.say(`${scenario} …`);
    const { port } = target;
    const { seconds, connections, warmUp } = options;
    const order = {
      scenario,
      base,
      known,
      port,
      seconds,
      connections,
      seed: place + 1,
      run: randomUUID(),
      warmUpSeconds: warmUp,
    };
    rows.push(await measure(order, () => usageOf(target.pid), options.started));
  }
  return rows;
}

async function floorRows(dataDir: string, names: readonly string[], options: Run): Promise<readonly Row[]> {
  if (names.length === 0) return [];
  const { people } = options;
  options.say(`Starting the floor with ${people} patients of ten doses …`);
  const target = await startFloor(dataDir, people, options.started);
  const every = Math.ceil(people / ASKED);
  const asked = Array.from({ length: Math.ceil(people / every) }, (_, n) => n * every);
  const known: Known = {
    patients: asked.map(patientOf),
    doses: asked.map((n) => keptOf(n * 10 + (n % 10))),
    people: [],
  };
  try {
    return await measureAll(names, { target, base: '', known }, options);
  } finally {
    await target.stop();
  }
}

function serverOptions(dataDir: string, options: Run): ServerOptions {
  const { workers, profile } = options;
  return {
    dataDir,
    workers,
    firstAnswer: FIRST_ANSWER,
    patienceMs: START_MS,
    arguments: ['--no-sandbox'],
    ...(profile === undefined ? {} : { profile }),
  };
}

async function serverRows(dataDir: string, names: readonly string[], run: Run): Promise<readonly Row[]> {
  const people = await peopleOf(dataDir, run);
  run.say('Starting the server …');
  const target = await startServer(serverOptions(dataDir, run), run.started);
  try {
    await target.ready;
    const known = await people.on(target, BASE);
    return await measureAll(names, { target, base: BASE, known }, run);
  } finally {
    await target.stop();
  }
}

/** Seconds from the start of the process to its first answer, on a store that is there. */
async function startTime(dataDir: string, options: Run): Promise<number> {
  const start = performance.now();
  const target = await startServer(
    serverOptions(dataDir, { ...options, profile: undefined }),
    options.started,
  );
  const seconds = (performance.now() - start) / 1000;
  await target.stop();
  return seconds;
}

function chosen(names: readonly string[], scenarios: readonly string[]): readonly string[] {
  return scenarios.length === 0 ? names : names.filter((name) => scenarios.includes(name));
}

/** The floors asked for, and those beneath the scenarios asked for. */
function floorsOf(scenarios: readonly string[]): readonly string[] {
  const beneath = scenarios.map((name) => SCENARIOS[name]?.floor).filter((name) => name !== undefined);
  return chosen(Object.keys(FLOORS), scenarios.length === 0 ? [] : [...scenarios, ...beneath]);
}

async function runIn(scratch: string, run: Run): Promise<void> {
  const { scenarios, say } = run;
  const dataDir = run.dataDir ?? join(scratch, 'server');
  const rows = [...(await floorRows(join(scratch, 'floor'), floorsOf(scenarios), run))];
  const names = chosen(Object.keys(SCENARIOS), scenarios);
  const startsAgain = scenarios.length === 0 || scenarios.includes(START_TIME);
  if (names.length > 0 || startsAgain) rows.push(...(await serverRows(dataDir, names, run)));
  if (rows.length > 0) say(tableOf(rows));
  if (startsAgain)
    say(`Start to first answer on that store: ${(await startTime(dataDir, run)).toFixed(2)} s`);
}

/** Aborts when a signal asks the process to end. */
function untilSignal(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const over = new AbortController();
  const abort = (): void => {
    over.abort(new Error('The benchmark was interrupted'));
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.once(name, abort);
  return {
    signal: over.signal,
    forget: () => {
      for (const name of names) process.off(name, abort);
    },
  };
}

/** Does what starts processes. However it ends, by a signal too, they are stopped. */
export async function withStarted(work: (started: Started) => Promise<void>): Promise<void> {
  const { signal, forget } = untilSignal();
  const started: Started = { stops: new Set(), over: signal };
  const stopAll = (): Promise<unknown> => Promise.all([...started.stops].map((stop) => stop()));
  signal.addEventListener('abort', () => void stopAll());
  try {
    await work(started);
  } catch (error) {
    // What breaks because it was stopped says nothing.
    throw signal.aborted ? signal.reason : error;
  } finally {
    await stopAll();
    forget();
  }
}

/** Runs what was asked for and prints the table; what it made is removed. */
export async function runBenchmark(options: Options): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'fhir-iis-bench-'));
  try {
    await withStarted((started) => runIn(scratch, { ...options, profile: options.profile, started }));
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
