/** Decides which antigen series are relevant for the patient (Logic Specification 4.6, chapter 5, Tables 5-4 and 5-5). */
import { isAtAge, type Run } from '../patient-series.ts';
import type { Indication, Series } from '../schedule/schedule.ts';

export function isRelevant(run: Run, series: Series): boolean {
  if (series.requiredGender.length > 0 && !series.requiredGender.includes(run.gender)) return false;
  if (series.type !== 'Risk') return true;
  const indication = run.observations.size === 0 ? undefined : series.indications.find((row) => applies(run, row));
  if (indication === undefined) return false;
  run.trace?.note(
    { step: '5', rules: ['Table 5-4', 'Table 5-5', 'CALCDTIND-1', 'CALCDTIND-2'], series },
    'indicated',
    { observation: indication.observation, title: run.schedule.observations.get(indication.observation)?.title },
  );
  return true;
}

/** Table 5-4: the observation is active and the assessment date lies in the ages of the indication. */
function applies(run: Run, { observation, begin, end }: Indication): boolean {
  return run.observations.has(observation) && isAtAge(run, run.today, begin, end);
}
