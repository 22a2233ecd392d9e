/** search: by GET, by POST, in a compartment; page by page (https://hl7.org/fhir/R4/search.html). */
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask, QueryPair } from '../core/context.ts';
import { fail, type Issue } from '../core/failure.ts';
import { queryText } from '../core/query.ts';
import { outcomeText } from '../fhir/outcome.ts';
import type { Grant } from '../policy/decide.ts';
import type { Clause } from '../search/clause.ts';
import {
  continued,
  cursorOf,
  PAGE_PARAMETER,
  pageOf,
  readFrom,
  type Journey,
  type Page,
  type Place,
} from '../search/page.ts';
import { parseQuery, type SearchRequest } from '../search/parse.ts';
import type { Stored } from '../storage/store.ts';
import { included, type Included } from './included.ts';
import { entryOf, settingOf, type Handler, type Rooms } from './rooms.ts';
import { viewer, type Viewer } from './view.ts';

export const search: Handler = async (rooms, ask, grant, entry) => {
  const { type } = entryOf(rooms.catalog, ask.type);
  const journey = continued(type, ask.query, rooms.cursors) ?? {
    type,
    query: ask.query,
    inUrl: ask.queryInUrl,
  };
  const handling = ask.prefer.handling ?? 'strict';
  const request = parseQuery(type, journey.query, { ...settingOf(rooms), inUrl: journey.inUrl, handling });
  const where = [...request.clauses, ...compartmentOf(ask)];
  const total = await totalOf(rooms, grant, request, where);
  if (request.count === 0)
    return bundle(rooms, ask, { request, total, links: linksOf(rooms, ask, request, journey), entries: [] });
  const page = await pageAt(rooms, { ask, grant, entry }, request, { where, place: journey.place });
  const also = await included(rooms, grant, request, page.documents);
  entry.concerns(
    [...page.documents, ...also.resources.map(({ stored }) => stored)].flatMap(({ patients }) => [
      ...patients,
    ]),
  );
  return bundle(rooms, ask, {
    request,
    // A first page that is also the last one has counted everything.
    total:
      total ?? (journey.place === undefined && page.next === undefined ? page.documents.length : undefined),
    links: linksOf(rooms, ask, request, journey, page),
    entries: entriesOf(rooms, type, viewer(request), { page, also, warnings: warningsOf(request, also) }),
  });
};

const compartmentOf = ({ compartment }: Ask): Clause[] =>
  compartment === undefined ? [] : [{ op: 'in', field: 'patients', keys: [compartment.id] }];

interface Where {
  readonly where: readonly Clause[];
  readonly place: Place | undefined;
}

async function pageAt(
  rooms: Rooms,
  { grant }: { ask: Ask; grant: Grant; entry: Entry },
  request: SearchRequest,
  { where, place }: Where,
): Promise<Page<Stored>> {
  const { order, clauses } = readFrom(request.order, place);
  const found = await rooms.store.find(grant, request.type, {
    where: [...where, ...clauses],
    order,
    limit: request.count + 1,
  });
  return pageOf(found, request, place);
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
  if (capped)
    fail(
      'too-costly',
      `More than ${rooms.limits.total} resources match; the server does not count further. Narrow the search.`,
    );
  return count;
}

function warningsOf({ ignored }: SearchRequest, { cut }: Included): Issue[] {
  const unknown = ignored.map((name): Issue => ({
    kind: 'not-understood',
    message: `The parameter ${name.slice(0, 64)} is not known and was left out.`,
  }));
  return cut
    ? [
        ...unknown,
        {
          kind: 'too-costly',
          message: 'More resources were to be included than one page holds; those beyond were left out.',
        },
      ]
    : unknown;
}

interface Link {
  readonly relation: string;
  readonly url: string;
}

/** The path that a search was asked at; page links stay on it. */
const pathOf = ({ type = '', compartment }: Ask): string =>
  compartment === undefined ? type : `${compartment.type}/${compartment.id}/${type}`;

function linksOf(
  rooms: Rooms,
  ask: Ask,
  { used }: SearchRequest,
  journey: Journey,
  page?: Page<unknown>,
): Link[] {
  const base = `${rooms.baseUrl}/${pathOf(ask)}`;
  const linkTo = (relation: string, { place: _place, ...rest }: Journey, place: Place | undefined): Link => ({
    relation,
    url: `${base}?${PAGE_PARAMETER}=${cursorOf({ ...rest, ...(place && { place }) }, rooms.cursors)}`,
  });
  const links = [{ relation: 'self', url: withQuery(base, used) }];
  if (page?.next) links.push(linkTo('next', journey, page.next));
  if (page?.previous) links.push(linkTo('previous', journey, page.previous));
  if (page?.next ?? page?.previous) links.push(linkTo('first', journey, undefined));
  return links;
}

const withQuery = (url: string, pairs: readonly QueryPair[]): string =>
  pairs.length === 0 ? url : `${url}?${queryText(pairs)}`;

interface Shown {
  readonly page: Page<Stored>;
  readonly also: Included;
  readonly warnings: readonly Issue[];
}

/** Entries as text: what is stored goes to the wire as it is, unless only parts of it are asked for. */
function entriesOf(rooms: Rooms, type: string, view: Viewer, { page, also, warnings }: Shown): string[] {
  const text = (of: string, { _id, json }: Stored, mode: string): string =>
    `{"fullUrl":"${rooms.baseUrl}/${of}/${_id}","resource":${view(json)},"search":{"mode":"${mode}"}}`;
  const matches = page.documents.map((stored) => text(type, stored, 'match'));
  const others = also.resources.map((each) => text(each.type, each.stored, 'include'));
  const outcome =
    warnings.length === 0
      ? []
      : [`{"resource":${outcomeText(warnings, '', 'warning')},"search":{"mode":"outcome"}}`];
  return [...matches, ...others, ...outcome];
}

interface Parts {
  readonly request: SearchRequest;
  readonly total: number | undefined;
  readonly links: readonly Link[];
  readonly entries: readonly string[];
}

function bundle(rooms: Rooms, _ask: Ask, { total, links, entries }: Parts): Answer {
  const meta = { lastUpdated: rooms.now().toISOString() };
  const head = JSON.stringify({
    resourceType: 'Bundle',
    meta,
    type: 'searchset',
    ...(total !== undefined && { total }),
    link: links,
  });
  return {
    status: 200,
    body: entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(',')}]}`,
  };
}
