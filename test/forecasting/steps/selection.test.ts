/** Chapter 8, table by table: which of several series the forecast is made from. */
import { describe, expect, test } from '@jest/globals';
import type { Dose } from '../../../src/forecasting/patient.ts';
import { ask, given, seriesSchedule, type Asked, type SeriesSpec } from '../small-schedule.ts';

/** Names of the best series, by series group. */
function best(series: readonly SeriesSpec[], doses: readonly Dose[] = [], asked: Asked = {}): string[] {
  return ask(seriesSchedule(...series), doses, asked).forecasts.flatMap((one) =>
    one.series.map((contained) => contained.series),
  );
}

const two = { doses: [{}, {}] };
const three = { doses: [{}, {}, {}] };
const RISK = { type: 'Risk', indications: [{ observation: '001' }] } as const;
const atRisk = { observations: [{ code: '001' }] };

describe('8.1 pre-filter (SELECTB-24, SELECTSCORE-2)', () => {
  test('of risk series those of the highest priority are scorable', () => {
    expect(
      best(
        [
          { ...RISK, name: 'B', seriesPriority: 'B', ...two },
          { ...RISK, name: 'A', seriesPriority: 'A', ...three },
        ],
        [],
        atRisk,
      ),
    ).toEqual(['A']);
  });

  test('a contraindicated series is no candidate unless its whole group is contraindicated', () => {
    const schedule = (cvx: string) => [
      { name: 'first', ...RISK, doses: [{ preferable: [{ cvx: '900' }] }] },
      { name: 'second', ...RISK, doses: [{ preferable: [{ cvx }] }] },
    ];
    const asked = { observations: [{ code: '001' }, { code: '002' }] };
    const choose = (cvx: string) => {
      const series = schedule(cvx);
      const release = seriesSchedule(...series);
      const antigens = release.antigens.map((antigen) => ({
        ...antigen,
        vaccineContraindications: [
          {
            observation: '002',
            guidance: undefined,
            vaccines: new Map([[release.vaccineIds.get('900')!, [{ begin: -1, end: -1 }]]]),
          },
        ],
      }));
      const patched = {
        ...release,
        antigens,
        groups: release.groups.map((group) => ({ ...group, antigens })),
      };
      return ask(patched, [], asked).forecasts.map((one) => `${one.series[0]!.series} ${one.status}`);
    };
    expect(choose('901')).toEqual(['second Not Complete']);
    expect(choose('900')).toEqual(['first Contraindicated']);
  });

  test('a standard series counts if its first valid dose came before the maximum age to start', () => {
    const series = [
      { name: 'early', defaultSeries: true as const, maxAgeToStart: { y: 1 }, ...two },
      { name: 'late', ...three },
    ];
    expect(best(series, [given('2021-01-14')])).toEqual(['early']);
    expect(best(series, [given('2021-01-15')])).toEqual(['late']);
  });

  test('without a valid dose the default series is taken, or all compete where there is none', () => {
    expect(
      best([
        { name: 'first', ...two },
        { name: 'default', defaultSeries: true, ...three },
      ]),
    ).toEqual(['default']);
    expect(
      best([
        { name: 'later', doses: [{ age: [{ minAge: { y: 5 } }] }] },
        { name: 'sooner', ...two },
      ]),
    ).toEqual(['sooner']);
  });

  test('a series for evaluation only counts once it is complete', () => {
    const series = [
      { name: 'usual', defaultSeries: true as const, doses: [{ preferable: [{ cvx: '901' }] }] },
      { name: 'abroad', type: 'Evaluation Only' as const, doses: [{ preferable: [{ cvx: '902' }] }] },
    ];
    expect(best(series)).toEqual(['usual']);
    expect(best(series, [given('2021-01-01', { cvx: '902' })])).toEqual(['abroad']);
  });

  test('a series with a minimum age to start that is not reached yet gives way', () => {
    const series = [
      { name: 'adults', minAgeToStart: { y: 18 }, ...two },
      { name: 'children', ...three },
    ];
    expect(best(series)).toEqual(['children']);
    expect(best([{ name: 'adults', minAgeToStart: { y: 18 }, defaultSeries: true, ...two }])).toEqual([
      'adults',
    ]);
  });

  test('a risk series is not begun in the middle, whatever its priority', () => {
    const skipped = [
      {
        context: 'Both',
        logic: 'AND',
        sets: [{ logic: 'AND', conditions: [{ type: 'Age', beginAge: { y: 1 } }] }],
      },
    ] as const;
    const infants = {
      ...RISK,
      name: 'infants',
      seriesPriority: 'A',
      doses: [{ conditionalSkip: skipped }, {}],
    };
    const adults = { ...RISK, name: 'adults', seriesPriority: 'B', ...two };
    expect(best([infants, adults], [], atRisk)).toEqual(['adults']);
    expect(best([infants, adults], [], { ...atRisk, assessmentDate: '2020-06-01' })).toEqual(['infants']);
    expect(best([infants], [], atRisk)).toEqual(['infants']);
  });
});

