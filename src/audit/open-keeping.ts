/** All that is needed to prove, sign and cut the log of a store. */
import type { Log } from '../core/log.ts';
import { checkpointsOf } from '../storage/checkpoints.ts';
import type { Connection } from '../storage/connect.ts';
import { keptTexts } from '../storage/kept-texts.ts';
import { logReader, removeUpTo } from '../storage/log-reader.ts';
import type { Secrets } from '../storage/secrets.ts';
import { storeSigner, type Checkpoint, type Head } from './checkpoint.ts';
import type { Keeping } from './keep.ts';
import { LOG, storeLink } from './ledger.ts';

export interface OpenKeeping extends Keeping {
  readonly remove: (head: Head) => Promise<number>;
}

/** Opens the keeping of a store's log. */
export async function openKeeping(given: {
  readonly connection: Connection;
  readonly secrets: Secrets;
  readonly now: () => Date;
  readonly report: Log;
}): Promise<OpenKeeping> {
  const { connection, secrets, now, report } = given;
  return {
    log: logReader(connection, LOG),
    link: await storeLink({ connection, secrets }),
    signer: await storeSigner(keptTexts(connection, secrets)),
    series: checkpointsOf<Checkpoint>(connection),
    now,
    report,
    remove: (head) => removeUpTo(connection, LOG, head),
  };
}
