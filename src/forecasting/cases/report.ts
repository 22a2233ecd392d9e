/** Adds comparisons up: agreement for each suite, vaccine group and field, as figures and as text. */
import { FIELDS, type Comparison, type Field } from './compare.ts';

interface Tally {
  readonly agree: number;
  readonly of: number;
}

interface GroupReport {
  /** Cases that agree in series status and the three dates. */
  readonly forecasts: Tally;
  /** Cases that agree in every field. */
  readonly cases: Tally;
  readonly fields: Readonly<Record<Field, Tally>>;
}

interface SuiteReport extends GroupReport {
  readonly vaccineGroups: Readonly<Record<string, GroupReport>>;
}

export interface Report {
  readonly scheduleVersion: string;
  readonly suites: Readonly<Record<string, SuiteReport>>;
  readonly differences: readonly Comparison[];
}

export function reportOn(scheduleVersion: string, comparisons: readonly Comparison[]): Report {
  const suites = by(comparisons, ({ suite }) => suite).map(([suite, ofSuite]) => {
    const groups = by(ofSuite, ({ vaccineGroup }) => vaccineGroup).map(
      ([group, ofGroup]) => [group, groupReport(ofGroup)] as const,
    );
    const sorted = groups.toSorted(([a], [b]) => a.localeCompare(b));
    return [suite, { ...groupReport(ofSuite), vaccineGroups: Object.fromEntries(sorted) }] as const;
  });
  return {
    scheduleVersion,
    suites: Object.fromEntries(suites),
    differences: comparisons.filter(({ agrees }) => !agrees),
  };
}

function by<T>(items: readonly T[], keyOf: (item: T) => string): (readonly [string, readonly T[]])[] {
  return [...Map.groupBy(items, keyOf)];
}

const FORECAST_FIELDS: readonly Field[] = ['seriesStatus', 'earliestDate', 'recommendedDate', 'pastDueDate'];

function groupReport(comparisons: readonly Comparison[]): GroupReport {
  const cases = by(comparisons, ({ id }) => id).map(([, fields]) => fields);
  const fields = FIELDS.map(
    (field) =>
      [
        field,
        tally(
          comparisons.filter((one) => one.field === field),
          ({ agrees }) => agrees,
        ),
      ] as const,
  );
  return {
    forecasts: tally(cases, (all) =>
      all.every(({ field, agrees }) => agrees || !FORECAST_FIELDS.includes(field)),
    ),
    cases: tally(cases, (all) => all.every(({ agrees }) => agrees)),
    fields: Object.fromEntries(fields) as Record<Field, Tally>,
  };
}

function tally<T>(items: readonly T[], agrees: (item: T) => boolean): Tally {
  return { agree: items.filter(agrees).length, of: items.length };
}

const HEAD = [
  'vaccine group',
  'forecast',
  'status',
  'dose',
  'earliest',
  'recommended',
  'past due',
  'evaluated',
  'reason',
  'all',
];

/** The report for people: one table a suite, then each difference. */
export function writeReport(report: Report): string {
  const tables = Object.entries(report.suites).map(([suite, figures]) => {
    const rows = Object.entries(figures.vaccineGroups).map(([name, group]) => cells(name, group));
    return `${suite} (schedule ${report.scheduleVersion})\n${table([HEAD, ...rows, cells('all groups', figures)])}`;
  });
  return [...tables, writeDifferences(report.differences)].join('\n\n');
}

function cells(name: string, { forecasts, cases, fields }: GroupReport): string[] {
  return [name, forecasts, ...FIELDS.map((field) => fields[field]), cases].map((cell) =>
    typeof cell === 'string' ? cell : cell.of === 0 ? '-' : `${cell.agree}/${cell.of}`,
  );
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}

function writeDifferences(differences: readonly Comparison[]): string {
  if (differences.length === 0) return 'No field differs.';
  const lines = differences.map(({ id, vaccineGroup, field, dose, expected, actual }) => {
    const where = dose === undefined ? field : `${field} of dose ${dose}`;
    return `${id}  ${vaccineGroup}  ${where}: expected ${expected ?? 'none'}, got ${actual ?? 'none'}`;
  });
  return [`${differences.length} fields differ:`, ...lines].join('\n');
}
