/** Figures of matching as Markdown tables, for docs/matching.md and for people to read. */
import type { Measured } from './measure.ts';

export type Row = Pick<
  Measured,
  'name' | 'records' | 'candidates' | 'figures' | 'throughput' | 'doses' | 'newcomers'
>;

const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;
const whole = (number: number): string => Math.round(number).toLocaleString('en-US');

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const ruler = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, ruler, ...rows].map(line).join('\n');
}

const QUALITY = [
  'records',
  'true pairs',
  'precision',
  'recall',
  'F1',
  'to review',
  'recall with review',
  'F1 by score',
  'best F1',
  'recall at 99.9 %',
  'pairs/s',
] as const;

/** Precision, recall and the rest of each set of records. */
export function qualityTable(rows: readonly Row[]): string {
  return markdown(
    ['set', ...QUALITY],
    rows.map(({ name, records, figures, throughput }) => [
      name,
      whole(records.length),
      whole(figures.truePairs),
      percent(figures.precision, 3),
      percent(figures.recall),
      figures.f1.toFixed(4),
      percent(figures.reviewRate, 1),
      percent(figures.recallWithReview),
      figures.byScore.f1.toFixed(4),
      figures.best.f1.toFixed(4),
      percent(figures.recallAtPrecision),
      whole(throughput),
    ]),
  );
}

/** What each blocking key finds, and the candidates it costs a record. */
export function keyTable({ candidates }: Row): string {
  const rows = candidates.keys.map(({ key, completeness, mean, most }) => [
    key,
    percent(completeness, 1),
    mean.toFixed(2),
    whole(most),
  ]);
  const note = `${candidates.keysPerRecord.toFixed(1)} keys a record`;
  return `${markdown(['key', 'true pairs that share it', 'candidates, mean', 'candidates, most'], rows)}\n\n${note}`;
}

/** De-duplication of doses of each set. */
export function doseTable(rows: readonly Row[]): string {
  const head = [
    'set',
    'reports',
    'true pairs',
    'precision',
    'recall',
    'to review',
    'recall with review',
    '60 reports, median',
    'p99',
  ];
  return markdown(
    head,
    rows.flatMap(({ name, doses }) =>
      doses === undefined
        ? []
        : [
            [
              name,
              whole(doses.reports),
              whole(doses.truePairs),
              percent(doses.precision),
              percent(doses.recall),
              percent(doses.reviewRate, 1),
              percent(doses.recallWithReview),
              `${doses.median.toFixed(2)} ms`,
              `${doses.p99.toFixed(2)} ms`,
            ],
          ],
    ),
  );
}

/** What becomes of people who are new, all sets together. */
export function newcomerTable(rows: readonly Row[]): string {
  const head = ['what is said', 'born', 'on file', 'new people', 'wait', 'taken for somebody else'];
  const all = Map.groupBy(
    rows.flatMap(({ newcomers = [] }) => newcomers),
    ({ said, isOneYear }) => `${said}|${isOneYear ? 'in one year' : 'in any year'}`,
  );
  return markdown(
    head,
    [...all].map(([of, each]) => {
      const [coming, waiting, mistaken, onFile] = (['coming', 'waiting', 'mistaken', 'onFile'] as const).map(
        (what) => each.reduce((sum, one) => sum + one[what], 0),
      );
      const shown = (part = 0): string => `${whole(part)} (${percent(part / (coming ?? 1))})`;
      return [
        ...of.split('|'),
        whole((onFile ?? 0) / each.length),
        whole(coming ?? 0),
        shown(waiting),
        shown(mistaken),
      ];
    }),
  );
}
