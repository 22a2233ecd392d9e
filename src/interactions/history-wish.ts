/** What a history asks for, in its query or in a page link (https://hl7.org/fhir/R4/http.html#history). */
import type { Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { intervalOf, type Interval } from '../fhir/date.ts';
import type { FindPast, PastPlace } from '../storage/store.ts';
import type { Rooms } from './rooms.ts';
import { VIEW_PARAMETERS, wantedOf, type Wanted } from './view.ts';

const COUNT_DEFAULT = 50;
const COUNT_MAX = 500;

export interface Wish extends Pick<FindPast, 'since' | 'during' | 'after'> {
  readonly count: number;
  readonly wanted: Wanted;
}

const OWN_PARAMETERS: ReadonlySet<string> = new Set(['_since', '_at', '_count', '_page']);

/** Whether the parameter is one of history's. */
export const isParameter = (name: string): boolean => OWN_PARAMETERS.has(name) || VIEW_PARAMETERS.has(name);

/** @throws Failure for a parameter that is not one of history's, or a value that cannot be read */
export function wishOf(rooms: Rooms, ask: Ask): Wish {
  if (ask.query.some(([name]) => !isParameter(name)) && ask.prefer.handling !== 'lenient') {
    fail('not-understood', 'A history takes _since, _at, _count, _summary and _elements only.');
  }
  const page = valueOf(ask.query, '_page');
  if (page !== undefined) return opened(rooms, ask, page);
  const since = intervalAt(ask.query, '_since');
  const during = intervalAt(ask.query, '_at');
  return {
    count: countOf(valueOf(ask.query, '_count')),
    wanted: wantedOf(ask.query),
    ...(since && { since: new Date(since.lo) }),
    ...(during && { during }),
  };
}

/** @throws Failure `invalid-value` where the parameter is given twice */
function valueOf(query: readonly QueryPair[], name: string): string | undefined {
  const [value, ...more] = query.filter(([each, text]) => each === name && text !== '');
  if (more.length > 0) fail('invalid-value', `${name} was given more than once.`);
  return value?.[1];
}

function intervalAt(query: readonly QueryPair[], name: string): Interval | undefined {
  const text = valueOf(query, name);
  if (text === undefined) return undefined;
  return (
    intervalOf(text) ?? fail('invalid-value', `${name} must be an instant such as 2026-01-31T12:00:00Z.`)
  );
}

function countOf(text: string | undefined): number {
  if (text === undefined) return COUNT_DEFAULT;
  if (!/^0*[1-9]\d{0,8}$/.test(text)) return fail('invalid-value', '_count must be a whole number above 0.');
  return Math.min(Number(text), COUNT_MAX);
}

/** What a page link holds beside the place: instants in milliseconds. */
interface Packed {
  readonly of: string;
  readonly count: number;
  readonly wanted: Wanted;
  readonly since?: number;
  readonly during?: Interval;
  readonly after: readonly [lastUpdated: number, id: string, version: number];
}

/** The path of a history below the base. */
export const pathOf = ({ type, id }: Ask): string =>
  [type, id, '_history'].filter((part) => part !== undefined).join('/');

/** The cursor of the page after a place; it holds all that the first page was asked with, sealed. */
export function cursorAfter(rooms: Rooms, ask: Ask, wish: Wish, place: PastPlace): string {
  const { count, wanted, since, during } = wish;
  const packed: Packed = {
    of: pathOf(ask),
    count,
    wanted,
    ...(since && { since: since.getTime() }),
    ...(during && { during }),
    after: [place.lastUpdated.getTime(), place.id, place.version],
  };
  return rooms.cursors.seal(JSON.stringify(packed));
}

function opened(rooms: Rooms, ask: Ask, page: string): Wish {
  const { of, count, wanted, since, during, after } = unsealed(rooms, page);
  if (of !== pathOf(ask)) fail('invalid-value', 'The page link belongs to another history.');
  const [lastUpdated, id, version] = after;
  return {
    count,
    wanted,
    ...(since !== undefined && { since: new Date(since) }),
    ...(during && { during }),
    after: { lastUpdated: new Date(lastUpdated), id, version },
  };
}

function unsealed(rooms: Rooms, page: string): Packed {
  try {
    return JSON.parse(rooms.cursors.open(page)) as Packed;
  } catch {
    return fail('invalid-value', 'The page link was changed or is too old; start the history again.');
  }
}
