/** Keeping the log: signing how far its chains have come, and cutting what need not be kept any longer. */
import type { Log } from '../core/log.ts';
import type { Link } from '../storage/chain.ts';
import type { Series } from '../storage/checkpoints.ts';
import type { LogReader } from '../storage/log-reader.ts';
import {
  basesOf,
  fingerprintOf,
  headsOf,
  type Checkpoint,
  type Head,
  type Signer,
  type Statement,
} from './checkpoint.ts';
import { finding, isFault, type Find } from './findings.ts';
import { walkAlong } from './walk.ts';

export interface Keeping {
  readonly log: LogReader;
  readonly link: Link;
  readonly signer: Signer;
  readonly series: Series<Checkpoint>;
  readonly now: () => Date;
  readonly report: Log;
}

/** A document has a bound; what is more goes into the next checkpoint. */
const MOST_HEADS = 2000;

/**
 * Proves what was recorded since the last checkpoint, and signs how far the chains have come. Behind a fault nothing is
 * signed: it is reported here, and by every verification.
 */
export async function checkpoint(keeping: Keeping): Promise<Checkpoint> {
  const { log, link, series, report } = keeping;
  const before = await series.all();
  const known = headsOf(before);
  const moved: Head[] = [];
  const find: Find = (...what) => {
    const found = finding(...what);
    if (isFault(found)) report.error({ ...found }, 'the audit log is not whole');
  };
  for await (const strand of log.strands()) {
    const base = known.get(strand);
    const walk = walkAlong({ strand, link, base, find });
    for await (const record of log.records(strand, base?.n)) walk.take(record);
    const head = walk.end();
    if (head !== undefined && head.n !== base?.n) moved.push(head);
  }
  let last = before.at(-1);
  do {
    last = await signed(keeping, last, { heads: moved.splice(0, MOST_HEADS) });
  } while (moved.length > 0);
  return last;
}

async function signed(
  { series, signer, now, report }: Keeping,
  before: Checkpoint | undefined,
  more: Pick<Statement, 'heads' | 'cutTo'>,
): Promise<Checkpoint> {
  const one = signer.sign({
    number: (before?.number ?? 0) + 1,
    at: now(),
    before: before === undefined ? '' : fingerprintOf(before),
    ...more,
  });
  await series.add(one);
  report.info({ number: one.number, fingerprint: fingerprintOf(one) }, 'the audit log was signed');
  return one;
}

export interface Cut {
  /** The checkpoint up to which records were removed. */
  readonly to: number;
  readonly at: Date;
  readonly removed: number;
}

/**
 * Removes the records that were signed for before a moment, once it is signed that they may be missing. What a cut
 * that was broken off has left is removed by the next one.
 * @param remove removes the records of a chain up to its n-th one, and says how many
 * @returns undefined where there is no checkpoint from before
 */
export async function cut(
  keeping: Keeping,
  before: Date,
  remove: (head: Head) => Promise<number>,
): Promise<Cut | undefined> {
  const checkpoints = await keeping.series.all();
  const to = checkpoints.findLast(({ at, cutTo }) => cutTo === undefined && at < before);
  if (to === undefined) return undefined;
  const isDone = checkpoints.some(({ cutTo = 0 }) => cutTo >= to.number);
  const last = isDone ? [] : [await signed(keeping, checkpoints.at(-1), { heads: [], cutTo: to.number })];
  let removed = 0;
  for (const head of basesOf([...checkpoints, ...last]).values()) removed += await remove(head);
  return { to: to.number, at: to.at, removed };
}
