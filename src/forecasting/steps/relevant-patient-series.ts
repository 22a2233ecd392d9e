/** Decides which antigen series are relevant for the patient (Logic Specification 4.6, chapter 5, Tables 5-4 and 5-5). */
import { NO_END } from '../civil-date.ts';
import { ageDate, isAtAge, type Run } from '../patient-series.ts';
import type { Antigen, Indication, Series } from '../schedule/schedule.ts';

/**
 * The relevant series of an antigen. Where nothing is relevant only because the patient is still too young for an
 * indication, the series it will open is: a child of eight with proven dengue is told to come at nine years.
 */
export function relevantSeries(run: Run, antigen: Antigen): readonly Series[] {
  const relevant = antigen.series.filter((series) => isRelevant(run, series, applies));
  if (relevant.length > 0 || run.observations.size === 0) return relevant;
  return antigen.series.filter((series) => isRelevant(run, series, willApply));
}

/** Table 5-5. */
function isRelevant(run: Run, series: Series, test: typeof applies): boolean {
  if (series.requiredGender.length > 0 && !series.requiredGender.includes(run.gender)) return false;
  if (series.type !== 'Risk') return true;
  const indication =
    run.observations.size === 0 ? undefined : series.indications.find((row) => test(run, row));
  if (indication === undefined) return false;
  run.trace?.note(
    { step: '5', rules: ['Table 5-4', 'Table 5-5', 'CALCDTIND-1', 'CALCDTIND-2'], series },
    'indicated',
    {
      observation: indication.observation,
      title: run.schedule.observations.get(indication.observation)?.title,
    },
  );
  return true;
}

/** Table 5-4: the observation is active and the assessment date lies in the ages of the indication. */
function applies(run: Run, { observation, begin, end }: Indication): boolean {
  return run.observations.has(observation) && isAtAge(run, run.today, begin, end);
}

function willApply(run: Run, { observation, end }: Indication): boolean {
  return run.observations.has(observation) && run.today < ageDate(run, end, NO_END);
}
