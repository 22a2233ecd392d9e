/** Explanations: the chain of rules and dates behind a result, in words and in a structured form. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/forecasting/explain.ts';
import type { ForecastRequest } from '../../src/forecasting/patient.ts';
import { loadSchedule } from '../../src/forecasting/schedule/load-schedule.ts';
import { recordTrace } from '../../src/forecasting/trace.ts';
import { forecast } from '../../src/forecasting/forecast.ts';

const schedule = loadSchedule();
const request: ForecastRequest = {
  patient: { birthDate: '2024-03-01', gender: 'F' },
  doses: [
    { id: 'early', date: '2025-02-20', cvx: '03' },
    { id: 'second', date: '2025-03-10', cvx: '21' },
  ],
  assessmentDate: '2025-11-10',
};

describe('an explanation', () => {
  const { entries, lines, result } = explain(schedule, request, { vaccineGroup: 'MMR' });

  test('names rule, dates and outcome of every step of a dose', () => {
    expect(entries).toContainEqual({
      step: '6.4',
      rules: ['Table 6-15', 'CALCDTAGE-1', 'CALCDTAGE-4', 'CALCDTAGE-5'],
      outcome: 'too-young',
      antigen: 'Measles',
      series: 'Measles 2-dose series',
      targetDose: 1,
      dose: 'early',
      facts: { administered: '2025-02-20', absoluteMinimumAge: '2025-02-25', minimumAge: '2025-03-01' },
    });
  });

  test('says the same in words that name the date of the dose', () => {
    expect(lines).toContain(
      '  Dose of 2025-02-20: too young; it counts from 2025-02-25 on. [6.4, Table 6-15, CALCDTAGE-1, CALCDTAGE-4, CALCDTAGE-5]',
    );
  });

  test('ends with the dates of the forecast', () => {
    const found = result.forecasts.find(({ vaccineGroup }) => vaccineGroup === 'MMR');
    const dates = entries.findLast(
      ({ step, series }) => step === '7.5' && series === 'Measles 2-dose series',
    );
    expect(dates?.facts['earliest']).toBe(found?.earliestDate);
  });

  test('keeps to the vaccine group, and to one dose if asked', () => {
    expect(new Set(entries.map(({ antigen }) => antigen))).toEqual(new Set(['Measles', 'Mumps', 'Rubella']));
    const ofDose = explain(schedule, request, { dose: 'second' }).entries;
    expect(new Set(ofDose.map(({ dose }) => dose))).toEqual(new Set(['second']));
    expect(ofDose.map(({ outcome }) => outcome)).toContain('vaccine-conflict');
  });

  test('can show every relevant series, also those that were not selected', () => {
    const series = (everySeries: boolean) =>
      new Set(
        explain(schedule, request, { vaccineGroup: 'Varicella', everySeries }).entries.map(
          (one) => one.series,
        ),
      );
    expect(series(true).size).toBeGreaterThan(series(false).size);
  });

  test('has words for every outcome that CDC data can lead to', () => {
    const adult: ForecastRequest = {
      patient: { birthDate: '1950-01-01', gender: 'F' },
      doses: [
        { id: '1', date: '1960-01-01', cvx: '02' },
        { id: '2', date: '1960-01-05', cvx: '02' },
        { id: '3', date: '2015-01-01', cvx: '121', lotExpirationDate: '2014-12-31' },
        { id: '4', date: '2016-01-01', cvx: '115' },
      ],
      observations: [{ code: '160' }, { code: '080' }],
      assessmentDate: '2025-11-10',
    };
    for (const asked of [request, adult]) {
      for (const line of explain(schedule, asked, { everySeries: true }).lines)
        expect(line).not.toMatch(/^ {2}[a-z-]+\. \[|\{|\}|undefined/);
    }
  });
});

test('antigens that are evaluated twice, for a conflict, are told once', () => {
  const trace = recordTrace();
  const doses = [
    { id: 'young', date: '2025-02-01', cvx: '03' },
    { id: 'varicella', date: '2025-02-26', cvx: '21' },
  ];
  forecast(schedule, { ...request, doses }, trace);
  const conflicts = trace
    .entries()
    .filter(
      ({ step, dose, series }) =>
        step === '6.7' && dose === 'varicella' && series === 'Varicella childhood 2-dose series',
    );
  expect(conflicts).toHaveLength(1);
});

test('the worked child of the documentation gets the answer that is printed there', () => {
  const page = readFileSync(new URL('../../docs/forecasting.md', import.meta.url), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const printed = [...page.matchAll(/```text\n([\s\S]*?)```/g)].flatMap(([, text = '']) =>
    text.trimEnd().split('\n'),
  );
  const child = JSON.parse(json) as ForecastRequest;
  const { lines, result } = explain(schedule, child, { vaccineGroup: 'Varicella' });
  expect(lines).toEqual(expect.arrayContaining(printed.filter((line) => line.startsWith('  '))));
  for (const { vaccineGroup, earliestDate, pastDueDate } of result.forecasts.filter((one) =>
    ['MMR', 'Varicella'].includes(one.vaccineGroup),
  )) {
    const line = printed.find((one) => one.startsWith(`${vaccineGroup} (`));
    expect(line).toContain(`earliest ${earliestDate}`);
    expect(line).toContain(`past due after ${pastDueDate}`);
  }
});
