/**
 * Searches of what is asked most, joined as reads by id are: what is in one person's record, and what has an identifier.
 * One query finds it for all who ask at the same moment; what policy and the search ask beside it is judged here, on
 * what comes with the document anyway.
 */
import type { mongo } from 'mongoose';
import type { Clause } from '../search/clause.ts';
import { compareInOrder, holds } from '../search/holds.ts';
import { placeOf } from '../search/sort.ts';
import { OF_ANSWERS } from './find.ts';
import { joinLists } from './joined-reads.ts';
import { isAtHand, isOfAll, LONGEST_QUERY_MS } from './read-by-id.ts';
import type { Find, Stored } from './store.ts';

/** What is found; undefined where it has to be asked by itself. */
export type FindJoined = (type: string, find: Find) => Promise<readonly Stored[] | undefined>;

type Lead = Extract<Clause, { op: 'in' }> & { readonly field: 'patients' | 'tokens' };

/**
 * A record has some twenty of a type. Where more is found than those of a full group have, everybody asks alone, with
 * a limit of their own: nobody reads much more than was asked for.
 */
const MOST = 500;
const MOST_IN_ONE = 16;
const MOST_KEYS = 8;
/** Nearly always of one thing, as no other token is. */
const IDENTIFIER = 'identifier=';

const comes = (field: string, lead: Lead): boolean =>
  isOfAll(field) || field === lead.field || field.startsWith('sort.');

class TooMany extends Error {}

/** Makes the finder of a database. */
export function joinedFinder(db: mongo.Db): FindJoined {
  const readers = new Map<string, (key: string) => Promise<readonly Stored[]>>();
  const readerOf = (type: string, field: Lead['field']): ((key: string) => Promise<readonly Stored[]>) => {
    const name = `${type} ${field}`;
    const reader = readers.get(name) ?? joinedIn(db.collection<Stored>(type), field);
    readers.set(name, reader);
    return reader;
  };
  return async (type, { where, order, limit }) => {
    const lead = leadIn(where);
    if (lead === undefined) return undefined;
    const rest = where.filter((clause) => clause !== lead);
    if (!rest.every((clause) => isAtHand(clause, (field) => comes(field, lead)))) return undefined;
    const read = readerOf(type, lead.field);
    try {
      const found = (await Promise.all(lead.keys.map(read))).flat();
      const once = new Map(found.map((stored) => [stored._id, stored]));
      return [...once.values()]
        .filter((stored) => rest.every((clause) => holds(clause, stored)))
        .sort((a, b) => compareInOrder(a, order, placeOf(b, order)))
        .slice(0, limit);
    } catch (error) {
      if (error instanceof TooMany) return undefined;
      throw error;
    }
  };
}

/** The clause that finds few: by identifier rather than by person. */
function leadIn(where: readonly Clause[]): Lead | undefined {
  const leads = where.filter(isLead);
  return leads.find(({ field }) => field === 'tokens') ?? leads[0];
}

function isLead(clause: Clause): clause is Lead {
  if (clause.op !== 'in' || clause.keys.length > MOST_KEYS) return false;
  return (
    clause.field === 'patients' ||
    (clause.field === 'tokens' && clause.keys.every((key) => key.startsWith(IDENTIFIER)))
  );
}

function joinedIn(
  collection: mongo.Collection<Stored>,
  field: Lead['field'],
): (key: string) => Promise<readonly Stored[]> {
  // `visibility` is what directives are judged by, and the field tells who asked.
  const projection = { ...OF_ANSWERS, sort: 1, visibility: 1, [field]: 1 };
  return joinLists(
    async (keys) => {
      const found = await collection
        .find({ [field]: { $in: [...keys] } }, { projection })
        .limit(MOST + 1)
        .maxTimeMS(LONGEST_QUERY_MS)
        .toArray();
      if (found.length > MOST) throw new TooMany();
      return found;
    },
    (stored) => stored[field],
    MOST_IN_ONE,
  );
}
