/**
 * Conditional interactions: the one resource that a query names, and the reservation that keeps two callers
 * from making two (https://hl7.org/fhir/R4/http.html#ccreate, #cond-update, #cdelete).
 */
import { createHash } from 'node:crypto';
import type { Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import { parseCondition } from '../search/parse.ts';
import type { Note, Stored } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';
import type { Arrival } from './arrival.ts';
import { checkIdentified } from './identified.ts';
import { settingOf, type Rooms } from './rooms.ts';

const BY_ID = [{ field: '_id', descending: false }] as const;

/** Who asks for what, and with what leave. */
export interface Target {
  readonly ask: Ask;
  readonly grant: Grant;
  readonly type: string;
}

/** What a condition came to. */
export interface Resolved {
  /** The one resource that it names. */
  readonly match: Stored | undefined;
  /** What is written beside a new resource so that it stays the only one. */
  readonly reserve: (holder: string) => Unit;
  /** Of a Patient: where it belongs, where that is more than a match. */
  readonly arrival?: Arrival;
}

/**
 * The one match of a condition, or undefined where there is none.
 * @param leftOut ids that do not count: of resources that the same transaction deletes or rewrites
 * @throws Failure `multiple-matches`, and what parseCondition throws
 */
export async function soleMatch(
  rooms: Rooms,
  { grant, type }: Pick<Target, 'grant' | 'type'>,
  condition: readonly QueryPair[],
  leftOut: readonly string[] = [],
): Promise<Stored | undefined> {
  const clauses = parseCondition(type, condition, settingOf(rooms, grant));
  checkIdentified(rooms, grant, type, condition);
  const others = { op: 'not-in', field: '_id', keys: leftOut } as const;
  const where = leftOut.length === 0 ? clauses : [...clauses, others];
  const found = await rooms.store.find(grant, type, { where, order: BY_ID, limit: 2 });
  if (found.length > 1) tooMany();
  return found[0];
}

/** @throws Failure `multiple-matches` */
export const tooMany = (): never =>
  fail('multiple-matches', 'The condition matches more than one resource; add criteria until it names one.');

/**
 * The match of a condition that may create, and the reservation to create with: its key is unique per submitter,
 * type and condition. It goes after a day: by then a search finds what was made.
 */
export async function resolve(
  rooms: Rooms,
  target: Target,
  condition: readonly QueryPair[],
  leftOut?: readonly string[],
): Promise<Resolved> {
  const sorted = condition.map((pair) => pair.join('=')).sort();
  const _id = createHash('sha256')
    .update(JSON.stringify([target.ask.actor.client, target.type, sorted]))
    .digest('base64url');
  // Before the search: what held the reservation by then and is not found no longer matches, and gives way.
  const held = await rooms.store.note('reservations', _id);
  const match = await soleMatch(rooms, target, condition, leftOut);
  return { match, reserve: (holder) => [reservation(held, { _id, holder, at: rooms.now() })] };
}

/** Holds a key for the holder; where somebody else held it when it was looked at, instead of that one. */
export function reservation(held: Note | undefined, doc: Note): Unit[number] {
  if (held === undefined) return { do: 'insert', in: 'reservations', doc };
  return { do: 'replace', in: 'reservations', match: { _id: doc._id, holder: String(held['holder']) }, doc };
}

/** The match as it is stored whole, for the write that changes it. */
export async function soleMatchWhole(rooms: Rooms, target: Target): Promise<Stored | undefined> {
  const { ask, grant, type } = target;
  const match = await soleMatch(rooms, target, ask.query);
  return match && rooms.store.readWhole(grant, ask.interaction, type, match._id);
}
