/**
 * Whether the log is whole: every chain is read from its beginning, or from where it was cut, to its end, every record
 * proven by its hash and the one before, and held against what the signed checkpoints say.
 */
import type { Link } from '../storage/chain.ts';
import type { LogReader } from '../storage/log-reader.ts';
import { basesOf, fingerprintOf, type Checkpoint, type Head, type Signer } from './checkpoint.ts';
import { finding, type Find, type Finding } from './findings.ts';
import { walkAlong } from './walk.ts';

export interface Verifying {
  readonly log: LogReader;
  readonly link: Link;
  readonly signer: Pick<Signer, 'isSigned'>;
  /** In the order of their numbers. */
  readonly checkpoints: readonly Checkpoint[];
  readonly onFinding: (finding: Finding) => void;
}

export interface Verified {
  readonly records: number;
  readonly chains: number;
  readonly checkpoints: number;
}

/** Reads the whole log, and says what it finds as it finds it. */
export async function verify(verifying: Verifying): Promise<Verified> {
  const { log, link } = verifying;
  const find: Find = (...what) => {
    verifying.onFinding(finding(...what));
  };
  const checkpoints = genuine(verifying, find);
  const bases = basesOf(checkpoints);
  const signed = signedHeads(checkpoints, bases);
  for await (const id of log.strangers()) find('foreign', id);
  let [records, chains] = [0, 0];
  for await (const strand of log.strands()) {
    const base = bases.get(strand);
    const walk = walkAlong({ strand, link, base, signed: signed.get(strand) ?? [], find });
    for await (const record of log.records(strand, base?.n)) walk.take(record);
    walk.end();
    signed.delete(strand);
    records += walk.count();
    chains += 1;
  }
  // Of these nothing is left.
  for (const [strand, heads] of signed) {
    walkAlong({ strand, link, base: bases.get(strand), signed: heads, find }).end();
  }
  return { records, chains, checkpoints: checkpoints.length };
}

/** Where the chains were at checkpoints, as far as they were not cut since. */
function signedHeads(
  checkpoints: readonly Checkpoint[],
  bases: ReadonlyMap<string, Head>,
): Map<string, readonly Head[]> {
  const heads = checkpoints.flatMap((checkpoint) => checkpoint.heads);
  return Map.groupBy(
    heads.filter(({ strand, n }) => n > (bases.get(strand)?.n ?? -1)),
    ({ strand }) => strand,
  );
}

/** The checkpoints that count: signed, and each behind the one before. */
function genuine({ signer, checkpoints }: Verifying, find: Find): readonly Checkpoint[] {
  let before: Checkpoint | undefined;
  return checkpoints.filter((checkpoint) => {
    const expected = (before?.number ?? 0) + 1;
    for (let number = expected; number < checkpoint.number; number += 1) {
      find('checkpoint-missing', `checkpoint ${number}`);
    }
    const follows =
      checkpoint.number !== expected ||
      checkpoint.before === (before === undefined ? '' : fingerprintOf(before));
    const isGenuine = signer.isSigned(checkpoint) && follows;
    if (!isGenuine) find('checkpoint-forged', `checkpoint ${checkpoint.number}`);
    before = checkpoint;
    return isGenuine;
  });
}
