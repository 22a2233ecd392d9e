/** Chapter 5, §7.2 and §7.3: relevant series, evidence of immunity, contraindications, on made-up series. */
import { describe, expect, test } from '@jest/globals';
import { ask, onlyForecast, scheduleOf, seriesSchedule, type AntigenSpec } from '../small-schedule.ts';

describe('5 relevant patient series (Tables 5-4 and 5-5)', () => {
  const risk = {
    type: 'Risk',
    indications: [{ observation: '001', beginAge: { y: 1 }, endAge: { y: 3 } }],
    doses: [{}],
  } as const;
  const count = (asked = {}) =>
    ask(seriesSchedule(risk, { seriesGroup: '2', defaultSeries: true, doses: [{}] }), [], asked).forecasts
      .length;

  test('a risk series needs an active observation at an age of its indication', () => {
    const observations = [{ code: '001' }];
    expect(count()).toBe(1);
    expect(count({ observations })).toBe(2);
    expect(count({ observations, assessmentDate: '2020-06-01' })).toBe(1);
    expect(count({ observations, assessmentDate: '2023-01-15' })).toBe(1);
    expect(count({ observations: [{ code: '002' }] })).toBe(1);
  });

  test('an observation that ended, or is dated after the assessment, is not active', () => {
    expect(count({ observations: [{ code: '001', date: '2021-01-01', endDate: '2022-01-14' }] })).toBe(1);
    expect(count({ observations: [{ code: '001', date: '2021-01-01', endDate: '2022-01-15' }] })).toBe(2);
    expect(count({ observations: [{ code: '001', date: '2022-01-16' }] })).toBe(1);
  });

  test('an antigen without any other series is forecast for the age at which an indication opens', () => {
    const schedule = seriesSchedule({ ...risk, doses: [{ age: [{ minAge: { y: 1 } }] }] });
    const result = ask(schedule, [], { assessmentDate: '2020-06-01', observations: [{ code: '001' }] });
    expect(onlyForecast(result).earliestDate).toBe('2021-01-15');
    expect(
      ask(schedule, [], { assessmentDate: '2023-06-01', observations: [{ code: '001' }] }).forecasts,
    ).toEqual([]);
  });

  test.each([
    ['F', 1],
    ['female', 1],
    ['M', 0],
    ['male', 0],
    ['other', 1],
    ['', 1],
  ])('a series for Female and Unknown is relevant for %s: %i', (gender, forecasts) => {
    const schedule = seriesSchedule({
      defaultSeries: true,
      requiredGender: ['Female', 'Unknown'],
      doses: [{}],
    });
    expect(ask(schedule, [], { gender }).forecasts).toHaveLength(forecasts);
  });
});

function withAntigen(antigen: Partial<AntigenSpec>) {
  return scheduleOf({ antigens: [{ series: [{ defaultSeries: true, doses: [{}] }], ...antigen }] });
}

describe('7.2 evidence of immunity (Table 7-3)', () => {
  const birthDate = [{ immunityBirthDate: '1980-01-01', birthCountry: 'U.S.', exclusions: ['002'] }];
  const schedule = withAntigen({ immunity: { observations: ['003'], birthDate } });
  const status = (asked: object) => onlyForecast(ask(schedule, [], asked)).status;

  test('a guideline observation proves immunity', () => {
    expect(status({ observations: [{ code: '003' }] })).toBe('Immune');
    expect(status({ birthDate: '1970-01-01', observations: [{ code: '003' }, { code: '002' }] })).toBe(
      'Immune',
    );
  });

  test.each([
    ['1979-12-31', 'Immune'],
    ['1980-01-01', 'Not Complete'],
  ])('somebody born %s is %s', (born, expected) => {
    expect(status({ birthDate: born })).toBe(expected);
  });

  test('an exclusion, or birth in another country, ends the assumption', () => {
    expect(status({ birthDate: '1970-01-01', observations: [{ code: '002' }] })).toBe('Not Complete');
    expect(status({ birthDate: '1970-01-01', countryOfBirth: 'FR' })).toBe('Not Complete');
    expect(status({ birthDate: '1970-01-01', countryOfBirth: 'USA' })).toBe('Immune');
    expect(status({ birthDate: '1970-01-01', countryOfBirth: 'us' })).toBe('Immune');
  });

  test('an unknown country counts as the one assumed, and a rule without a country holds for everybody', () => {
    expect(status({ birthDate: '1970-01-01', assumedCountryOfBirth: 'unknown' })).toBe('Not Complete');
    const everywhere = withAntigen({ immunity: { birthDate: [{ immunityBirthDate: '1980-01-01' }] } });
    expect(onlyForecast(ask(everywhere, [], { birthDate: '1970-01-01', countryOfBirth: 'FR' })).status).toBe(
      'Immune',
    );
  });
});

describe('7.3 contraindications (Tables 7-5 to 7-8)', () => {
  const observations = [{ code: '002' }];

  test('an antigen contraindication closes every series, at the ages that it names', () => {
    const schedule = withAntigen({
      contraindications: [{ observation: '002', beginAge: { y: 2 }, endAge: { y: 3 } }],
    });
    expect(onlyForecast(ask(schedule, [], { observations }))).toMatchObject({
      status: 'Contraindicated',
      reasons: ['contraindicated'],
    });
    expect(onlyForecast(ask(schedule, [], { observations, assessmentDate: '2022-01-14' })).status).toBe(
      'Not Complete',
    );
    expect(onlyForecast(ask(schedule, [], { observations, assessmentDate: '2023-01-15' })).status).toBe(
      'Not Complete',
    );
  });

  const vaccineContraindications = [{ observation: '002', vaccines: [{ cvx: ['900'] }] }];

  test('a vaccine contraindication closes the target dose if no preferable and no allowable vaccine is left', () => {
    const series = (doses: AntigenSpec['series'][number]['doses']) =>
      withAntigen({ vaccineContraindications, series: [{ defaultSeries: true, doses }] });
    const status = (doses: AntigenSpec['series'][number]['doses']) =>
      onlyForecast(ask(series(doses), [], { observations })).status;
    expect(status([{}])).toBe('Contraindicated');
    expect(status([{ preferable: [{ cvx: '900' }, { cvx: '901' }] }])).toBe('Not Complete');
    expect(status([{ allowable: [{ cvx: ['902'] }] }])).toBe('Not Complete');
    expect(status([{ preferable: [] }])).toBe('Not Complete');
  });

  test('a contraindicated vaccine is not recommended', () => {
    const preferable = [
      { cvx: '900', forecast: true },
      { cvx: '901', forecast: true },
    ] as const;
    const schedule = withAntigen({
      vaccineContraindications,
      series: [{ defaultSeries: true, doses: [{ preferable }] }],
    });
    expect(onlyForecast(ask(schedule, [], { observations })).recommendedVaccines).toEqual([
      { cvx: '901', name: 'Other test vaccine' },
    ]);
  });
});
