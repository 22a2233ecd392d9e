/** What holds for every patient, whoever it is: on the shipped schedule and generated histories. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forecast } from '../../src/forecasting/forecast.ts';
import type { Dose, ForecastRequest } from '../../src/forecasting/patient.ts';
import type { ForecastResult, VaccineGroupForecast } from '../../src/forecasting/result.ts';
import type { Series, SeriesDosePlan } from '../../src/forecasting/schedule/schedule.ts';
import { recordTrace } from '../../src/forecasting/trace.ts';
import { request, schedule } from './histories.ts';

const RUNS = { numRuns: 150 };

function everyForecast(
  check: (found: VaccineGroupForecast, asked: ForecastRequest) => void,
  runs = RUNS,
): void {
  fc.assert(
    fc.property(request, (asked) => {
      for (const found of forecast(schedule, asked).forecasts) check(found, asked);
    }),
    runs,
  );
}

describe('dates', () => {
  test('earliest, recommended and past due follow each other, and latest is not before earliest', () => {
    everyForecast(({ earliestDate, recommendedDate, pastDueDate, latestDate }) => {
      if (earliestDate === undefined) return;
      expect(recommendedDate! >= earliestDate).toBe(true);
      if (pastDueDate !== undefined) expect(pastDueDate >= recommendedDate!).toBe(true);
      if (latestDate !== undefined) expect(latestDate >= earliestDate).toBe(true);
    });
  });

  test('exactly the Not Complete forecasts have dates and a dose number', () => {
    everyForecast((found) => {
      const dated = ['earliestDate', 'recommendedDate', 'doseNumber'].map((name) => name in found);
      expect(dated).toEqual(found.status === 'Not Complete' ? [true, true, true] : [false, false, false]);
      if (found.status !== 'Not Complete')
        expect(Object.keys(found).some((name) => name.endsWith('Date'))).toBe(false);
    });
  });

  test('exactly the forecasts that are not open have a reason in every contained series that is not', () => {
    everyForecast(({ series }) => {
      for (const { status, reason } of series) expect(reason === undefined).toBe(status === 'Not Complete');
    });
  });
});

function planOf(
  antigen: string,
  name: string,
  target: number | undefined,
): { series: Series; plan: SeriesDosePlan } | undefined {
  const series = schedule.antigens
    .find((one) => one.name === antigen)
    ?.series.find((one) => one.name === name);
  const plan = series?.doses.find(({ number }) => number === target);
  return series && plan && { series, plan };
}

/** Statuses, in one series, of a dose of each preferable vaccine given on a day. */
function statusesOn(day: string, asked: ForecastRequest, series: Series, plan: SeriesDosePlan): string[] {
  return plan.preferable.rows.flatMap(({ vaccine, mvx }) => {
    const added: Dose = {
      id: 'added',
      date: day,
      cvx: schedule.vaccines[vaccine]!.cvx,
      ...(mvx !== undefined && { mvx }),
    };
    const trace = recordTrace();
    const assessmentDate = day > asked.assessmentDate ? day : asked.assessmentDate;
    const { notices } = forecast(
      schedule,
      { ...asked, doses: [...asked.doses, added], assessmentDate },
      trace,
    );
    if (notices.some(({ kind }) => kind === 'duplicate')) return ['Valid'];
    return trace
      .entries()
      .flatMap((one) =>
        one.step === '6.10' && one.dose === 'added' && one.series === series.name ? [one.outcome] : [],
      );
  });
}

test('a preferable vaccine given on the earliest date is Valid', () => {
  everyForecast(
    ({ status, earliestDate, series: contained }, asked) => {
      if (status !== 'Not Complete' || earliestDate === undefined || contained.length > 1) return;
      const [one] = contained;
      const found = one && planOf(one.antigen, one.series, one.targetDose);
      // A few target doses of the release have no minimum age; then "earliest" can be the day of birth.
      if (found === undefined || found.series.season >= 0 || !found.plan.ages.some(({ min }) => min >= 0))
        return;
      expect(statusesOn(earliestDate, asked, found.series, found.plan)).toContain('Valid');
    },
    { numRuns: 25 },
  );
});

describe('the same question has the same answer', () => {
  test('whatever the order of the doses and observations', () => {
    const shuffled = request.chain((asked) =>
      fc.tuple(
        fc.constant(asked),
        fc.shuffledSubarray([...asked.doses], { minLength: asked.doses.length }),
        fc.boolean(),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([asked, doses, reverse]) => {
        const observations = reverse ? asked.observations?.toReversed() : asked.observations;
        expect(
          inOrder(forecast(schedule, { ...asked, doses, ...(observations && { observations }) })),
        ).toEqual(inOrder(forecast(schedule, asked)));
      }),
      RUNS,
    );
  });

  test('again and again, and when it is traced', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const first = forecast(schedule, asked);
        expect(forecast(schedule, asked)).toEqual(first);
        expect(forecast(schedule, asked, recordTrace())).toEqual(first);
      }),
      RUNS,
    );
  });
});

/** Notices come in the order of the request; nothing else does. */
function inOrder(result: ForecastResult): ForecastResult {
  return {
    ...result,
    notices: result.notices.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  };
}

test('a dose of an unrelated vaccine that conflicts with none changes nothing for the other groups', () => {
  const RABIES = '175';
  fc.assert(
    fc.property(request, (asked) => {
      const before = forecast(schedule, asked);
      const added = { id: 'rabies', date: asked.assessmentDate, cvx: RABIES };
      const after = forecast(schedule, { ...asked, doses: [...asked.doses, added] });
      const others = ({ forecasts, evaluations }: ForecastResult) => ({
        forecasts: forecasts.filter(({ vaccineGroup }) => vaccineGroup !== 'Rabies'),
        evaluations: evaluations.filter(({ vaccineGroup }) => vaccineGroup !== 'Rabies'),
      });
      expect(others(after)).toEqual(others(before));
    }),
    RUNS,
  );
});

test('every dose is evaluated in every relevant series of its antigens, or named in a notice', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const { evaluations, notices } = forecast(schedule, asked);
      const seen = new Set([
        ...evaluations.map(({ dose }) => dose),
        ...notices.flatMap(({ dose }) => dose ?? []),
      ]);
      expect(asked.doses.filter(({ id }) => !seen.has(id))).toEqual([]);
      const keys = evaluations.map(
        ({ dose, vaccineGroup, seriesType }) => `${dose} ${vaccineGroup} ${seriesType}`,
      );
      expect(new Set(keys).size).toBe(keys.length);
    }),
    RUNS,
  );
});
