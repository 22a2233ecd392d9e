/** The notices that wait to be sent, and the participants to whom one is due. */
import type { Connection, mongo } from 'mongoose';
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
  /** Where it goes whatever the participant's address is: what asks whether an address is right. */
  readonly address?: string;
  /** How often it was tried, why the last time came to nothing, and when it is tried again. */
  readonly tries?: number;
  readonly why?: string;
  readonly dueAt?: Date;
  /** Until when a server has it to itself. */
  readonly claimedAt?: Date;
  /** When it was begun to be delivered: without a word of how that went it may have arrived. */
  readonly handedAt?: Date;
  readonly sentAt?: Date;
  /** When it was given up. */
  readonly deadAt?: Date;
}

export interface Outbox {
  /** The oldest that waits, which nobody else gets for a while; undefined where none does. */
  readonly take: () => Promise<Kept | undefined>;
  /** It is about to be delivered: nobody else begins with it any more. */
  readonly handing: (id: string) => Promise<void>;
  readonly sent: (id: string) => Promise<void>;
  /** It did not get through, and is due again at a time. */
  readonly later: (id: string, again: { readonly why: string; readonly dueAt: Date }) => Promise<void>;
  /** It is given up. */
  readonly dead: (id: string, why: string) => Promise<void>;
  /** Those that a server began to deliver and never told of. */
  readonly lost: () => Promise<readonly Kept[]>;
  /** Those that were given up, the newest first. */
  readonly givenUp: () => Promise<readonly Kept[]>;
  /** Lets what was given up wait again; how many. */
  readonly again: () => Promise<number>;
  readonly counts: () => Promise<{ readonly waiting: number; readonly dead: number }>;
  /** Puts a notice in, once: the same one again changes nothing. */
  readonly put: (notice: Pick<Kept, '_id' | 'to' | 'subject' | 'text'>) => Promise<void>;
  /** Those whose participation ends until a civil day, and whom no notice has told of it. */
  readonly due: (today: string, until: string) => Promise<readonly Participant[]>;
  /** Ids of people of these roles who take part, at most as many as are told at once. */
  readonly people: (roles: readonly string[]) => Promise<readonly string[]>;
  /** Says that a participant was told of its end. */
  readonly told: (participant: Participant) => Promise<void>;
}

/** After so long another server sends what one had begun to send. */
const CLAIM_MS = 600_000;
const AT_ONCE = 500;
const WAITS = { sentAt: { $exists: false }, deadAt: { $exists: false } };
const DEAD = { sentAt: { $exists: false }, deadAt: { $exists: true } };
const FREE = { claimedAt: true, handedAt: true } as const;

/** Makes the outbox of a store. */
export function outboxOf(connection: Connection, now: Clock): Outbox {
  const db = databaseOf(connection);
  const notices = db.collection<Kept>('notices');
  const participants = db.collection<Participant & { readonly toldOf?: string }>(PARTICIPANTS);
  return {
    take: async () => {
      const time = now();
      const ago = new Date(time.getTime() - CLAIM_MS);
      const waits = {
        ...WAITS,
        handedAt: { $exists: false },
        $and: [
          { $or: [{ claimedAt: { $exists: false } }, { claimedAt: { $lt: ago } }] },
          { $or: [{ dueAt: { $exists: false } }, { dueAt: { $lte: time } }] },
        ],
      };
      return (
        (await notices.findOneAndUpdate(waits, { $set: { claimedAt: time } }, { sort: { at: 1 } })) ??
        undefined
      );
    },
    ...endings(notices, now),
    ...deadIn(notices, now),
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
        .limit(AT_ONCE)
        .toArray(),
    people: async (roles) => {
      const found = await participants
        .find({ what: 'person', role: { $in: [...roles] }, ended: { $exists: false } })
        .project<{ _id: string }>({ _id: 1 })
        .limit(AT_ONCE)
        .toArray();
      return found.map(({ _id }) => _id);
    },
    told: async ({ _id, until = '' }) => {
      await participants.updateOne({ _id, until }, { $set: { toldOf: until } });
    },
  };
}

type Notices = mongo.Collection<Kept>;

/** What becomes of one that was taken. */
const endings = (notices: Notices, now: Clock): Pick<Outbox, 'handing' | 'sent' | 'later' | 'dead'> => ({
  handing: async (id) => {
    await notices.updateOne({ _id: id }, { $set: { handedAt: now() } });
  },
  sent: async (id) => {
    await notices.updateOne({ _id: id }, { $set: { sentAt: now() } });
  },
  later: async (id, again) => {
    await notices.updateOne({ _id: id }, { $set: again, $inc: { tries: 1 }, $unset: FREE });
  },
  dead: async (id, why) => {
    await notices.updateOne({ _id: id }, { $set: { deadAt: now(), why } });
  },
});

/** Those that did not get through, and how many there are. */
const deadIn = (notices: Notices, now: Clock): Pick<Outbox, 'lost' | 'givenUp' | 'again' | 'counts'> => ({
  lost: () => {
    const ago = new Date(now().getTime() - CLAIM_MS);
    return notices
      .find({ ...WAITS, handedAt: { $lt: ago } })
      .limit(AT_ONCE)
      .toArray();
  },
  givenUp: () => notices.find(DEAD).sort({ at: -1 }).limit(AT_ONCE).toArray(),
  again: async () => {
    const unset = { ...FREE, deadAt: true, dueAt: true, tries: true } as const;
    // They count as put in now: else what was old would be given up at once.
    const { modifiedCount } = await notices.updateMany(DEAD, { $set: { at: now() }, $unset: unset });
    return modifiedCount;
  },
  counts: async () => {
    const [waiting, dead] = await Promise.all([notices.countDocuments(WAITS), notices.countDocuments(DEAD)]);
    return { waiting, dead };
  },
});
