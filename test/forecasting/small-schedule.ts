/** Builds schedules of a few series for the tests of single rules: one antigen, `Testitis`, unless said otherwise. */
import { buildSchedule } from '../../src/forecasting/schedule/build-schedule.ts';
import type * as Data from '../../src/forecasting/schedule/release.ts';
import { RELEASE_FORMAT } from '../../src/forecasting/schedule/release.ts';
import type { Schedule } from '../../src/forecasting/schedule/schedule.ts';
import { forecast } from '../../src/forecasting/forecast.ts';
import type { Dose, ForecastRequest } from '../../src/forecasting/patient.ts';
import type { DoseEvaluation, ForecastResult, VaccineGroupForecast } from '../../src/forecasting/result.ts';

export interface DoseSpec extends Omit<Data.SeriesDose, 'doseNumber' | 'preferable' | 'allowable'> {
  /** Default: CVX 900 at any age. */
  readonly preferable?: readonly Data.PreferableVaccine[];
  readonly allowable?: readonly Data.AllowableVaccines[];
}

export interface SeriesSpec extends Partial<Omit<Data.AntigenSeries, 'doses'>> {
  readonly doses: readonly DoseSpec[];
}

export interface AntigenSpec extends Partial<Omit<Data.AntigenData, 'series'>> {
  readonly series: readonly SeriesSpec[];
}

export interface Spec {
  readonly antigens: readonly AntigenSpec[];
  readonly vaccines?: Data.Release['vaccines'];
  readonly conflicts?: readonly Data.ConflictRow[];
  readonly administerFullVaccineGroup?: boolean;
  readonly guidance?: Readonly<Record<string, string>>;
}

export const TESTITIS = 'Testitis';

function vaccine(name: string, ...antigens: readonly string[]): Data.VaccineData {
  return { name, antigens: antigens.map((antigen) => ({ antigen })) };
}

/** 900 is the usual vaccine, 901 and 902 others of the same antigen, 990 one of another antigen. */
const VACCINES: Data.Release['vaccines'] = {
  900: vaccine('Test vaccine', TESTITIS),
  901: vaccine('Other test vaccine', TESTITIS),
  902: vaccine('Third test vaccine', TESTITIS),
  990: vaccine('Foreign vaccine'),
};

/** A release with the series of a specification. */
function releaseOf(spec: Spec): Data.Release {
  const preferableVaccines: (readonly Data.PreferableVaccine[])[] = [];
  const allowableVaccines: (readonly Data.AllowableVaccines[])[] = [];
  const doseOf = (
    { preferable = [{ cvx: '900' }], allowable, ...rest }: DoseSpec,
    at: number,
  ): Data.SeriesDose => ({
    ...rest,
    doseNumber: at + 1,
    preferable: preferableVaccines.push(preferable) - 1,
    ...(allowable !== undefined && { allowable: allowableVaccines.push(allowable) - 1 }),
  });
  const antigens = spec.antigens.map(({ name = TESTITIS, vaccineGroup = name, series, ...rest }) => ({
    ...rest,
    name,
    vaccineGroup,
    series: series.map(({ doses, ...about }, at) => ({
      name: `Series ${at + 1}`,
      type: 'Standard' as const,
      seriesGroup: '1',
      seriesGroupName: about.type ?? 'Standard',
      seriesPriority: 'A',
      seriesPreference: at + 1,
      ...about,
      doses: doses.map(doseOf),
    })),
  }));
  return {
    format: RELEASE_FORMAT,
    version: 'test-1',
    digest: '0',
    source: 'made up for tests',
    vaccineGroups: [...Map.groupBy(antigens, ({ vaccineGroup }) => vaccineGroup)].map(([name, members]) => ({
      name,
      administerFullVaccineGroup: spec.administerFullVaccineGroup ?? false,
      antigens: members.map((one) => one.name),
    })),
    vaccines: { ...VACCINES, ...spec.vaccines },
    conflicts: spec.conflicts ?? [],
    observations: {
      '001': { title: 'Seeks protection' },
      '002': { title: 'Asplenia' },
      '003': { title: 'Immune by test' },
    },
    preferableVaccines,
    allowableVaccines,
    antigens,
  };
}

export function scheduleOf(spec: Spec): Schedule {
  return buildSchedule(releaseOf(spec), spec.guidance ?? {});
}

/** A schedule of one antigen with these series. */
export function seriesSchedule(...series: readonly SeriesSpec[]): Schedule {
  return scheduleOf({ antigens: [{ series }] });
}

/** A schedule of one default series with these doses. */
export function dosesSchedule(...doses: readonly DoseSpec[]): Schedule {
  return seriesSchedule({ defaultSeries: true, doses });
}

/** A dose of CVX 900, whose id is its date. */
export function given(date: string, more: Partial<Dose> = {}): Dose {
  return { id: date, date, cvx: '900', ...more };
}

export interface Asked extends Partial<Omit<ForecastRequest, 'patient' | 'doses'>> {
  readonly birthDate?: string;
  readonly gender?: string;
  readonly countryOfBirth?: string;
}

/** The result for somebody born on 2020-01-15 (if nothing else is said) and assessed on 2022-01-15. */
export function ask(schedule: Schedule, doses: readonly Dose[], asked: Asked = {}): ForecastResult {
  const {
    birthDate = '2020-01-15',
    gender = 'F',
    countryOfBirth,
    assessmentDate = '2022-01-15',
    ...rest
  } = asked;
  const patient = { birthDate, gender, ...(countryOfBirth !== undefined && { countryOfBirth }) };
  return forecast(schedule, { patient, doses, assessmentDate, ...rest });
}

/** The only forecast. */
export function onlyForecast(result: ForecastResult): VaccineGroupForecast {
  const [first, second] = result.forecasts;
  if (first === undefined || second !== undefined) throw new Error(`${result.forecasts.length} forecasts`);
  return first;
}

/** The evaluation of the dose with an id. */
export function evaluationOf(result: ForecastResult, id: string): DoseEvaluation {
  const found = result.evaluations.find(({ dose }) => dose === id);
  if (found === undefined) throw new Error(`no evaluation of ${id}`);
  return found;
}

/** Status and reasons of the dose with an id, as one text. */
export function saidOf(result: ForecastResult, id: string): string {
  const { status, reasons } = evaluationOf(result, id);
  return [status, ...reasons].join(' ');
}
