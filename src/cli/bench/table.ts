/** The benchmark's table: what was measured, for people to read. */
import type { Row } from './measure.ts';
import { FLOORS, SCENARIOS } from './scenarios.ts';

const HEAD = [
  '',
  'answers/s',
  'p50 ms',
  'p99 ms',
  'failed',
  'RSS MB',
  'CPU s server',
  'CPU s mongod',
  'answers/CPU s',
  'of floor',
] as const;
const MEGABYTE = 1024 * 1024;

const perSecond = (row: Row): number => row.answers / row.seconds;

/** Answers for a second of CPU of the server and its database; the load client's own is left out. */
function perCpuSecond({ answers, used }: Row): number {
  const spent = used.server.cpuSeconds + used.mongod.cpuSeconds;
  return spent === 0 ? 0 : answers / spent;
}

function failures({ failed }: Row): string {
  const some = Object.entries(failed).map(
    ([status, count]) => `${count}×${status === '0' ? 'broken' : status}`,
  );
  return some.length === 0 ? '0' : some.join(' ');
}

function ofFloor(row: Row, rows: readonly Row[]): string {
  const floor = rows.find(({ scenario }) => scenario === SCENARIOS[row.scenario]?.floor);
  return floor === undefined ? '' : `${Math.round((100 * perSecond(row)) / perSecond(floor))} %`;
}

const whole = (number: number): string => Math.round(number).toLocaleString('en-US');

function cells(row: Row, rows: readonly Row[]): readonly string[] {
  const { server, mongod } = row.used;
  return [
    { ...SCENARIOS, ...FLOORS }[row.scenario]?.means ?? row.scenario,
    whole(perSecond(row)),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    failures(row),
    whole(server.rssBytes / MEGABYTE),
    server.cpuSeconds.toFixed(2),
    mongod.cpuSeconds.toFixed(2),
    whole(perCpuSecond(row)),
    ofFloor(row, rows),
  ];
}

/** The table as text, a line a row. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map((row) => cells(row, rows))];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