describe('8.2 one prioritized series (Table 8-3)', () => {
  test('the only complete one', () => {
    expect(
      best(
        [
          { name: 'long', defaultSeries: true, ...three },
          { name: 'short', ...two },
        ],
        [given('2021-01-01'), given('2021-03-01')],
      ),
    ).toEqual(['short']);
  });

  test('the only one in process', () => {
    const started = { name: 'started', doses: [{ preferable: [{ cvx: '901' }] }, {}] };
    expect(
      best(
        [{ name: 'default', defaultSeries: true, ...two }, started],
        [given('2021-01-01', { cvx: '901' })],
      ),
    ).toEqual(['started']);
  });

  test('the only one in process, before a default series that is not', () => {
    const series = [
      { name: 'default', ...RISK, defaultSeries: true as const, ...two },
      { name: 'started', ...RISK, doses: [{ preferable: [{ cvx: '901' }] }, {}] },
    ];
    expect(best(series, [given('2021-01-01', { cvx: '901' })], atRisk)).toEqual(['started']);
    expect(best(series, [], atRisk)).toEqual(['default']);
  });

  test('a group without a scorable and without a default series yields nothing', () => {
    const late = { name: 'late', maxAgeToStart: { y: 1 }, ...two };
    expect(best([late], [given('2021-06-01')])).toEqual([]);
  });
});

describe('8.4 to 8.7 points and preference', () => {
  test('of complete series the one with the most valid doses (Table 8-7)', () => {
    const doses = [given('2021-01-01'), given('2021-03-01'), given('2021-05-01')];
    expect(
      best(
        [
          { name: 'two', seriesPreference: 1, ...two },
          { name: 'three', seriesPreference: 2, ...three },
        ],
        doses,
      ),
    ).toEqual(['three']);
  });

  test('of series in process a product series with valid doses only wins by Table 8-9', () => {
    const product = { name: 'product', productPath: true as const, seriesPreference: 2, ...two };
    expect(best([{ name: 'mixed', seriesPreference: 1, ...two }, product], [given('2021-01-01')])).toEqual([
      'product',
    ]);
  });

  test('a product series with a dose that was not valid loses these points (SELECTB-2)', () => {
    const interval = [{ from: 'previous', absMinInt: { d: 28 } }] as const;
    const product = {
      name: 'product',
      productPath: true as const,
      seriesPreference: 2,
      doses: [{}, { interval }, {}],
    };
    const mixed = { name: 'mixed', seriesPreference: 1, doses: [{}, { interval }, {}] };
    expect(best([mixed, product], [given('2021-01-01'), given('2021-01-02')])).toEqual(['mixed']);
  });

  test('one that can be completed before its maximum age wins even over a product series (SELECTB-3, -12)', () => {
    const interval = [{ from: 'previous', minInt: { y: 1 } } as const];
    const product = { name: 'product', productPath: true as const, seriesPreference: 1 };
    const late = { ...product, doses: [{}, {}, { age: [{ maxAge: { y: 2, m: 6 } }], interval }] };
    const open = { name: 'open', seriesPreference: 2, doses: [{}, {}, { interval }] };
    expect(best([late, open], [given('2021-12-01')])).toEqual(['open']);
    expect(best([{ ...late, doses: [{}, {}, { interval }] }, open], [given('2021-12-01')])).toEqual([
      'product',
    ]);
  });

  test('the one closest to completion wins (SELECTB-5)', () => {
    expect(
      best(
        [
          { name: 'long', seriesPreference: 1, ...three },
          { name: 'short', seriesPreference: 2, ...two },
        ],
        [given('2021-12-01')],
      ),
    ).toEqual(['short']);
  });

  test('without valid doses the series that can start earliest wins, and a product series loses (Table 8-11)', () => {
    const later = { name: 'later', ...RISK, seriesPreference: 1, doses: [{ age: [{ minAge: { y: 3 } }] }] };
    expect(best([later, { name: 'sooner', ...RISK, seriesPreference: 2, ...two }], [], atRisk)).toEqual([
      'sooner',
    ]);
    const product = { name: 'product', ...RISK, productPath: true as const, seriesPreference: 1, ...two };
    expect(best([product, { name: 'any', ...RISK, seriesPreference: 2, ...two }], [], atRisk)).toEqual([
      'any',
    ]);
  });

  test('equal scores are settled by the series preference (SELECTBEST-2)', () => {
    expect(
      best(
        [
          { name: 'second', ...RISK, seriesPreference: 2, ...two },
          { name: 'first', ...RISK, seriesPreference: 1, ...two },
        ],
        [],
        atRisk,
      ),
    ).toEqual(['first']);
  });
});

describe('8.8 best patient series (Table 8-14)', () => {
  const standard = (more: Partial<SeriesSpec> = {}): SeriesSpec => ({
    name: 'standard',
    defaultSeries: true,
    ...two,
    ...more,
  });
  const risk = (more: Partial<SeriesSpec> = {}): SeriesSpec => ({
    name: 'risk',
    ...RISK,
    seriesGroup: '2',
    ...three,
    ...more,
  });
  const done = [given('2021-01-01'), given('2021-03-01')];

  test('an incomplete standard series gives way to a risk series of a group that it names', () => {
    expect(best([standard({ equivalentSeriesGroups: ['2'] }), risk()], [], atRisk)).toEqual(['risk']);
    expect(best([standard(), risk()], [], atRisk)).toEqual(['standard', 'risk']);
  });

  test('a complete series stays, and ends one that names its group', () => {
    expect(best([standard(), risk({ equivalentSeriesGroups: ['1'] })], done, atRisk)).toEqual(['standard']);
  });

  test('a series group that the patient is too young for yields nothing beside another', () => {
    const adults = standard({ name: 'adults', seriesGroup: '3', minAgeToStart: { y: 50 } });
    expect(best([standard(), adults])).toEqual(['standard']);
    expect(best([standard(), adults], [], { birthDate: '1960-01-01' })).toEqual(['standard', 'adults']);
  });

  test('the relation is not symmetric: a risk series that names nothing goes on', () => {
    expect(best([standard({ equivalentSeriesGroups: ['2'] }), risk()], done, atRisk)).toEqual([
      'standard',
      'risk',
    ]);
  });
});
