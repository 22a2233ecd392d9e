/** The record of rules that fired, kept only when somebody asks why: each entry names its rule, dates and outcome. */

import { isoDate } from './civil-date.ts';

/** One rule that was applied. Facts are ISO dates, numbers or words, by name. */
export interface TraceEntry {
  /** Section of the Logic Specification, such as 6.4. */
  readonly step: string;
  /** Tables and business rules applied. */
  readonly rules: readonly string[];
  readonly outcome: string;
  readonly antigen?: string;
  readonly series?: string;
  readonly targetDose?: number;
  readonly dose?: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Facts as the steps give them: a day is written `{ day }` so that it becomes a date in the entry. */
export type Facts = Readonly<Record<string, string | number | { readonly day: number } | undefined>>;

export interface Trace {
  readonly note: (about: About, outcome: string, facts: Facts) => void;
  /** Drops what was noted of an antigen, which is about to be evaluated again. */
  readonly forget: (antigen: string) => void;
}

export interface About {
  readonly step: string;
  readonly rules: readonly string[];
  readonly series?: { readonly name: string; readonly antigen: string };
  readonly antigen?: string;
  readonly targetDose?: number | undefined;
  readonly dose?: string | undefined;
}

/** A trace that keeps its entries. */
export interface RecordedTrace extends Trace {
  readonly entries: () => readonly TraceEntry[];
}

/** Records every rule that fires. */
export function recordTrace(): RecordedTrace {
  let entries: TraceEntry[] = [];
  return {
    note: (about, outcome, facts) => void entries.push(entryOf(about, outcome, facts)),
    forget: (antigen) => {
      entries = entries.filter((entry) => entry.antigen !== antigen);
    },
    entries: () => entries,
  };
}

function entryOf(
  { step, rules, series, antigen, targetDose, dose }: About,
  outcome: string,
  facts: Facts,
): TraceEntry {
  const antigenName = antigen ?? series?.antigen;
  return {
    step,
    rules,
    outcome,
    ...(antigenName !== undefined && { antigen: antigenName }),
    ...(series !== undefined && { series: series.name }),
    ...(targetDose !== undefined && { targetDose }),
    ...(dose !== undefined && { dose }),
    facts: Object.fromEntries(
      Object.entries(facts).flatMap(([name, fact]) => (fact === undefined ? [] : [[name, written(fact)]])),
    ),
  };
}

function written(fact: string | number | { readonly day: number }): string | number {
  return typeof fact === 'object' ? isoDate(fact.day) : fact;
}
