/** The balanced score of two reports of a dose: 0 where all speaks against one dose, 1 where all speaks for it (MIROW guideline, weighted approach). */
import type { DoseReport } from './dose.ts';
import type { DoseRules } from './dose-rules.ts';

const DAY = 86_400_000;
const FULL = 'YYYY-MM-DD'.length;

/** First and last day that a date can mean, in days since 1970. */
function daysOf(date: string): readonly [first: number, last: number] {
  const first = Date.parse(`${date}${'-01-01'.slice(date.length - FULL + 6)}`.slice(0, FULL)) / DAY;
  if (date.length >= FULL) return [first, first];
  const [year = 0, month = 12] = date.split('-').map(Number);
  return [first, Date.UTC(year, month, 0) / DAY];
}

/** Days between two reports: the fewest that their dates allow; Infinity where one has none. */
export function daysApart(one: DoseReport, other: DoseReport): number {
  if (one.date === undefined || other.date === undefined) return Infinity;
  const [[a, b], [c, d]] = [daysOf(one.date), daysOf(other.date)];
  return Math.max(0, c - b, a - d);
}

/** Whether both dates name a day. */
export const areFull = (one: DoseReport, other: DoseReport): boolean =>
  one.date?.length === FULL && other.date?.length === FULL;

type Agreement = 'same' | 'different' | 'absent';

function agreement(one: string | undefined, other: string | undefined): Agreement {
  if (one === undefined || other === undefined) return 'absent';
  return one === other ? 'same' : 'different';
}

/**
 * The vaccine type that is compared: the CVX. Where neither report has one, the groups that are reported are all that is
 * known of the type, as in the guideline's pairs that name groups only.
 */
function typeOf({ cvx, groups }: DoseReport, other: DoseReport): string | undefined {
  if (cvx !== undefined || other.cvx !== undefined || groups.length === 0) return cvx;
  return groups.toSorted().join(' ');
}

function sources(one: DoseReport, other: DoseReport): keyof DoseRules['weights']['source'] {
  if (one.source === undefined || other.source === undefined) return 'absent';
  if (one.source !== other.source) return 'oneOfEach';
  return one.source === 'historical' ? 'bothHistorical' : 'bothAdministered';
}

export interface Evidence {
  readonly score: number;
  readonly source: keyof DoseRules['weights']['source'];
  readonly lot: Agreement;
  readonly cvx: Agreement;
  readonly product: Agreement;
  readonly organization: Agreement;
  readonly days: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** The evidence of two reports within the window; symmetric. */
export function evidenceOf(one: DoseReport, other: DoseReport, { weights }: DoseRules): Evidence {
  const days = daysApart(one, other);
  const [source, lot, cvx, product, organization] = [
    sources(one, other),
    agreement(one.lot, other.lot),
    agreement(typeOf(one, other), typeOf(other, one)),
    agreement(one.product, other.product),
    agreement(one.organization, other.organization),
  ];
  // A month or a year does not say that it was this day.
  const farthest = weights.days.length - 1;
  const byDays = weights.days[areFull(one, other) ? Math.min(days, farthest) : farthest] ?? 0;
  const raw =
    weights.source[source] +
    weights.lot[lot] +
    weights.cvx[cvx] +
    weights.product[product] +
    weights.organization[organization] +
    byDays;
  const [least, most] = boundsOf(weights);
  return { score: (raw - least) / (most - least), source, lot, cvx, product, organization, days };
}

function boundsOf(weights: DoseRules['weights']): readonly [number, number] {
  const all = Object.values(weights).map((of) => Object.values(of) as readonly number[]);
  return [sum(all.map((of) => Math.min(...of))), sum(all.map((of) => Math.max(...of)))];
}
