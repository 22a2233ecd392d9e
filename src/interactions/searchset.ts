/** What a search answers: a searchset with its links, matches, what they bring along, and warnings (https://hl7.org/fhir/R4/search.html#return). */
import type { Answer, Ask, QueryPair } from '../core/context.ts';
import type { Issue } from '../core/failure.ts';
import { queryText } from '../core/query.ts';
import { outcomeText } from '../fhir/outcome.ts';
import { queryOf, type Journey, type Page, type Place } from '../search/page.ts';
import type { SearchRequest } from '../search/parse.ts';
import type { Stored } from '../storage/store.ts';
import type { Behind } from './doses/behind.ts';
import { searchText, tagged } from './doses/mark.ts';
import type { Included } from './included.ts';
import type { Rooms } from './rooms.ts';
import { viewer } from './view.ts';

/** A page of matches, and what belongs to it. */
export interface Shown {
  readonly request: SearchRequest;
  readonly journey: Journey;
  readonly page: Page<Stored>;
  readonly also: Included;
  /** How many match on all pages, where it was counted. */
  readonly total: number | undefined;
  /** Reports of doses that another one shows. */
  readonly behind: Behind;
}

/** The number of matches without any of them. */
export const countOnly = (
  rooms: Rooms,
  ask: Ask,
  request: SearchRequest,
  total: number | undefined,
): Answer => bundle(rooms, total, [selfLink(rooms, ask, request)], []);

/** The Bundle of a page. */
export function searchset(rooms: Rooms, ask: Ask, shown: Shown): Answer {
  const { request, journey, page } = shown;
  const links = [selfLink(rooms, ask, request), ...(request.isSecret ? [] : linksOf(rooms, ask, shown))];
  // A first page that is also the last one has counted everything.
  const isWhole = journey.place === undefined && page.next === undefined;
  const total = shown.total ?? (isWhole ? page.documents.length : undefined);
  return bundle(rooms, total, links, entriesOf(rooms, shown));
}

const unknownsOf = ({ ignored }: SearchRequest): Issue[] =>
  ignored.map((name) => ({
    kind: 'not-understood',
    message: `The parameter ${name.slice(0, 64)} is not known and was left out.`,
  }));

const CUT: Issue = {
  kind: 'too-costly',
  message: 'More resources were to be included than one page brings along; those beyond were left out.',
};
const NO_LINKS: Issue = {
  kind: 'too-costly',
  message:
    'More resources match than are shown. A search by a secret identifier has one page only, because no link may hold the secret; add criteria, or ask for a greater "_count".',
};

const warningsOf = ({ request, page, also }: Shown): Issue[] => [
  ...unknownsOf(request),
  ...(also.cut ? [CUT] : []),
  ...(request.isSecret && page.next !== undefined ? [NO_LINKS] : []),
];

interface Link {
  readonly relation: string;
  readonly url: string;
}

/** The URL that a search was asked at; page links stay on it. */
function urlOf({ baseUrl }: Rooms, { type = '', compartment }: Ask): string {
  return compartment === undefined
    ? `${baseUrl}/${type}`
    : `${baseUrl}/${compartment.type}/${compartment.id}/${type}`;
}

function selfLink(rooms: Rooms, ask: Ask, { used }: SearchRequest): Link {
  const url = urlOf(rooms, ask);
  return { relation: 'self', url: withQuery(url, used) };
}

const withQuery = (url: string, pairs: readonly QueryPair[]): string =>
  pairs.length === 0 ? url : `${url}?${queryText(pairs)}`;

function linksOf(rooms: Rooms, ask: Ask, { journey, page, request }: Shown): Link[] {
  const linkTo = (relation: string, to: Journey): Link => ({
    relation,
    url: `${urlOf(rooms, ask)}?${queryOf(to, request.count, rooms.cursors)}`,
  });
  const at = (relation: string, place: Place | undefined): Link[] =>
    place === undefined ? [] : [linkTo(relation, { ...journey, place })];
  const beside = [...at('next', page.next), ...at('previous', page.previous)];
  const { type, query } = journey;
  return beside.length === 0 ? [] : [...beside, linkTo('first', { type, query })];
}

/** Entries as text: what is stored goes to the wire as it is, unless only parts of it are asked for. */
function entriesOf(rooms: Rooms, shown: Shown): string[] {
  const { request, page, also, behind } = shown;
  const view = viewer(request);
  const text = (type: string, stored: Stored, mode: string): string =>
    `{"fullUrl":"${rooms.baseUrl}/${type}/${stored._id}","resource":${view(tagged(behind, stored))},"search":${searchText(rooms, behind, stored._id, mode)}}`;
  const matches = page.documents.map((stored) => text(request.type, stored, 'match'));
  const others = also.resources.map(({ type, stored }) => text(type, stored, 'include'));
  return [...matches, ...others, ...entriesOfWarnings(rooms, warningsOf(shown))];
}

/** Every entry has a fullUrl, that of an outcome too, which is nowhere else (https://hl7.org/fhir/R4/bundle.html#bundle-unique). */
function entriesOfWarnings({ newId }: Rooms, warnings: readonly Issue[]): string[] {
  if (warnings.length === 0) return [];
  const outcome = outcomeText(warnings, '', 'warning');
  return [`{"fullUrl":"urn:uuid:${newId()}","resource":${outcome},"search":{"mode":"outcome"}}`];
}

function bundle(
  rooms: Rooms,
  total: number | undefined,
  links: readonly Link[],
  entries: readonly string[],
): Answer {
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
