/** The record of rules that fired, kept only when somebody asks why: each entry names its rule, dates and outcome. */

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
}

export interface About {
  readonly step: string;
  readonly rules: readonly string[];
  readonly series?: { readonly name: string; readonly antigen: string };
  readonly antigen?: string;
  readonly targetDose?: number | undefined;
  readonly dose?: string | undefined;
}
