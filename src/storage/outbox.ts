/** The notices that wait to be sent, and the participants to whom one is due. */
import type { Connection } from 'mongoose';
import type { Clock } from '../core/clock.ts';
import type { Participant } from '../policy/participant.ts';
import { databaseOf } from './connect.ts';
import { PARTICIPANTS } from './participants.ts';

/** A notice as it is kept. */
export interface Kept {
  readonly _id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
  readonly claimedAt?: Date;
  readonly sentAt?: Date;
}

export interface Outbox {
  /** The oldest that waits, which nobody else gets for a while; undefined where none does. */
  readonly take: () => Promise<Kept | undefined>;
  readonly sent: (id: string) => Promise<void>;
  /** Puts a notice in, once: the same one again changes nothing. */
  readonly put: (notice: Pick<Kept, '_id' | 'to' | 'subject' | 'text'>) => Promise<void>;
  /** Those whose participation ends until a civil day, and whom no notice has told of it. */
  readonly due: (today: string, until: string) => Promise<readonly Participant[]>;
  /** Says that a participant was told of its end. */
  readonly told: (participant: Participant) => Promise<void>;
}

/** After so long another server sends what one had begun to send. */
const CLAIM_MS = 600_000;
const DUE_AT_ONCE = 500;

/** Makes the outbox of a store. */
export function outboxOf(connection: Connection, now: Clock): Outbox {
  const db = databaseOf(connection);
  const notices = db.collection<Kept>('notices');
  const participants = db.collection<Participant & { readonly toldOf?: string }>(PARTICIPANTS);
  return {
    take: async () => {
      const ago = new Date(now().getTime() - CLAIM_MS);
      const waits = {
        sentAt: { $exists: false },
        $or: [{ claimedAt: { $exists: false } }, { claimedAt: { $lt: ago } }],
      };
      return (
        (await notices.findOneAndUpdate(waits, { $set: { claimedAt: now() } }, { sort: { at: 1 } })) ??
        undefined
      );
    },
    sent: async (id) => {
      await notices.updateOne({ _id: id }, { $set: { sentAt: now() } });
    },
    put: async ({ _id, ...notice }) => {
      await notices.updateOne({ _id }, { $setOnInsert: { ...notice, at: now() } }, { upsert: true });
    },
    due: (today, until) =>
      participants
        .find({
          until: { $gte: today, $lte: until },
          ended: { $exists: false },
          $expr: { $ne: ['$toldOf', '$until'] },
        })
        .limit(DUE_AT_ONCE)
        .toArray(),
    told: async ({ _id, until = '' }) => {
      await participants.updateOne({ _id, until }, { $set: { toldOf: until } });
    },
  };
}
