/** Selects the prioritized series of a series group (Logic Specification 4.6, §8.1 to §8.7). */
import type { PatientSeries, Run } from '../patient-series.ts';
import { classifyScorable } from './classify-scorable-series.ts';
import { onePrioritizedSeries } from './one-prioritized-series.ts';
import { scorableSeries } from './pre-filter-patient-series.ts';
import { scoresOf } from './score-series.ts';

/** The prioritized series among the relevant ones of one series group; undefined if the group yields none. */
export function prioritizedSeries(run: Run, group: readonly PatientSeries[]): PatientSeries | undefined {
  const scorable = scorableSeries(run, group);
  const one = onePrioritizedSeries(group, scorable);
  if (one !== undefined || scorable.length === 0) return noted(run, one, 'Table 8-3');
  const contest = classifyScorable(scorable);
  const scores = scoresOf(run, contest);
  // SELECTBEST-2: the highest score; among equals the best ranked series preference.
  const ranked = contest.series
    .map((series, at) => ({ series, score: scores[at] ?? 0 }))
    .toSorted((a, b) => b.score - a.score || a.series.series.preference - b.series.series.preference);
  return noted(run, ranked[0]?.series, 'SELECTBEST-2', ranked[0]?.score);
}

function noted(
  run: Run,
  selected: PatientSeries | undefined,
  rule: string,
  score?: number,
): PatientSeries | undefined {
  if (selected !== undefined) {
    const { series } = selected;
    const facts = { seriesGroup: series.groupName, score };
    run.trace?.note(
      { step: '8.7', rules: ['SELECTB-24', 'SELECTSCORE-2', rule], series },
      'prioritized',
      facts,
    );
  }
  return selected;
}
