/** Queries that name people by ids of merged records, led to the survivors. */
import type { Ask } from '../core/context.ts';
import { forwarded, survivorOf } from './forwards.ts';
import { entryOf, type Rooms } from './rooms.ts';

const PERSON = /(?:^|\/)([A-Za-z0-9\-.]{1,64})$/;
/** A query that names more has other things in mind than a person who was merged. */
const MOST_NAMED = 20;

/** Ids in the query that may be people's: values of references, and of `_id` among people. */
function namedIn(rooms: Rooms, ask: Ask): readonly string[] {
  const { search } = entryOf(rooms.catalog, ask.type);
  const named = ask.query.flatMap(([name, value]) => {
    const [base = '', modifier] = name.split(':');
    const isPerson =
      search[base]?.kind === 'reference'
        ? modifier === undefined || modifier === 'Patient'
        : base === '_id' && ask.type === 'Patient';
    return isPerson ? value.split(',').flatMap((each) => PERSON.exec(each)?.[1] ?? []) : [];
  });
  return [...new Set(named)];
}

/** Of several people some may be found, and others by old ids only. */
export const namesSeveral = (rooms: Rooms, ask: Ask): boolean => namedIn(rooms, ask).length > 1;

/** The ask with survivors in place of those who were merged into them. */
export async function withSurvivors(rooms: Rooms, ask: Ask): Promise<Ask> {
  const named = namedIn(rooms, ask);
  if (named.length === 0 || named.length > MOST_NAMED) return ask;
  let asked = ask;
  for (const from of named) {
    const to = await survivorOf(rooms.store, from);
    if (to !== undefined) asked = forwarded(asked, { from, to });
  }
  return asked;
}
