/** history of a resource, a type, the system (https://hl7.org/fhir/R4/http.html#history). */
import type { Answer, Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { queryText } from '../core/query.ts';
import { intervalOf } from '../fhir/date.ts';
import type { Grant } from '../policy/decide.ts';
import type { FindPast, PastPlace, Version } from '../storage/store.ts';
import { newestFirst } from '../storage/versions.ts';
import { absent } from './read.ts';
import { entryOf, idOf, type Handler, type Rooms } from './rooms.ts';
import { versionedReference } from './answers.ts';

const COUNT_DEFAULT = 50;
const COUNT_MAX = 500;

/** What a history asks for. */
interface Wish {
  readonly since?: Date;
  readonly until?: Date;
  readonly count: number;
  readonly after?: PastPlace;
}
interface Shown extends Version {
  readonly type: string;
}

export const history: Handler = async (rooms, ask, grant, entry) => {
  const wish = wishOf(rooms, ask);
  const types = ask.type === undefined ? [...rooms.catalog.keys()] : [entryOf(rooms.catalog, ask.type).type];
  const versions = await newest(rooms, { ask, grant }, types, wish);
  if (versions.length === 0 && ask.interaction === 'history-instance') await checkEver(rooms, ask, grant);
  const page = versions.slice(0, wish.count);
  entry.concerns(page.flatMap(({ patients }) => [...patients]));
  return bundle(rooms, ask, { wish, page, hasMore: versions.length > wish.count });
};

/** One more than the page holds, so that it is known whether another follows. */
async function newest(
  rooms: Rooms,
  { ask, grant }: { ask: Ask; grant: Grant },
  types: readonly string[],
  { count, ...wish }: Wish,
): Promise<Shown[]> {
  const find: FindPast = { ...wish, limit: count + 1, ...(ask.id !== undefined && { id: ask.id }) };
  const found = await Promise.all(
    types.map(async (type) =>
      (await rooms.store.versions(grant, ask.interaction, type, find)).map((version) => ({
        ...version,
        type,
      })),
    ),
  );
  return found
    .flat()
    .sort(newestFirst)
    .slice(0, count + 1);
}

/** An empty history of an id that never was is not found; one that only `_since` emptied is empty. */
async function checkEver(rooms: Rooms, ask: Ask, grant: Grant): Promise<void> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const id = idOf(ask);
  const current = await rooms.store.read(grant, 'history-instance', type, id);
  const past = current ?? (await rooms.store.lastPast(grant, type, id));
  if (past === undefined) await absent(rooms, grant, type, id);
}

const PARAMETERS: ReadonlySet<string> = new Set(['_since', '_at', '_count', '_page']);

/** @throws Failure for a parameter that is not one of history's, or a value that cannot be read */
function wishOf(rooms: Rooms, ask: Ask): Wish {
  const unknown = ask.query.find(([name]) => !PARAMETERS.has(name));
  if (unknown !== undefined && ask.prefer.handling !== 'lenient') {
    fail('not-understood', 'A history takes the parameters _since, _at and _count only.');
  }
  const page = valueOf(ask.query, '_page');
  if (page !== undefined) return opened(rooms, ask, page);
  const since = valueOf(ask.query, '_since');
  const at = valueOf(ask.query, '_at');
  const during = at === undefined ? undefined : interval('_at', at);
  const from = since === undefined ? during?.lo : interval('_since', since).lo;
  return {
    count: countOf(valueOf(ask.query, '_count')),
    ...(from !== undefined && { since: new Date(from) }),
    ...(during !== undefined && { until: new Date(during.hi) }),
  };
}

const valueOf = (query: readonly QueryPair[], name: string): string | undefined =>
  query.find(([each, value]) => each === name && value !== '')?.[1];

const interval = (name: string, text: string): { lo: number; hi: number } =>
  intervalOf(text) ?? fail('invalid-value', `${name} must be an instant such as 2026-01-31T12:00:00Z.`);

function countOf(text: string | undefined): number {
  if (text === undefined) return COUNT_DEFAULT;
  if (!/^\d{1,9}$/.test(text)) return fail('invalid-value', '_count must be a whole number.');
  return Math.min(Number(text), COUNT_MAX);
}

/** A page link holds all that the first page was asked with, sealed: it must not be read or changed on its way. */
function opened(rooms: Rooms, ask: Ask, page: string): Wish {
  const [of, since, until, count, lastUpdated, id, version] = unsealed(rooms, page);
  if (of !== pathOf(ask)) fail('invalid-value', 'The page link belongs to another history.');
  return {
    count,
    ...(since !== null && { since: new Date(since) }),
    ...(until !== null && { until: new Date(until) }),
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

/** What a page link holds; instants in milliseconds. */
type Packed = readonly [
  of: string,
  since: number | null,
  until: number | null,
  count: number,
  lastUpdated: number,
  id: string,
  version: number,
];

function packed(ask: Ask, { since, until, count }: Wish, { lastUpdated, id, version }: PastPlace): string {
  const place: Packed = [
    pathOf(ask),
    since?.getTime() ?? null,
    until?.getTime() ?? null,
    count,
    lastUpdated.getTime(),
    id,
    version,
  ];
  return JSON.stringify(place);
}

const pathOf = ({ type, id }: Ask): string =>
  [type, id, '_history'].filter((part) => part !== undefined).join('/');

interface Page {
  readonly wish: Wish;
  readonly page: readonly Shown[];
  readonly hasMore: boolean;
}

function bundle(rooms: Rooms, ask: Ask, { wish, page, hasMore }: Page): Answer {
  const path = pathOf(ask);
  const self = queryText(ask.query.filter(([name]) => PARAMETERS.has(name)));
  const links = [{ relation: 'self', url: `${rooms.baseUrl}/${path}${self === '' ? '' : `?${self}`}` }];
  const last = page.at(-1);
  if (hasMore && last !== undefined) {
    links.push({
      relation: 'next',
      url: `${rooms.baseUrl}/${path}?_page=${rooms.cursors.seal(packed(ask, wish, last))}`,
    });
  }
  const isWhole = !hasMore && wish.after === undefined;
  const head = JSON.stringify({
    resourceType: 'Bundle',
    type: 'history',
    ...(isWhole && { total: page.length }),
    link: links,
  });
  if (page.length === 0) return { status: 200, body: head };
  return {
    status: 200,
    body: `${head.slice(0, -1)},"entry":[${page.map((each) => entryText(rooms, each)).join(',')}]}`,
  };
}

function entryText(rooms: Rooms, shown: Shown): string {
  const { type, id, version, lastUpdated, method, json } = shown;
  const request = { method, url: method === 'POST' ? type : `${type}/${id}` };
  const status = { POST: '201', PUT: '200', DELETE: '204' }[method];
  const response = {
    status,
    location: `${rooms.baseUrl}/${versionedReference(type, id, version)}`,
    etag: `W/"${version}"`,
    lastModified: lastUpdated.toISOString(),
  };
  const resource = json === undefined ? '' : `"resource":${json},`;
  return `{"fullUrl":"${rooms.baseUrl}/${type}/${id}",${resource}"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
}
