/** Measures the forecasting engine on one core: childhood histories of 20 to 30 doses, every vaccine group. */
import { forecast } from '../../forecasting/forecast.ts';
import { addDuration, isoDate, readDate, type CivilDate } from '../../forecasting/civil-date.ts';
import type { Dose, ForecastRequest } from '../../forecasting/patient.ts';
import { loadSchedule } from '../../forecasting/schedule/load-schedule.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';

/** One line of the bench's table: what was measured, the figure, its unit, and the figure it must reach. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string;
  readonly reached: boolean;
}

/** Month of age and CVX of the visits of a childhood; each is moved by some days, and some are left out. */
const VISITS: readonly (readonly [months: number, cvx: readonly string[]])[] = [
  [0, ['08']],
  [2, ['110', '48', '133', '116']],
  [4, ['110', '48', '133', '116']],
  [6, ['110', '48', '133', '116', '88']],
  [12, ['03', '21', '83', '133']],
  [15, ['20', '48']],
  [18, ['83', '88']],
  [30, ['88']],
  [50, ['130', '94', '88']],
  [62, ['88']],
  [134, ['115', '165', '114', '88']],
  [140, ['165']],
  [194, ['203', '88']],
];

/** A generator of numbers below 1 that gives the same sequence for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ASSESSED = readDate('2025-11-10');

/** Requests for children and adolescents with 20 to 30 doses; the same for the same seed. */
function childhoodRequests(count: number, seed = 1): ForecastRequest[] {
  const random = randomFrom(seed);
  const requests: ForecastRequest[] = [];
  while (requests.length < count) {
    const request = childhoodRequest(random);
    if (request.doses.length >= 20 && request.doses.length <= 30) requests.push(request);
  }
  return requests;
}

function childhoodRequest(random: () => number): ForecastRequest {
  const today = ASSESSED?.first.day ?? 0;
  const birth = readDate(isoDate(today - Math.floor(random() * 16 * 365) - 550))?.first;
  const doses = birth === undefined ? [] : dosesOf(birth, today, random);
  return {
    patient: { birthDate: isoDate(birth?.day ?? 0), gender: random() < 0.5 ? 'F' : 'M' },
    doses,
    assessmentDate: isoDate(today),
  };
}

function dosesOf(birth: CivilDate, today: number, random: () => number): Dose[] {
  return VISITS.flatMap(([months, vaccines], visit) => {
    const day = addDuration(birth, { m: months }) + (visit === 0 ? 0 : Math.floor(random() * 40) - 6);
    if (day > today) return [];
    return vaccines.flatMap((cvx, at) =>
      random() < 0.04 ? [] : [{ id: `${visit}-${at}`, date: isoDate(day), cvx }],
    );
  });
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

interface Times {
  /** By CPU time, so that other work on the machine does not count against the engine. */
  readonly perCpuSecond: number;
  /** By the clock on the wall. */
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
}

/** Milliseconds of each request, after a warm-up that is not counted. */
function timeOf(schedule: Schedule, requests: readonly ForecastRequest[]): Times {
  for (const request of requests.slice(0, 2_000)) forecast(schedule, request);
  const times = new Float64Array(requests.length);
  const cpuBegun = process.cpuUsage();
  const begun = performance.now();
  requests.forEach((request, at) => {
    const start = performance.now();
    forecast(schedule, request);
    times[at] = performance.now() - start;
  });
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpuBegun);
  times.sort();
  return {
    perCpuSecond: (requests.length / (user + system)) * 1e6,
    perSecond: requests.length / seconds,
    median: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

function atLeast(name: string, value: number, least: number): Measurement {
  return { name, value, unit: '/s', target: `>= ${least}`, reached: value >= least };
}

function below(name: string, value: number, unit: string, limit: number): Measurement {
  return { name, value, unit, target: `< ${limit}`, reached: value < limit };
}

/** Runs the bench: load time, memory, and speed. Takes some seconds of one core. */
export function benchForecast(count = 20_000): readonly Measurement[] {
  const heapBefore = process.memoryUsage().heapUsed;
  const start = performance.now();
  const schedule = loadSchedule();
  const loaded = performance.now() - start;
  const heap = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
  const { perCpuSecond, perSecond, median, p99 } = timeOf(schedule, childhoodRequests(count));
  return [
    atLeast('forecasts a second of CPU', perCpuSecond, 2_000),
    atLeast('forecasts a second, one core', perSecond, 2_000),
    below('forecast, median', median, 'ms', 0.5),
    below('forecast, p99', p99, 'ms', 3),
    below('schedule loaded in', loaded, 'ms', 300),
    below('heap of the schedule', heap, 'MB', 60),
  ];
}

/** The measurements as a table for people. */
export function writeMeasurements(measurements: readonly Measurement[]): string {
  const width = Math.max(...measurements.map(({ name }) => name.length));
  return measurements
    .map(({ name, value, unit, target, reached }) => {
      const figure = value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(3);
      return `${name.padEnd(width)}  ${figure.padStart(9)} ${unit.padEnd(2)}  ${target.padEnd(8)} ${reached ? 'reached' : 'missed'}`;
    })
    .join('\n');
}
