/** The statuses of two records that become one: with each provider the newer one counts; an undo gives back what was. */
import type { Rooms } from '../../interactions/rooms.ts';
import { JURISDICTION, NO_STATUSES, type Status, type Statuses } from '../../status/status.ts';
import type { Merge } from './merges.ts';

async function statusesOf({ store }: Rooms, id: string): Promise<Statuses> {
  return (await store.standings([id])).get(id)?.statuses ?? NO_STATUSES;
}

const withHolder = ({ all }: Statuses, holder: string): Status | undefined =>
  all.find((each) => each.with === holder);
const holdersIn = (...some: readonly Statuses[]): readonly string[] => [
  ...new Set(some.flatMap(({ all }) => all.map((each) => each.with))),
];

/** What the survivor's statuses are now, and what they become. */
export async function statusesUnited(
  rooms: Rooms,
  { source, target }: { readonly source: string; readonly target: string },
): Promise<Merge['statuses']> {
  const [from, before] = await Promise.all([statusesOf(rooms, source), statusesOf(rooms, target)]);
  const all = holdersIn(before, from).flatMap((holder): Status[] => {
    const [mine, theirs] = [withHolder(before, holder), withHolder(from, holder)];
    if (mine === undefined || theirs === undefined || holder === JURISDICTION)
      return [mine ?? theirs].flatMap((each) => each ?? []);
    return [theirs.since > mine.since ? theirs : mine];
  });
  const died = before.died ?? from.died;
  return { before, after: { all, ...(died !== undefined && { died }) } };
}

/** The survivor's statuses without what the merge brought: what has changed since keeps the change. */
export async function statusesParted(rooms: Rooms, { target, statuses }: Merge): Promise<Statuses> {
  const { before, after } = statuses;
  const now = await statusesOf(rooms, target);
  const all = holdersIn(before, now).flatMap((holder): Status[] => {
    const [then, brought, is] = [before, after, now].map((each) => withHolder(each, holder));
    const left = JSON.stringify(brought) === JSON.stringify(is) ? then : is;
    return left === undefined ? [] : [left];
  });
  return { all, ...(now.died !== undefined && { died: now.died }) };
}
