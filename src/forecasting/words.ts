/** The words in which each outcome of a rule is told. A part in square brackets is left out where its fact is missing. */
import type { TraceEntry } from './trace.ts';

/** Sentences by step and outcome; `{name}` is a fact of the entry. */
const SENTENCES: Readonly<Record<string, string>> = {
  '5 indicated': 'Considered because of: {title} (observation {observation}).',
  '6.2 skipped':
    'Dose {dose}: target dose {targetDose} was not asked for on {referenceDate} and is passed over.',
  '6.4 valid': 'Dose {dose}: the age was right[ (from {minimumAge} on)][, before {maximumAge}].',
  '6.4 grace-period':
    'Dose {dose}: given before the minimum age of {minimumAge}, but in the grace period[ from {absoluteMinimumAge} on].',
  '6.4 too-young': 'Dose {dose}: too young; it counts from {absoluteMinimumAge} on.',
  '6.4 too-old': 'Dose {dose}: too old; the maximum age was reached on {maximumAge}.',
  '6.5 satisfied':
    'Dose {dose}: the interval from {countedFrom} was long enough[ (from {minimumInterval} on)].',
  '6.5 grace-period':
    'Dose {dose}: before {minimumInterval}, counted from {countedFrom}, but in the grace period[ from {absoluteMinimumInterval} on].',
  '6.5 too-soon': 'Dose {dose}: too soon after {countedFrom}; it counts from {absoluteMinimumInterval} on.',
  '6.6 satisfied': 'Dose {dose}: an allowable interval is satisfied all the same.',
  '6.6 too-soon': 'Dose {dose}: no allowable interval is satisfied either.',
  '6.7 vaccine-conflict':
    'Dose {dose}: too soon after the dose of {conflictingDose} of a vaccine that it conflicts with.',
  '6.8 preferable': 'Dose {dose}: {vaccine} (CVX {cvx}) is a preferable vaccine.',
  '6.8 allowable': 'Dose {dose}: {vaccine} (CVX {cvx}) is an allowable vaccine.',
  '6.8 not-preferable-or-allowable':
    'Dose {dose}: {vaccine} (CVX {cvx}) is neither preferable nor allowable here.',
  '6.10 Valid': 'Dose {dose} is valid and satisfies target dose {targetDose}.',
  '6.10 Not Valid': 'Dose {dose} is not valid for target dose {targetDose} and must be repeated.',
  '6.10 Extraneous': 'Dose {dose} is extraneous for target dose {targetDose}: it need not be repeated.',
  '6.10 Sub-standard': 'Dose {dose} was sub-standard (expired or spoiled) and must be repeated.',
  '7.1 skipped': 'Target dose {targetDose} is not asked for on {referenceDate} and is passed over.',
  '7.2 immune-by-birth-date': 'Immune by birth on {born}.',
  '7.2 immune-by-history': 'Immune: {title}.',
  '7.3 antigen-contraindicated': 'Contraindicated: {title} (observation {observation}).',
  '7.4 candidate-earliest':
    'Target dose {targetDose} can be given from {earliest} on: the latest of[ minimum age {minimumAge}][, minimum interval {minimumInterval}][, end of conflicts {conflictEnd}][, season {seasonStart}][, last dose {lastDose}] and birth.',
  '7.4 series-complete': 'The series is complete.',
  '7.4 past-history': 'No further dose is recommended, for what was given before.',
  '7.4 immune': 'No further dose: immune.',
  '7.4 contraindicated': 'No further dose: contraindicated.',
  '7.4 past-season': 'No further dose: the season is over.',
  '7.4 exceeded-maximum-age': 'No further dose: past the maximum age.',
  '7.4 unable-to-finish': 'No further dose: it could not be given before the maximum age.',
  '7.5 dates':
    'Dose {doseNumber} is due: earliest {earliest}, recommended {recommended}[, past due after {pastDue}][, latest {latest}].',
  '7.6 skipped':
    'By {referenceDate}, the earliest date, target dose {targetDose} would not be asked for any more; it is passed over.',
  '8.7 prioritized': 'Selected in its series group ({seriesGroup})[ with a score of {score}].',
};

/** One entry as a sentence. */
export function inWords(entry: TraceEntry, doseDate: string | undefined): string {
  const facts: Readonly<Record<string, string | number | undefined>> = {
    ...entry.facts,
    targetDose: entry.targetDose,
    dose: doseDate === undefined ? entry.dose : `of ${doseDate}`,
  };
  const sentence = SENTENCES[`${entry.step} ${entry.outcome}`] ?? `${entry.outcome}.`;
  const filled = sentence.replace(/\[([^\]]*)\]/g, (_, part: string) => (hasFacts(part, facts) ? part : ''));
  return filled
    .replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? 'the beginning'))
    .replace('of,', 'of');
}

function hasFacts(part: string, facts: Readonly<Record<string, string | number | undefined>>): boolean {
  return [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => facts[name ?? ''] !== undefined);
}
