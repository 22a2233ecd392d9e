/**
 * What a page brings along: `_include` and `_revinclude`, each step read with the grant of its own type
 * (https://hl7.org/fhir/R4/search.html#include).
 */
import { parseJson } from '../fhir/json.ts';
import type { Grant } from '../policy/decide.ts';
import { referrersTo, targetsOf, type Include } from '../search/include.ts';
import type { SearchRequest } from '../search/parse.ts';
import type { Stored } from '../storage/store.ts';
import { mustIdentify } from './identified.ts';
import { entryOf, settingOf, type Rooms } from './rooms.ts';

export interface Found {
  readonly type: string;
  readonly stored: Stored;
}

export interface Included {
  readonly resources: readonly Found[];
  /** Whether there were more than a page may bring along. */
  readonly cut: boolean;
}

/** Rounds of `:iterate`: references can lead in circles. */
const ROUNDS = 5;

/** Follows every include of a search from its matches, and what iterates from what it brought along. */
export async function included(
  rooms: Rooms,
  grant: Grant,
  request: Pick<SearchRequest, 'type' | 'includes' | 'revincludes'>,
  matches: readonly Stored[],
): Promise<Included> {
  const steps = [...request.includes.map(forward), ...request.revincludes.map(backward)];
  const known = new Set(matches.map(({ _id }) => `${request.type}/${_id}`));
  const resources: Found[] = [];
  let from: readonly Found[] = matches.map((stored) => ({ type: request.type, stored }));
  for (let round = 0; from.length > 0; round += 1) {
    const due = steps.filter(({ include }) => round === 0 || include.iterate);
    const found = await Promise.all(due.map(({ follow, include }) => follow(rooms, grant, include, from)));
    from = found.flat().filter(({ type, stored }) => isNew(known, `${type}/${stored._id}`));
    // The round after the last one is only to see whether it would have brought anything.
    if (round === ROUNDS) return { resources, cut: from.length > 0 };
    resources.push(...from);
    if (resources.length > rooms.limits.included)
      return { resources: resources.slice(0, rooms.limits.included), cut: true };
  }
  return { resources, cut: false };
}

function isNew(known: Set<string>, name: string): boolean {
  if (known.has(name)) return false;
  known.add(name);
  return true;
}

interface Step {
  readonly include: Include;
  readonly follow: (rooms: Rooms, grant: Grant, include: Include, from: readonly Found[]) => Promise<Found[]>;
}
const forward = (include: Include): Step => ({ include, follow: followForward });
const backward = (include: Include): Step => ({ include, follow: followBackward });

async function followForward(
  rooms: Rooms,
  grant: Grant,
  include: Include,
  from: readonly Found[],
): Promise<Found[]> {
  const entry = entryOf(rooms.catalog, include.source);
  const targets = from
    .filter(({ type }) => type === include.source)
    .flatMap(({ stored }) => targetsOf(entry, include, parseJson(stored.json), rooms.baseUrl));
  const byType = Map.groupBy(targets, ({ type }) => type);
  const found = await Promise.all(
    [...byType]
      .filter(([type]) => rooms.catalog.has(type) && grant.may('read', type))
      .map(async ([type, some]) => {
        const ids = [...new Set(some.map(({ id }) => id))];
        return (await rooms.store.readMany(grant, type, ids)).map((stored) => ({ type, stored }));
      }),
  );
  return found.flat();
}

const isPeople = ({ catalog }: Rooms, type: string): boolean => (catalog.get(type)?.patient.length ?? 0) > 0;

async function followBackward(
  rooms: Rooms,
  grant: Grant,
  include: Include,
  from: readonly Found[],
): Promise<Found[]> {
  const entry = entryOf(rooms.catalog, include.source);
  const resources = from
    .filter(({ type }) => include.target === undefined || include.target === type)
    .map(({ type, stored }) => ({ type, id: stored._id }));
  if (resources.length === 0 || !grant.may('search-type', include.source)) return [];
  // What refers to an organisation is a panel: who may only look people up goes on from people alone.
  const isOfPeople = entry.patient.length > 0;
  if (
    isOfPeople &&
    mustIdentify(grant, include.source) &&
    !resources.every(({ type }) => isPeople(rooms, type))
  )
    return [];
  const clause = referrersTo(entry, include.parameter, resources, {
    ...settingOf(rooms, grant),
    inUrl: false,
  });
  const limit = rooms.limits.included + 1;
  const order = [{ field: '_id', descending: false }];
  const found = await rooms.store.find(grant, include.source, { where: [clause], order, limit });
  return found.map((stored) => ({ type: include.source, stored }));
}
