/** Reads one series dose of an antigen file: its ages, intervals, vaccines, skips and season. */
import { fail } from '../../core/failure.ts';
import { readConditionalSkip } from './read-skip.ts';
import type {
  AgeRow,
  AllowableVaccines,
  IntervalFrom,
  IntervalRow,
  PreferableVaccine,
  Season,
  SeriesDose,
} from './release.ts';
import {
  date,
  duration,
  flag,
  list,
  present,
  requiredText,
  someOf,
  text,
  wholeNumber,
  word,
} from './read-values.ts';
import { cvxCode } from './cvx.ts';
import { filled, one, type XmlElement } from './read-xml.ts';

/** Gives equal vaccine lists one place: some forty doses share the list of all DTaP vaccines. */
export interface VaccineLists {
  readonly preferable: (rows: readonly PreferableVaccine[]) => number;
  readonly allowable: (rows: readonly AllowableVaccines[]) => number;
}

export function readSeriesDose(dose: XmlElement, lists: VaccineLists): SeriesDose {
  const preferable = filled(dose, 'preferableVaccine').map(readPreferable);
  const allowable = readAllowable(filled(dose, 'allowableVaccine'));
  return present({
    doseNumber: doseNumber(requiredText(dose, 'doseNumber')),
    age: someOf(filled(dose, 'age').map(readAge)),
    interval: someOf(filled(dose, 'interval').map(readInterval)),
    allowableInterval: someOf(filled(dose, 'allowableInterval').map(readInterval)),
    preferable: preferable.length === 0 ? undefined : lists.preferable(preferable),
    allowable: allowable.length === 0 ? undefined : lists.allowable(allowable),
    inadvertent: someOf(filled(dose, 'inadvertentVaccine').map((row) => cvxCode(requiredText(row, 'cvx')))),
    conditionalSkip: someOf(filled(dose, 'conditionalSkip').map(readConditionalSkip)),
    recurringDose: flag(dose, 'recurringDose'),
    season: readSeason(filled(dose, 'seasonalRecommendation')),
  });
}

function doseNumber(words: string): number {
  const digits = /^Dose (\d+)$/i.exec(words)?.[1];
  return digits === undefined
    ? fail('not-understood', `<doseNumber> is ${words}, not Dose and a number`)
    : Number(digits);
}

function inForce(row: XmlElement) {
  return present({ effectiveDate: date(row, 'effectiveDate'), cessationDate: date(row, 'cessationDate') });
}

function readAge(row: XmlElement): AgeRow {
  return present({
    absMinAge: duration(row, 'absMinAge'),
    minAge: duration(row, 'minAge'),
    earliestRecAge: duration(row, 'earliestRecAge'),
    latestRecAge: duration(row, 'latestRecAge'),
    maxAge: duration(row, 'maxAge'),
    ...inForce(row),
  });
}

function readInterval(row: XmlElement): IntervalRow {
  return present({
    from: intervalFrom(row),
    absMinInt: duration(row, 'absMinInt'),
    minInt: duration(row, 'minInt'),
    earliestRecInt: duration(row, 'earliestRecInt'),
    latestRecInt: duration(row, 'latestRecInt'),
    // The specification says Y; the release writes `override`.
    priority: word(row, 'intervalPriority', ['override', 'Y', 'N']) === 'N' ? undefined : priority(row),
    ...inForce(row),
  });
}

function priority(row: XmlElement): true | undefined {
  return text(row, 'intervalPriority') === undefined ? undefined : true;
}

function intervalFrom(row: XmlElement): IntervalFrom {
  if (word(row, 'fromPrevious', ['Y', 'N']) === 'Y') return 'previous';
  const targetDose = wholeNumber(row, 'fromTargetDose');
  if (targetDose !== undefined) return { targetDose };
  const mostRecent = list(row, 'fromMostRecent').map(cvxCode);
  if (mostRecent.length > 0) return { mostRecent };
  const relevant = one(row, 'fromRelevantObs');
  const observation = relevant && text(relevant, 'code');
  return observation === undefined
    ? fail('required', 'An interval does not say what it is counted from')
    : { observation };
}

function readPreferable(row: XmlElement): PreferableVaccine {
  const volume = text(row, 'volume');
  return present({
    cvx: cvxCode(requiredText(row, 'cvx')),
    beginAge: duration(row, 'beginAge'),
    endAge: duration(row, 'endAge'),
    tradeName: text(row, 'tradeName'),
    mvx: text(row, 'mvx'),
    volume: volume === undefined ? undefined : volumeOf(volume),
    forecast: flag(row, 'forecastVaccineType'),
  });
}

function volumeOf(words: string): number {
  const volume = Number(words);
  return Number.isFinite(volume) ? volume : fail('not-understood', `<volume> is no number: ${words}`);
}

/** Rows grouped by age range, each group in the order of the release. */
export function readAllowable(rows: readonly XmlElement[]): AllowableVaccines[] {
  const groups = new Map<string, AllowableVaccines & { cvx: string[] }>();
  for (const row of rows) {
    const ages = present({ beginAge: duration(row, 'beginAge'), endAge: duration(row, 'endAge') });
    const key = JSON.stringify(ages);
    const group = groups.get(key) ?? { ...ages, cvx: [] };
    group.cvx.push(cvxCode(requiredText(row, 'cvx')));
    groups.set(key, group);
  }
  return [...groups.values()];
}

function readSeason([season]: readonly XmlElement[]): Season | undefined {
  return season && present({ startDate: date(season, 'startDate'), endDate: date(season, 'endDate') });
}
