/**
 * Standings made anew where they follow other rules than the server's: another pack, or a store from before there were
 * any. It is done before the server answers, because until then the old rules would decide.
 */
import { fail } from '../core/failure.ts';
import type { RecordKeeping } from '../storage/record-keeping.ts';
import { STANDINGS } from '../storage/write.ts';
import { packKey } from './pack-key.ts';
import { survivorOf } from './forwards.ts';
import type { Rooms } from './rooms.ts';
import { nextStanding, personOf, recordCollections } from './sight.ts';

const ATTEMPTS = 12;

/** Renews what follows other rules; two servers may do so at once. */
export async function renewStandings(rooms: Rooms, keeping: RecordKeeping): Promise<void> {
  const key = packKey(rooms.pack);
  if (await keeping.follows(key)) return;
  let after = '';
  for (;;) {
    const page = await keeping.outdated(key, after);
    if (page === undefined) break;
    for (const id of page.ids) await renew(rooms, keeping, id);
    after = page.last;
  }
  await keeping.done(key);
}

async function renew(rooms: Rooms, keeping: RecordKeeping, id: string): Promise<void> {
  await keeping.giveFacts(id);
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
