/** search: by GET, by POST, in a compartment; page by page (https://hl7.org/fhir/R4/search.html). */
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import type { Clause } from '../search/clause.ts';
import { inCompartment } from '../search/compartment.ts';
import { continued, movesWithTime, pageOf, readFrom, type Journey, type Page } from '../search/page.ts';
import { parseQuery, type SearchRequest } from '../search/parse.ts';
import type { Stored } from '../storage/store.ts';
import { resolved } from './chains.ts';
import { withWorkedOut } from './derived.ts';
import { marksOf } from './doses/mark.ts';
import { namesSeveral, withSurvivors } from './search-survivors.ts';
import { checkFew, checkIdentified } from './identified.ts';
import { included } from './included.ts';
import { entryOf, settingOf, type Handler, type Rooms } from './rooms.ts';
import { countOnly, searchset } from './searchset.ts';

/** Who was merged has no record under the old id: what was asked of it is asked of the survivor. */
export const search: Handler = async (rooms, ask, grant, entry) => {
  const found = await searchAs(rooms, ask, grant, entry);
  if (found.isWhole) return found.answer;
  const asked = await withSurvivors(rooms, ask);
  return asked === ask ? found.answer : (await searchAs(rooms, asked, grant, entry)).answer;
};

interface Searched {
  readonly answer: Answer;
  /** Whether nothing hints that somebody was asked for by an old id. */
  readonly isWhole: boolean;
}

async function searchAs(rooms: Rooms, ask: Ask, grant: Grant, entry: Entry): Promise<Searched> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const link = continued(type, ask.query, rooms.cursors);
  const request = parseQuery(type, link?.query ?? ask.query, {
    ...settingOf(rooms, grant),
    // What a link holds was asked before, and holds no secret.
    inUrl: ask.queryInUrl || link !== undefined,
    handling: ask.prefer.handling ?? 'strict',
    inRecord: ask.compartment !== undefined,
  });
  checkSearch(rooms, grant, ask, request);
  const journey: Journey = link ?? journeyOf(rooms, request);
  const criteria = { ...request, clauses: [...request.clauses, ...recordClause(rooms, ask)] };
  const where = await withWorkedOut(rooms, grant, request, await resolved({ rooms, grant }, criteria));
  const total = await totalOf(rooms, grant, request, where);
  if (request.count === 0) {
    await checkFew(rooms, grant, { type, where, found: total });
    return {
      answer: countOnly(rooms, ask, request, total),
      isWhole: total !== 0 && !namesSeveral(rooms, ask),
    };
  }
  const page = await pageAt(rooms, grant, request, { where, journey });
  await checkFew(rooms, grant, { type, where, found: wholeCount(journey, page) });
  const also = await included(rooms, grant, request, page.documents);
  const { documents } = page;
  const shown = [...documents.map((stored) => ({ type, stored })), ...also.resources];
  entry.concerns(shown.flatMap(({ stored }) => [...stored.patients]));
  const behind = await marksOf(rooms, grant, shown, askedOfAll(journey, page, where));
  return {
    answer: searchset(rooms, ask, { request, journey, page, also, total, behind }),
    isWhole:
      documents.length > 0 &&
      documents.every(({ replacedBy }) => replacedBy === undefined) &&
      !namesSeveral(rooms, ask),
  };
}

/** A search in a compartment names its patient. */
function checkSearch(rooms: Rooms, grant: Grant, { compartment }: Ask, { type, asked }: SearchRequest): void {
  if (compartment === undefined) checkIdentified(rooms, grant, type, asked);
}

/** How many match, where the page is all there is. */
const wholeCount = ({ place }: Journey, { next, documents }: Page<Stored>): number | undefined =>
  place === undefined && next === undefined ? documents.length : undefined;

/** What was asked, where the page is all that it finds. */
const askedOfAll = (
  journey: Journey,
  page: Page<Stored>,
  where: readonly Clause[],
): readonly Clause[] | undefined => (wholeCount(journey, page) === undefined ? undefined : where);

/** The walk through pages that begins with this one. */
const journeyOf = (rooms: Rooms, { type, asked, order }: SearchRequest): Journey => ({
  type,
  query: asked,
  ...(movesWithTime(order) && { until: rooms.now() }),
});

function recordClause(rooms: Rooms, { type, compartment }: Ask): Clause[] {
  return compartment === undefined ? [] : [inCompartment(entryOf(rooms.catalog, type), compartment.id)];
}

async function pageAt(
  rooms: Rooms,
  grant: Grant,
  request: SearchRequest,
  { where, journey }: { where: readonly Clause[]; journey: Journey },
): Promise<Page<Stored>> {
  const { order, clauses } = readFrom(request.order, journey.place, journey.until);
  const found = await rooms.store.find(grant, request.type, {
    where: [...where, ...clauses],
    order,
    limit: request.count + 1,
  });
  return pageOf(found, request, journey.place);
}

/** Counted only where it is asked for: counting often costs more than finding. */
async function totalOf(
  rooms: Rooms,
  grant: Grant,
  request: SearchRequest,
  where: readonly Clause[],
): Promise<number | undefined> {
  if (request.total === 'none' && request.count > 0) return undefined;
  const { count, capped } = await rooms.store.count(grant, request.type, where, rooms.limits.total);
  // Rather no total than a wrong one.
  if (capped && request.total === 'estimate' && request.count > 0) return undefined;
  if (capped)
    fail(
      'too-costly',
      `More than ${rooms.limits.total} resources match; the server does not count further. Narrow the search.`,
    );
  return count;
}
