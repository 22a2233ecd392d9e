/**
 * The participants of the registry and the relationships that open records, as they stand in the primary. What asks
 * by id within one turn of the event loop shares one query; nothing is kept from one request to the next.
 */
import type { Connection } from 'mongoose';
import type { Participant } from '../policy/participant.ts';
import { databaseOf } from './connect.ts';
import { joinReads } from './joined-reads.ts';

export const PARTICIPANTS = 'participants';
export const RELATIONSHIPS = 'relationships';

/** People of whom one account has relationships; who has more is an organisation. */
const DEPENDENTS_MAX = 100;

/** A time in which somebody stands in a relationship to a patient. */
export interface Relationship {
  readonly _id: string;
  /** `organization:ID` of a plan, a school; `account:ID` of a guardian, or of the person. */
  readonly holder: string;
  readonly kind: 'member' | 'enrolled' | 'guardian' | 'self';
  readonly patient: string;
  /** Civil days, both included; without an end it lasts. */
  readonly from: string;
  readonly until?: string;
  /** Where the fact comes from, and who admitted it. */
  readonly source: string;
  readonly admitted: { readonly at: Date; readonly by: string };
  readonly revision: number;
}

export interface Participants {
  readonly find: (id: string) => Promise<Participant | undefined>;
  /** Ids of the organisations that take part or have, but for those that ended, in order, after one. */
  readonly organizations: (after: string, limit: number) => Promise<readonly string[]>;
  /** Writes what a sandbox makes up; what happens to a real participant is a transaction with its record. */
  readonly pretend: (participant: Participant, relationships: readonly Relationship[]) => Promise<void>;
  /** Says that it was used on a civil day, at most once a day. */
  readonly used: (participant: Participant, today: string) => Promise<void>;
  /** The patients that an account is, or acts for, on a civil day. */
  readonly patientsOf: (holder: string, today: string) => Promise<readonly string[]>;
}

const ORGANIZATION = 'organization:';
/** The next character after the colon. */
const AFTER_ORGANIZATIONS = 'organization;';

/** Makes the participants of a store. */
export function participantsOf(connection: Connection): Participants {
  const participants = databaseOf(connection).collection<Participant>(PARTICIPANTS);
  const relationships = databaseOf(connection).collection<Relationship>(RELATIONSHIPS);
  return {
    find: joinReads((ids) => participants.find({ _id: { $in: [...ids] } }).toArray()),
    organizations: async (after, limit) => {
      const found = await participants
        .find({
          _id: { $gt: `${ORGANIZATION}${after}`, $lt: AFTER_ORGANIZATIONS },
          ended: { $exists: false },
          approved: { $exists: true },
        })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ _id }) => _id.slice(ORGANIZATION.length));
    },
    pretend: async (participant, some) => {
      await participants.replaceOne({ _id: participant._id }, participant, { upsert: true });
      for (const each of some) await relationships.replaceOne({ _id: each._id }, each, { upsert: true });
    },
    used: async ({ _id }, today) => {
      await participants.updateOne({ _id }, { $max: { usedOn: today } });
    },
    patientsOf: async (holder, today) => {
      const found = await relationships
        .find({ holder, ...on(today) }, { projection: { patient: 1 } })
        .limit(DEPENDENTS_MAX)
        .toArray();
      return [...new Set(found.map(({ patient }) => patient))];
    },
  };
}

/** What lasts on a civil day. */
export const on = (today: string) => ({
  from: { $lte: today },
  $or: [{ until: { $exists: false } }, { until: { $gte: today } }],
});
