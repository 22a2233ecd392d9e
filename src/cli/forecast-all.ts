/**
 * `fhir-iis forecast-all`: the nightly forecast of everybody, on all cores. It is cut into parts that are claimed with
 * a lease: stopped or broken off, it goes on where it was when it is started again.
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism, hostname } from 'node:os';
import type { Command } from 'commander';
import { FHIR_PATH } from '../app.ts';
import { readConfig, type Config } from '../config.ts';
import { planJob } from '../jobs/plan.ts';
import { workOff } from '../jobs/runner.ts';
import { openDatabase } from '../database.ts';
import { currentOf } from '../operations/forecast/keep-current.ts';
import { forecastPart } from '../operations/forecast/forecast-part.ts';
import { openServices, wiringOf, type Services } from '../services.ts';
import { jobParts, type JobParts, type Progress } from '../storage/job-parts.ts';
import { logOf } from './logging.ts';
import { wholeNumber } from './whole-number.ts';

interface Given {
  readonly workers: number;
}

const LEASE_MS = 60_000;
const TELL_MS = 5000;

/** Adds the subcommand. */
export function forecastAll(program: Command): void {
  program
    .command('forecast-all')
    .description('make the forecasts of all patients current; started again, it goes on where it stopped')
    .option('--workers <number>', 'processes that work', wholeNumber, availableParallelism())
    .action(async ({ workers }: Given) => {
      const config = readConfig();
      await (cluster.isWorker ? workIn(config) : lead(config, Math.max(1, workers)));
    });
}

const say = (line: string): void => {
  console.log(line);
};

const servicesOf = (config: Config, uri: string): Promise<Services> =>
  openServices(
    wiringOf(config, uri, config.BASE_URL ?? `http://localhost:${config.PORT}${FHIR_PATH}`, logOf('warn')),
  );

/** The first process has the database and tells how far the work is; it works itself if it is the only one. */
async function lead(config: Config, workers: number): Promise<void> {
  const onLost = (why: string): void => {
    console.error(why);
    process.exit(1);
  };
  const database = await openDatabase(config, logOf(config.LOG_LEVEL), { say, onLost });
  const services = await servicesOf(config, database.uri);
  const stopping = { now: false };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopping.now = true));
  try {
    const parts = jobParts(services.connection);
    const job = jobOf(services);
    const { now, states } = services.keeping;
    await planJob(parts, job, (after, limit) => states.patientsAfter(after, limit), { now });
    const told = await tell(parts, job);
    try {
      await (workers === 1
        ? work(services, () => stopping.now)
        : fork(workers, { MONGODB_URI: database.uri }));
    } finally {
      await told.end();
    }
  } finally {
    await services.close();
    await database.stop();
  }
}

/** One job for each day and release of the schedule. */
function jobOf({ keeping }: Services): string {
  const { day, schedule } = currentOf(keeping);
  return `forecast ${day} ${schedule.slice(0, 16)}`;
}

async function work(services: Services, isStopping: () => boolean): Promise<void> {
  const { keeping, connection, rooms } = services;
  const name = `${hostname()} ${process.pid}`;
  const worker = { parts: jobParts(connection), job: jobOf(services), name, now: keeping.now };
  await workOff({ ...worker, leaseMs: LEASE_MS, isStopping }, (part, hold) =>
    forecastPart(keeping, rooms.log, part, hold),
  );
}

/** One of several processes; the first one's database is in its settings. */
async function workIn(config: Config): Promise<void> {
  const services = await servicesOf(config, config.MONGODB_URI ?? '');
  const stopping = { now: false };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopping.now = true));
  // Without the first process nobody has the database.
  process.once('disconnect', () => (stopping.now = true));
  await work(services, () => stopping.now);
  await services.close();
  cluster.worker?.disconnect();
}

async function fork(workers: number, environment: Readonly<Record<string, string>>): Promise<void> {
  const all = Array.from({ length: workers }, () => cluster.fork(environment));
  const codes = await Promise.all(all.map(async (each) => (await once(each, 'exit')) as [number | null]));
  // A part whose process broke off is another's; with none left, the next start goes on.
  if (codes.every(([code]) => code !== 0)) process.exitCode = 1;
}

interface Telling {
  readonly end: () => Promise<void>;
}

/** Says now and then how far the job is, and at the end what came of it. */
async function tell(parts: JobParts, job: string): Promise<Telling> {
  const { done: before } = await parts.progress(job);
  const begun = performance.now();
  const line = async (): Promise<void> => {
    const progress = await parts.progress(job);
    say(textOf(progress, (progress.done - before) / ((performance.now() - begun) / 1000)));
  };
  const timer = setInterval(() => void line().catch(() => undefined), TELL_MS);
  return {
    end: async () => {
      clearInterval(timer);
      await line();
    },
  };
}

function textOf({ size, done, changed, failed }: Progress, perSecond: number): string {
  const part = size === 0 ? 100 : (done / size) * 100;
  const count = (number: number): string => Math.round(number).toLocaleString('en-US');
  const faults = failed === 0 ? '' : `, ${count(failed)} could not be computed (see the log)`;
  return `${count(done)} of ${count(size)} patients (${part.toFixed(1)} %), ${count(changed)} with news, ${count(perSecond)} a second${faults}`;
}
