/**
 * Standings made anew where they follow other rules than the server's: another pack, or a store from before there were
 * any. It is done before the server answers, because until then the old rules would decide.
 */
import { fail } from '../core/failure.ts';
import type { Deciding, RecordKeeping } from '../storage/record-keeping.ts';
import type { StandingDocument, Store } from '../storage/store.ts';
import { STANDINGS } from '../storage/write.ts';
import { fewAtOnce } from './at-once.ts';
import { packKey } from './pack-key.ts';
import { survivorOf } from './forwards.ts';
import type { Rooms } from './rooms.ts';
import { recordCollections } from './sight.ts';
import { nextStanding, personOf } from './standing-after.ts';

const ATTEMPTS = 12;

/** Renews what follows other rules; two servers may do so at once. */
export async function renewStandings(rooms: Rooms, keeping: RecordKeeping): Promise<void> {
  const key = packKey(rooms.pack);
  if (await keeping.follows(key)) return;
  const isWhole = await keeping.isWhole();
  let after = '';
  for (;;) {
    const page = await keeping.outdated(key, after);
    if (page === undefined) break;
    if (after === '')
      rooms.log.warn({}, 'standings follow other rules and are made anew before the server answers');
    const left = isWhole ? await renewAlike(rooms, keeping, page.ids) : page.ids;
    await fewAtOnce(left, async (id) => {
      if (!isWhole) await keeping.giveFacts(id);
      await renew(rooms, keeping, id);
    });
    after = page.last;
  }
  await keeping.done(key);
}

/**
 * Where the new rules come to what the old ones did, nothing of the record changes, and only the standing says that it
 * follows them. So it is with nearly everybody, and hundreds are done in the time of one.
 * @returns those whose records change
 */
async function renewAlike(
  rooms: Rooms,
  keeping: RecordKeeping,
  ids: readonly string[],
): Promise<readonly string[]> {
  const [standings, deciding] = await Promise.all([rooms.store.standings(ids), keeping.deciding(ids)]);
  const known = { ...rooms, store: knowing(rooms.store, deciding, standings) };
  const left = await Promise.all(
    ids.map(async (id) => {
      const [was, person] = [standings.get(id), deciding.people.get(id)];
      if (was === undefined || person === undefined || deciding.merged.has(id)) return [id];
      const next = await nextStanding(known, subjectOf(rooms, was), personOf(person));
      if (sightIn(next) !== sightIn(was)) return [id];
      const { generation, touched } = was;
      const clash = await rooms.store.commit([
        {
          do: 'replace',
          in: STANDINGS,
          match: { _id: id, generation, touched },
          doc: { ...next, generation },
        },
      ]);
      return clash === undefined ? [] : [id];
    }),
  );
  return left.flat();
}

/** A store that has been asked already what decides about some standings. */
const knowing = (
  store: Store,
  { directives }: Deciding,
  standings: ReadonlyMap<string, StandingDocument>,
): Store => ({
  ...store,
  directivesOf: (id) => Promise.resolve(directives.get(id) ?? []),
  administeringOf: (id) => Promise.resolve(standings.get(id)?.administering ?? []),
});

const subjectOf = (rooms: Rooms, known: StandingDocument) => ({
  id: known._id,
  ...{ unit: [], told: [], known, survivor: undefined },
  collections: recordCollections(rooms),
});

/** All of a standing that decides what is visible and what may be stored. */
const sightIn = ({ person, restrictions, administering, storing }: StandingDocument): string =>
  JSON.stringify([person, restrictions, administering, storing]);

async function renew(rooms: Rooms, keeping: RecordKeeping, id: string): Promise<void> {
  for (let tries = 0; tries < ATTEMPTS; tries += 1) {
    const stored = await keeping.person(id);
    if (stored === undefined) return;
    const known = (await rooms.store.standings([id])).get(id);
    const survivor = await survivorOf(rooms.store, id);
    const subject = { id, unit: [], known, collections: recordCollections(rooms), survivor, told: [] };
    const doc = await nextStanding(rooms, subject, personOf(stored));
    // A record is rewritten on the change of a standing: one that was not there is made first, and closed to all.
    const clash = await rooms.store.commit(
      known === undefined
        ? [{ do: 'insert', in: STANDINGS, doc: { ...doc, pack: '', generation: 0 } }]
        : [
            {
              do: 'restate',
              in: STANDINGS,
              match: { _id: id, generation: known.generation },
              doc,
              collections: subject.collections,
            },
          ],
    );
    if (clash === undefined && known !== undefined) return;
  }
  fail('unavailable', 'The standing of a record kept changing while it was renewed.');
}
