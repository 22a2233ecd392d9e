/** A log on a database of its own, and what tampers with it. */
import { generateKeyPairSync } from 'node:crypto';
import { checkpoint, cut, type Cut } from '../../src/audit/keep.ts';
import { signerOf, type Checkpoint, type Signer } from '../../src/audit/checkpoint.ts';
import { draftOf } from '../../src/audit/happening.ts';
import type { Finding } from '../../src/audit/findings.ts';
import { LOG } from '../../src/audit/ledger.ts';
import { verify } from '../../src/audit/verify.ts';
import { appender, type Appender } from '../../src/storage/append.ts';
import { linkerOf, type Chained } from '../../src/storage/chain.ts';
import { CHECKPOINTS, checkpointsOf } from '../../src/storage/checkpoints.ts';
import { logReader, removeUpTo } from '../../src/storage/log-reader.ts';
import { strandsOf, type Draft } from '../../src/storage/strands.ts';
import { bare, type Place } from '../storage/place.ts';
import { clockAt, type TestClock } from '../world/world.ts';

const LINK = linkerOf(Buffer.alloc(32, 5));
const SIGNER = signerOf(generateKeyPairSync('ed25519').privateKey);

export interface TestLog extends Place {
  readonly clock: TestClock;
  /** What the log's keeping reported as faults. */
  readonly reported: readonly unknown[];
  /** A process that writes the log. */
  readonly writer: () => Appender;
  readonly something: (n: number) => Draft;
  /** Records so many, each in a group of its own, by one process that ends well. */
  readonly write: (count: number) => Promise<void>;
  readonly findings: (signer?: Pick<Signer, 'isSigned'>) => Promise<readonly Finding[]>;
  readonly checkpoint: () => Promise<Checkpoint>;
  readonly cut: (before: string) => Promise<Cut | undefined>;
  /** The records in their order. */
  readonly records: () => Promise<Chained[]>;
  /** Changes a record behind the server's back. */
  readonly tamper: (id: string | undefined, change: object) => Promise<void>;
  readonly remove: (...ids: (string | undefined)[]) => Promise<void>;
  readonly empty: () => Promise<void>;
  readonly checkpoints: () => ReturnType<Place['db']['collection']>;
}

export async function testLog(): Promise<TestLog> {
  const p = await bare();
  const clock = clockAt('2026-11-22T12:00:00.000Z');
  const reported: unknown[] = [];
  const collection = p.db.collection<Chained>(LOG);
  const writer = (): Appender =>
    appender(
      p.connection,
      LOG,
      strandsOf({
        link: LINK,
        now: clock.now,
        first: (chain) => draftOf({ what: 'chain-start', outcome: 'done', detail: { chain } }, clock.now),
        last: (chain) => draftOf({ what: 'chain-end', outcome: 'done', detail: { chain } }, clock.now),
      }),
    );
  const something = (n: number): Draft =>
    draftOf({ what: 'token', outcome: 'done', client: `client-${n}`, patient: `p${n}` }, clock.now);
  const report = {
    info: () => undefined,
    warn: () => undefined,
    error: (facts: unknown) => void reported.push(facts),
  };
  const keeping = {
    ...{ log: logReader(p.connection, LOG), link: LINK, signer: SIGNER },
    ...{ series: checkpointsOf<Checkpoint>(p.connection), now: clock.now, report },
  };
  return {
    ...p,
    clock,
    reported,
    writer,
    something,
    write: async (count) => {
      const { append, end } = writer();
      for (let n = 0; n < count; n += 1) await append(something(n));
      await end();
    },
    findings: async (signer = SIGNER) => {
      const found: Finding[] = [];
      const { log, link, series } = keeping;
      const checkpoints = await series.all();
      await verify({ log, link, signer, checkpoints, onFinding: (one) => found.push(one) });
      return found;
    },
    checkpoint: () => checkpoint(keeping),
    cut: (before) => cut(keeping, new Date(before), (head) => removeUpTo(p.connection, LOG, head)),
    records: () => collection.find().sort({ _id: 1 }).toArray(),
    tamper: async (id = '', change) => {
      await collection.updateOne({ _id: id }, { $set: change });
    },
    remove: async (...ids) => {
      await collection.deleteMany({ _id: { $in: ids.map((id = '') => id) } });
    },
    empty: async () => {
      await Promise.all([collection.deleteMany({}), p.db.collection(CHECKPOINTS).deleteMany({})]);
      reported.length = 0;
      clock.set('2026-11-22T12:00:00.000Z');
    },
    checkpoints: () => p.db.collection(CHECKPOINTS),
  };
}
