/**
 * Conditional interactions: the one resource that a query names, and the reservation that keeps two callers
 * from making two (https://hl7.org/fhir/R4/http.html#ccreate, #cond-update, #cdelete).
 */
import { createHash } from 'node:crypto';
import type { Actor, Interaction, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import { parseCondition } from '../search/parse.ts';
import type { Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import { settingOf, type Rooms } from './rooms.ts';

const BY_ID = [{ field: '_id', descending: false }] as const;

/**
 * The one match of a condition, or undefined where there is none.
 * @throws Failure `multiple-matches`, and what parseCondition throws
 */
export async function soleMatch(
  rooms: Rooms,
  grant: Grant,
  type: string,
  condition: readonly QueryPair[],
): Promise<Stored | undefined> {
  const clauses = parseCondition(type, condition, settingOf(rooms));
  const found = await rooms.store.find(grant, type, { where: clauses, order: BY_ID, limit: 2 });
  if (found.length > 1)
    fail(
      'multiple-matches',
      'The condition matches more than one resource; add criteria until it names one.',
    );
  return found[0];
}

/** The match as it is stored whole, for the write that changes it. */
export async function soleMatchWhole(
  rooms: Rooms,
  { grant, interaction }: { grant: Grant; interaction: Interaction },
  type: string,
  condition: readonly QueryPair[],
): Promise<Stored | undefined> {
  const match = await soleMatch(rooms, grant, type, condition);
  return match && rooms.store.readWhole(grant, interaction, type, match._id);
}

/**
 * The write that makes a condition's resource the only one: its key is unique per submitter, type and
 * condition. A reservation whose resource no longer matches is taken over. It goes after a day: by then a
 * search finds what was made.
 */
export async function reservation(
  rooms: Rooms,
  actor: Actor,
  type: string,
  condition: readonly QueryPair[],
): Promise<{ readonly unit: (holder: string) => Unit }> {
  const sorted = condition.map((pair) => pair.join('=')).sort();
  const _id = createHash('sha256')
    .update(JSON.stringify([actor.client, type, sorted]))
    .digest('base64url');
  const held = await rooms.store.note('reservations', _id);
  const at = rooms.now();
  return {
    unit: (holder) => [
      held === undefined
        ? { do: 'insert', in: 'reservations', doc: { _id, holder, at } }
        : {
            do: 'replace',
            in: 'reservations',
            match: { _id, holder: String(held['holder']) },
            doc: { _id, holder, at },
          },
    ],
  };
}
