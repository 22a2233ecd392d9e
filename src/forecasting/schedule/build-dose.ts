/** Turns a series dose of a release into the plan that the engine follows. */
import type { Numbers, AntigenCalendar } from './number-values.ts';
import { inForce, spanOf } from './number-values.ts';
import type * as Data from './release.ts';
import type { Duration } from '../civil-date.ts';
import type {
  AgeRow,
  AllowableList,
  IntervalReference,
  IntervalRow,
  PreferableList,
  SeriesDosePlan,
  Skip,
  SkipCondition,
  Span,
} from './schedule.ts';
import { NONE } from './schedule.ts';

/** What the doses of one antigen are built with. */
export interface DoseParts {
  readonly numbers: Numbers;
  readonly calendar: AntigenCalendar;
  readonly preferable: readonly PreferableList[];
  readonly allowable: readonly AllowableList[];
  /** Whether a vaccine type holds the antigen. */
  readonly holdsAntigen: (cvx: string) => boolean;
}

const NO_PREFERABLE: PreferableList = { rows: [], byVaccine: new Map(), conflicts: [] };
const NO_ALLOWABLE: AllowableList = new Map();

export function buildDose(parts: DoseParts, dose: Data.SeriesDose): SeriesDosePlan {
  return {
    number: dose.doseNumber,
    ages: (dose.age ?? []).map((row) => buildAge(parts.numbers, row)),
    intervals: (dose.interval ?? []).map((row) => buildInterval(parts.numbers, row)),
    allowableIntervals: (dose.allowableInterval ?? []).map((row) => buildInterval(parts.numbers, row)),
    ...buildVaccines(parts, dose),
    evaluationSkips: skipsFor(parts, dose, 'Evaluation'),
    forecastSkips: skipsFor(parts, dose, 'Forecast'),
    recurring: dose.recurringDose ?? false,
    ...buildSeason(parts, dose.season),
  };
}

function buildVaccines({ preferable, allowable, numbers }: DoseParts, dose: Data.SeriesDose) {
  return {
    preferable: preferable[dose.preferable ?? NONE] ?? NO_PREFERABLE,
    allowable: allowable[dose.allowable ?? NONE] ?? NO_ALLOWABLE,
    inadvertent: dose.inadvertent && numbers.vaccineSet(dose.inadvertent),
  };
}

function buildSeason({ calendar }: DoseParts, season: Data.Season | undefined) {
  return {
    seasonStart: calendar.date(season?.startDate, season),
    seasonEnd: calendar.date(season?.endDate, season),
  };
}

function skipsFor(parts: DoseParts, dose: Data.SeriesDose, context: Data.SkipContext): Skip[] {
  return (dose.conditionalSkip ?? [])
    .filter((skip) => skip.context === context || skip.context === 'Both')
    .map((skip) => buildSkip(parts, dose, skip));
}

function buildAge({ age }: Numbers, row: Data.AgeRow): AgeRow {
  return {
    absMin: age(row.absMinAge),
    min: age(row.minAge),
    earliestRec: age(row.earliestRecAge),
    latestRec: age(row.latestRecAge),
    max: age(row.maxAge),
    ...inForce(row),
  };
}

function span(duration: Duration | undefined): Span | undefined {
  return duration && spanOf(duration);
}

function buildInterval(numbers: Numbers, row: Data.IntervalRow): IntervalRow {
  return {
    reference: buildReference(numbers, row.from),
    absMin: span(row.absMinInt),
    min: span(row.minInt),
    earliestRec: span(row.earliestRecInt),
    latestRec: span(row.latestRecInt),
    priority: row.priority ?? false,
    ...inForce(row),
  };
}

function buildReference(numbers: Numbers, from: Data.IntervalFrom): IntervalReference {
  if (from === 'previous') return { kind: 'previous' };
  if ('targetDose' in from) return { kind: 'target-dose', number: from.targetDose };
  if ('mostRecent' in from) return { kind: 'most-recent', vaccines: numbers.vaccineSet(from.mostRecent) };
  return { kind: 'observation', code: from.observation };
}

function buildSkip(parts: DoseParts, dose: Data.SeriesDose, skip: Data.ConditionalSkip): Skip {
  return {
    all: skip.logic === 'AND',
    sets: skip.sets.map((set) => ({
      all: set.logic === 'AND',
      ...inForce(set),
      conditions: set.conditions.map((condition) => buildCondition(parts, dose, condition)),
    })),
  };
}

function buildCondition(
  parts: DoseParts,
  dose: Data.SeriesDose,
  condition: Data.SkipCondition,
): SkipCondition {
  if (condition.type === 'Age') return { kind: 'age', ...parts.numbers.range(condition) };
  if (condition.type === 'Completed Series')
    return { kind: 'completed-series', groups: condition.seriesGroups };
  if (condition.type === 'Interval') return { kind: 'interval', interval: spanOf(condition.interval) };
  const listed = condition.vaccineTypes.length > 0;
  return {
    kind: 'count',
    ...parts.numbers.range(condition),
    startDate: parts.calendar.date(condition.startDate, dose.season),
    endDate: parts.calendar.date(condition.endDate, dose.season),
    count: condition.doseCount,
    logic: condition.doseCountLogic,
    validOnly: condition.doseType === 'Valid',
    vaccines: listed ? parts.numbers.vaccineSet(condition.vaccineTypes) : undefined,
    foreign: condition.vaccineTypes.some((cvx) => !parts.holdsAntigen(cvx)),
  };
}
