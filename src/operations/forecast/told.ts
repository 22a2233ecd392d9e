/** What is told beside a forecast: records that the rules set aside, and the season that was projected. */
import type { Issue } from '../../core/failure.ts';
import type { ForecastResult, Notice } from '../../forecasting/result.ts';
import type { Pack } from '../../jurisdictions/pack.ts';

const WORDS: Readonly<Record<Notice['kind'], string>> = {
  'not-given': 'was not given (refused, not done or entered in error) and counts for nothing.',
  duplicate: 'is the same as another dose of the day and was left out.',
  'date-unreadable': 'has no date that can be read and was left out.',
  'before-birth': 'has a date before birth and was left out.',
  'after-assessment': 'has a date after the assessment date and was left out.',
  'unknown-vaccine': 'has a vaccine that the schedule does not know and was left out.',
  'no-relevant-series': 'is of a vaccine for which this person has no series.',
  'incomplete-date': 'has an incomplete date; the first possible day was taken.',
  'birth-date-unreadable': 'The birth date cannot be read.',
  'birth-date-incomplete': 'The birth date is incomplete; the first possible day was taken.',
  'birth-after-assessment': 'The birth date is after the assessment date.',
};

/** What is said of a forecast to whoever may not see all of a record, whether or not anything is hidden. */
export const MAY_BE_INCOMPLETE = 'It rests on the doses that you may see, and may be incomplete.';

/** Whether it is said: that anything at all may be hidden is for the jurisdiction to tell. */
export const saysIncomplete = ({ forecasts }: Pack): boolean => forecasts?.saysIncomplete === true;

/**
 * The notices of a result as issues.
 * @param places where each dose came from: a FHIRPath, by the engine's name for the dose
 */
export function toldOf({ notices }: ForecastResult, places: ReadonlyMap<string, string>): Issue[] {
  return notices.map(({ kind, dose }) => {
    const place = places.get(dose ?? '');
    const message = dose === undefined ? WORDS[kind] : `The immunization ${WORDS[kind]}`;
    return { kind: 'business-rule', message, ...(place !== undefined && { expression: [place] }) };
  });
}
