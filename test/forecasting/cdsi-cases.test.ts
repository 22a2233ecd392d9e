/** CDC's CDSi test cases (healthy 4.45, underlying conditions 4.6), each field of each case, with the known differences. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { CdsiCase } from '../../src/forecasting/cases/case.ts';
import { compareCase, type Comparison } from '../../src/forecasting/cases/compare.ts';
import { reportOn, writeReport } from '../../src/forecasting/cases/report.ts';
import { loadSchedule } from '../../src/forecasting/schedule/load-schedule.ts';

interface KnownDifference {
  readonly id: string;
  readonly fields: readonly string[];
  readonly reason: string;
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`cases/${file}`, import.meta.url), 'utf8'));

const known = read('known-differences.json') as readonly KnownDifference[];
const cases = ['healthy.json', 'condition.json'].flatMap((file) => read(file) as readonly CdsiCase[]);
const schedule = loadSchedule();
const comparisons = cases.flatMap((one) => compareCase(schedule, one));
const report = reportOn(schedule.version, comparisons);

function nameOf({ field, dose }: Comparison): string {
  return dose === undefined ? field : `${field}.${dose}`;
}

function isKnown(comparison: Comparison): boolean {
  return known.some(({ id, fields }) => id === comparison.id && fields.includes(nameOf(comparison)));
}

afterAll(() => {
  process.stdout.write(`\n${writeReport({ ...report, differences: [] }).replace('No field differs.', '')}\n`);
});

function claimOf(comparison: Comparison): string {
  return `${nameOf(comparison)} ${isKnown(comparison) ? 'differs, as is known' : 'is as CDC expects'}`;
}

describe.each([...Map.groupBy(comparisons, ({ id }) => id)])('case %s', (_, fields) => {
  test.each(fields.map((one) => [claimOf(one), one] as const))('%s', (_claim, one) => {
    if (isKnown(one)) expect(one.agrees).toBe(false);
    else expect(one.agrees ? one.expected : one.actual).toBe(one.expected);
  });
});

describe('the figures of the test cases', () => {
  test('every healthy case agrees in every field', () => {
    expect(report.suites['healthy']?.cases).toEqual({ agree: 709, of: 709 });
  });

  test('224 of 236 underlying conditions agree in status and dates, 220 in every field', () => {
    expect(report.suites['condition']?.forecasts).toEqual({ agree: 224, of: 236 });
    expect(report.suites['condition']?.cases).toEqual({ agree: 220, of: 236 });
  });

  test('every known difference is listed in the documentation with its reason', () => {
    const page = readFileSync(new URL('../../docs/forecast-differences.md', import.meta.url), 'utf8').replace(
      / +/g,
      ' ',
    );
    for (const { id, fields, reason } of known)
      expect(page).toContain(`| ${id} | ${fields.join(', ')} | ${reason} |`);
  });
});
