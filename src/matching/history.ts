/**
 * The consolidated history of a person from the reports: which are one dose, which report is primary, and what is
 * uncertain (MIROW vaccination-level de-duplication: resolution). Nothing is lost: it is derived anew from the
 * reports each time, so that a decision taken back restores what was.
 */
import type { DoseReport } from './dose.ts';
import { DOSE_RULES, type DoseRules } from './dose-rules.ts';
import { judgeDoses, type Judgement } from './doses.ts';

/** What people decided about pairs of reports, by id; it goes before any score. */
export interface Decisions {
  readonly same: readonly (readonly [string, string])[];
  readonly different: readonly (readonly [string, string])[];
}

/** A pair that a person must look at. */
export interface Uncertain {
  readonly reports: readonly [string, string];
  readonly score: number;
}

/** A dose of the consolidated history. */
export interface ConsolidatedDose {
  /** The id of the report that is shown. */
  readonly primary: string;
  /** All reports of the dose, the best first. */
  readonly sources: readonly string[];
  /** The primary report, filled with what only others say. */
  readonly dose: DoseReport;
  /** Reports of other doses that could be this one too. */
  readonly uncertain: readonly Uncertain[];
}

const NO_DECISIONS: Decisions = { same: [], different: [] };
const SOURCE_RANK = { administered: 0, historical: 1 } as const;

/** Ranks by which a report is better; the first that differs decides. */
const ranksOf = ({ source, cvx, unspecified, date, filled }: DoseReport): readonly number[] => [
  source === undefined ? 0.5 : SOURCE_RANK[source],
  cvx === undefined ? 2 : Number(unspecified === true),
  -(date?.length ?? 0),
  -filled,
];

/** Orders reports, the better first: administered, specific, exact, complete, newest; then by id, to come out the same always. */
function better(one: DoseReport, other: DoseReport): number {
  const [mine, yours] = [ranksOf(one), ranksOf(other)];
  const at = mine.findIndex((rank, place) => rank !== yours[place]);
  if (at >= 0) return (mine[at] ?? 0) - (yours[at] ?? 0);
  const byTime = (other.recorded ?? '').localeCompare(one.recorded ?? '');
  return byTime === 0 ? one.id.localeCompare(other.id) : byTime;
}

/** The primary report, with the more specific vaccine and what it lacks from the next best that says it. */
function filledFrom(sources: readonly [DoseReport, ...DoseReport[]]): DoseReport {
  const [primary, ...others] = sources;
  const specific = sources.find(({ cvx, unspecified }) => cvx !== undefined && unspecified !== true);
  const merged = others.reduce((dose, other) => ({ ...other, ...dose }), primary);
  if (specific === undefined || primary.unspecified !== true) return merged;
  const { cvx, groups } = specific;
  return { ...merged, ...(cvx !== undefined && { cvx }), groups, unspecified: false };
}

/** How pairs of reports, by place, were judged; pairs that are not here are of two doses. */
type Judgements = ReadonlyMap<number, Judgement>;

const DECIDED = {
  same: { verdict: 'duplicate', because: 'decided' },
  different: { verdict: 'different', because: 'decided' },
} as const;

function decidedPairs(decisions: Decisions): ReadonlyMap<string, Judgement> {
  const both = (kind: keyof Decisions): (readonly [string, Judgement])[] =>
    decisions[kind].flatMap(([a, b]) => [
      [`${a} ${b}`, DECIDED[kind]] as const,
      [`${b} ${a}`, DECIDED[kind]] as const,
    ]);
  return new Map([...both('same'), ...both('different')]);
}

/** A word about two reports is about what they said: corrected so that they cannot be one dose, they are two. */
const asDecided = (judgement: Judgement, decided: Judgement | undefined): Judgement =>
  decided === undefined || judgement.because === 'not-candidates' ? judgement : decided;

/** Judges every pair that could be one dose, decisions first. */
function judgeAll(reports: readonly DoseReport[], rules: DoseRules, decisions: Decisions): Judgements {
  const decided = decidedPairs(decisions);
  const judged = new Map<number, Judgement>();
  for (const [one, a] of reports.entries())
    for (const [other, b] of reports.entries()) {
      if (other <= one) continue;
      const judgement = asDecided(judgeDoses(a, b, rules), decided.get(`${a.id} ${b.id}`));
      if (judgement.verdict !== 'different') judged.set(one * reports.length + other, judgement);
    }
  return judged;
}

const scoreOf = ({ because, evidence }: Judgement): number =>
  because === 'decided' || because === 'same-number' ? Infinity : (evidence?.score ?? 0);

/**
 * Groups reports of one dose, the surest pairs first. A group never holds two reports that are of two doses: what
 * is like both of them goes to the one it is more like.
 */
function groupsOf(reports: readonly DoseReport[], judged: Judgements): readonly (readonly number[])[] {
  const groupOf = reports.map((_, at) => [at]);
  const mayJoin = (some: readonly number[], others: readonly number[]): boolean =>
    some.every((a) => others.every((b) => judged.has(Math.min(a, b) * reports.length + Math.max(a, b))));
  const duplicates = [...judged].filter(([, { verdict }]) => verdict === 'duplicate');
  for (const [key] of duplicates.sort(([, one], [, other]) => scoreOf(other) - scoreOf(one))) {
    const some = groupOf[Math.floor(key / reports.length)] ?? [];
    const others = groupOf[key % reports.length] ?? [];
    if (some === others || !mayJoin(some, others)) continue;
    some.push(...others);
    for (const at of others) groupOf[at] = some;
  }
  return [...new Set(groupOf)];
}

/** Pairs that could be one dose and stand in two. */
function uncertainOf(
  reports: readonly DoseReport[],
  judged: Judgements,
  group: readonly number[],
): readonly Uncertain[] {
  return [...judged].flatMap(([key, judgement]) => {
    const [one, other] = [Math.floor(key / reports.length), key % reports.length];
    if (group.includes(one) === group.includes(other)) return [];
    return [
      { reports: [reports[one]?.id ?? '', reports[other]?.id ?? ''], score: judgement.evidence?.score ?? 1 },
    ];
  });
}

/** The consolidated history, by date. Reports and decisions may come in any order: it comes out the same. */
export function consolidate(
  reports: readonly DoseReport[],
  decisions: Decisions = NO_DECISIONS,
  rules: DoseRules = DOSE_RULES,
): readonly ConsolidatedDose[] {
  const ordered = reports.toSorted(better);
  const judged = judgeAll(ordered, rules, decisions);
  const doses = groupsOf(ordered, judged).flatMap((group): ConsolidatedDose[] => {
    const [primary, ...others] = group
      .toSorted((one, other) => one - other)
      .flatMap((at) => ordered[at] ?? []);
    if (primary === undefined) return [];
    return [
      {
        primary: primary.id,
        sources: [primary, ...others].map(({ id }) => id),
        dose: filledFrom([primary, ...others]),
        uncertain: uncertainOf(ordered, judged, group),
      },
    ];
  });
  return doses.sort((one, other) => (one.dose.date ?? '').localeCompare(other.dose.date ?? ''));
}
