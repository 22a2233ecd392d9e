/** What is counted of messages and of what was refused as FHIR, by the codes that stand beside them, and the text of a message. */
import type { mongo } from 'mongoose';
import { bounded } from './bounded.ts';
import { REFUSALS } from './judged.ts';
import { LONGEST_QUERY_MS } from './read-by-id.ts';
import { MESSAGES } from './sealed-places.ts';
import type { During, FindingCount, Note, Store } from './store.ts';

/** A message is kept in the transaction that makes the thing, whose id was made a moment before. */
const ABOUT_MS = 300_000;

const sentIn = (organization: string, { from, to }: During) => ({
  organization,
  at: { $gte: from, $lt: to },
});

const FOUND = { $ifNull: ['$findings', []] };
/** One message may be kept with several things that it made: it counts once, by all that was found in it. */
const ONE_MESSAGE = { $ifNull: ['$receipt', '$_id'] };

/** What is told of messages, and the text of one. */
export const messagesIn = (
  db: mongo.Db,
): Pick<Store, 'findingsOf' | 'refusalsOf' | 'messagesOf' | 'messageAbout'> => ({
  ...aggregatesIn(db),
  messagesOf: async (organization, during) => {
    const isBad = { $in: ['E', { $ifNull: ['$findings.severity', []] }] };
    const [counted] = await bounded(
      db
        .collection<Note>(MESSAGES)
        .aggregate<{ readonly of: number; readonly bad: number }>(
          [
            { $match: sentIn(organization, during) },
            { $group: { _id: ONE_MESSAGE, isBad: { $max: isBad } } },
            { $group: { _id: null, of: { $sum: 1 }, bad: { $sum: { $cond: ['$isBad', 1, 0] } } } },
          ],
          { maxTimeMS: LONGEST_QUERY_MS },
        )
        .toArray(),
    );
    const { of, bad } = counted ?? { of: 0, bad: 0 };
    return { of, has: of - bad };
  },
  messageAbout: async (organization, { at, wrote }) => {
    const [from, to] = [-ABOUT_MS, ABOUT_MS].map((by) => new Date(at.getTime() + by));
    const kept = { organization, at: { $gte: from, $lte: to }, wrote };
    const found = await bounded(db.collection<Note>(MESSAGES).findOne(kept));
    return found === null ? undefined : String(found['sealed']);
  },
});

const LONGEST_LIST = { length: { $size: FOUND }, findings: FOUND };
/** What was counted and not told: N. */
const NOTED = { $map: { input: { $ifNull: ['$noted', []] }, in: { code: '$$this', severity: 'N' } } };

const aggregatesIn = (db: mongo.Db): Pick<Store, 'findingsOf' | 'refusalsOf'> => ({
  findingsOf: (organization, during) =>
    bounded(
      db
        .collection<Note>(MESSAGES)
        .aggregate<FindingCount>(
          [
            { $match: sentIn(organization, during) },
            // What was found later is told with all there was before: the longest list has it all.
            { $group: { _id: ONE_MESSAGE, all: { $max: LONGEST_LIST }, noted: { $max: '$noted' } } },
            { $project: { findings: '$all.findings', noted: 1 } },
            { $unionWith: { coll: REFUSALS, pipeline: [{ $match: sentIn(organization, during) }] } },
            { $project: { found: { $concatArrays: ['$findings', NOTED] } } },
            { $unwind: '$found' },
            { $group: { _id: { code: '$found.code', severity: '$found.severity' }, count: { $sum: 1 } } },
            { $sort: { '_id.code': 1, '_id.severity': 1 } },
            { $project: { _id: 0, code: '$_id.code', severity: '$_id.severity', count: 1 } },
          ],
          { maxTimeMS: LONGEST_QUERY_MS },
        )
        .toArray(),
    ),
  refusalsOf: (organization, during, timezone) =>
    bounded(
      db
        .collection<Note>(REFUSALS)
        .aggregate<{ readonly day: string; readonly count: number }>(
          [
            { $match: sentIn(organization, during) },
            {
              $group: {
                _id: { $dateToString: { date: '$at', format: '%Y-%m-%d', timezone } },
                count: { $sum: 1 },
              },
            },
            { $project: { _id: 0, day: '$_id', count: 1 } },
          ],
          { maxTimeMS: LONGEST_QUERY_MS },
        )
        .toArray(),
    ),
});
