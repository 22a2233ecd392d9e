/**
 * Who has not been heard of by a provider for as long as the jurisdiction says is no longer its active patient
 * (`inactivity.patient` of the pack). Nothing is written when that happens, so that it is looked for once a day.
 */
import { dayAfter } from '../core/civil-day.ts';
import { dayOf } from '../consent/days.ts';
import { silenced } from '../status/rules.ts';
import type { Rooms } from './rooms.ts';
import { stated } from './sight.ts';
import { doneSurely } from './write-through.ts';

const AT_ONCE = 500;

/** Makes inactive what has gone silent; it can be broken off and begun again. */
export async function silence(rooms: Rooms): Promise<void> {
  const { patient: rule } = rooms.pack.inactivity;
  if (rule === undefined) return;
  const before = dayAfter(dayOf(rooms.now(), rooms.pack.timeZone), -rule.days);
  for (let after = ''; ;) {
    const ids = await rooms.store.silentBefore(before, { after, count: AT_ONCE });
    for (const id of ids) await quieten(rooms, id, before);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

const quieten = (rooms: Rooms, patient: string, before: string): Promise<void> =>
  doneSurely(rooms, async () => {
    const was = (await rooms.store.standings([patient])).get(patient)?.statuses;
    if (was === undefined) return [];
    const all = silenced(was.all, before, dayOf(rooms.now(), rooms.pack.timeZone));
    const isSame = all.every((each, at) => each === was.all[at]);
    return isSame ? [] : (await stated(rooms, [], [{ patient, become: { ...was, all } }])).deeds;
  });
