/** The log of one process: its chains of records under the store's key, and the ways to add to them. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Recorded } from '../storage/commit.ts';
import { appender } from '../storage/append.ts';
import { linkerOf, type Link } from '../storage/chain.ts';
import type { Connection } from '../storage/connect.ts';
import { keptTexts } from '../storage/kept-texts.ts';
import type { Secrets } from '../storage/secrets.ts';
import { strandsOf, type Draft } from '../storage/strands.ts';
import { draftOf, type Happening } from './happening.ts';

/** The collection of the log. */
export const LOG = 'AuditEvent';
const KEY_NAME = 'audit chain key';
const KEY_BYTES = 32;

export interface Ledger {
  /** For the store, which records writes in their own transactions. */
  readonly recording: Recorded;
  /** Durable when kept; `under` tells how many are under way just now that may leave a record too. */
  readonly append: (draft: Draft, under?: () => number) => Promise<void>;
  /** Records something that is no interaction of FHIR; durable when kept. */
  readonly happened: (happening: Happening) => Promise<void>;
  /** The same as part of a unit of work: `store.commit(unit, draft)`. */
  readonly draftOf: (happening: Happening) => Draft;
  /** Ends the chains well; nothing is recorded afterwards. */
  readonly end: () => Promise<void>;
}

interface Needs {
  readonly connection: Connection;
  readonly secrets: Secrets;
  readonly now: () => Date;
}

/** The linking of a store's records; its key is made once and kept sealed under the master keys. */
export async function storeLink({ connection, secrets }: Omit<Needs, 'now'>): Promise<Link> {
  const kept = keptTexts(connection, secrets);
  const key = await kept(KEY_NAME, () => randomBytes(KEY_BYTES).toString('base64url'));
  return linkerOf(Buffer.from(key, 'base64url'));
}

/** Opens the log for this process. */
export async function openLedger(needs: Needs): Promise<Ledger> {
  const { connection, now } = needs;
  const draft = (happening: Happening): Draft => draftOf(happening, now);
  const writer = `${hostname()} ${process.pid}`;
  const strands = strandsOf({
    link: await storeLink(needs),
    now,
    first: (chain) => draft({ what: 'chain-start', outcome: 'done', detail: { chain, writer } }),
    last: (chain) => draft({ what: 'chain-end', outcome: 'done', detail: { chain } }),
  });
  const { append, end } = appender(connection, LOG, strands);
  return {
    recording: { in: LOG, strands },
    append,
    happened: (happening) => append(draft(happening)),
    draftOf: draft,
    end,
  };
}
