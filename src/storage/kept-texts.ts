/** Secrets that the server makes for itself once and keeps sealed: cookie keys, what a sandbox's clients prove themselves with. */
import type { Connection } from 'mongoose';
import { databaseOf } from './connect.ts';
import { sealingOf, type Secrets } from './secrets.ts';

interface Kept {
  readonly _id: string;
  readonly sealed: string;
}

export const KEPT_TEXTS = 'kept_texts';
export const KEPT_USE = 'kept text';

/** The text of a name; made where there is none yet, and then the same for every process and ever after. */
export type KeptText = (name: string, make: () => string) => Promise<string>;

/** Makes the kept texts of a store. */
export function keptTexts(connection: Connection, secrets: Secrets): KeptText {
  const collection = databaseOf(connection).collection<Kept>(KEPT_TEXTS);
  const { seal, open } = sealingOf(secrets, KEPT_USE);
  return async (name, make) => {
    const known = await collection.findOne({ _id: name });
    if (known !== null) return open(known.sealed);
    const sealed = seal(make());
    // Of two that come at once the first one's text is everybody's.
    const kept = await collection.findOneAndUpdate(
      { _id: name },
      { $setOnInsert: { sealed } },
      { upsert: true, returnDocument: 'after' },
    );
    return open(kept?.sealed ?? sealed);
  };
}
