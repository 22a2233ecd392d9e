/** Why a forecast says what it says, as parameters: in words that a nurse reads, and rule by rule with its dates. */
import type { ParametersParameter } from '@medplum/fhirtypes';
import { explain } from '../../forecasting/explain.ts';
import type { ForecastRequest } from '../../forecasting/patient.ts';
import type { Schedule } from '../../forecasting/schedule/schedule.ts';
import type { TraceEntry } from '../../forecasting/trace.ts';
import { fail } from '../../core/failure.ts';

/** Asks for every vaccine group. */
const EVERY = 'true';

/**
 * The parameter `explanation`.
 * @param asked a vaccine group of the schedule, or `true` for all
 * @throws Failure `invalid-value` for a group that the schedule does not have
 */
export function explanationOf(rules: Schedule, request: ForecastRequest, asked: string): ParametersParameter {
  const groups = rules.groups.map(({ name }) => name);
  if (asked !== EVERY && !groups.includes(asked)) {
    fail('invalid-value', `explain is true, or one of the vaccine groups: ${groups.join(', ')}.`);
  }
  const { lines, entries } = explain(rules, request, asked === EVERY ? {} : { vaccineGroup: asked });
  return {
    name: 'explanation',
    part: [{ name: 'words', valueString: wordsOf(lines) }, ...entries.map(ruleOf)],
  };
}

/** A FHIR string is not empty. */
const wordsOf = (lines: readonly string[]): string =>
  lines.length === 0 ? 'No rule applied.' : lines.join('\n');

function ruleOf(entry: TraceEntry): ParametersParameter {
  const { step, rules, outcome, antigen, series, targetDose, dose, facts } = entry;
  const texts = { step, outcome, antigen, series, dose };
  return {
    name: 'rule',
    part: [
      ...Object.entries(texts).flatMap(([name, text]) => textPart(name, text)),
      ...rules.flatMap((rule) => textPart('identifier', rule)),
      ...(targetDose === undefined ? [] : [{ name: 'targetDose', valueInteger: targetDose }]),
      ...Object.entries(facts).flatMap(([name, fact]) => textPart(`fact.${name}`, String(fact))),
    ],
  };
}

const textPart = (name: string, text: string | undefined): ParametersParameter[] =>
  text === undefined || text.trim() === '' ? [] : [{ name, valueString: text }];
