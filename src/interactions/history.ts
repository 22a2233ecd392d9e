/** history of a resource, a type, the system (https://hl7.org/fhir/R4/http.html#history). */
import type { Answer, Ask } from '../core/context.ts';
import { queryText } from '../core/query.ts';
import type { Grant } from '../policy/decide.ts';
import type { FindPast, Version } from '../storage/store.ts';
import { newestFirst } from '../storage/versions.ts';
import { versionedReference } from './answers.ts';
import { cursorAfter, isParameter, pathOf, wishOf, type Wish } from './history-wish.ts';
import { absent } from './read.ts';
import { entryOf, idOf, type Handler, type Rooms } from './rooms.ts';
import { viewer, type Viewer } from './view.ts';

interface Shown extends Version {
  readonly type: string;
}

export const history: Handler = async (rooms, ask, grant, entry) => {
  const wish = wishOf(rooms, ask);
  const versions = await newest(rooms, { ask, grant }, wish);
  if (versions.length === 0 && ask.interaction === 'history-instance') await checkEver(rooms, ask, grant);
  const page = versions.slice(0, wish.count);
  entry.concerns(page.flatMap(({ patients }) => [...patients]));
  return bundle(rooms, ask, { wish, page, hasMore: versions.length > wish.count });
};

/** The system's history is that of the types which have one and are open to the caller. */
const typesOf = ({ catalog }: Rooms, { type }: Ask, grant: Grant): readonly string[] =>
  type === undefined
    ? [...catalog.values()]
        .filter(({ interactions }) => interactions.includes('history-type'))
        .filter((each) => grant.may('history-system', each.type))
        .map((each) => each.type)
    : [entryOf(catalog, type).type];

/** One more than the page holds, so that it is known whether another follows. */
async function newest(
  rooms: Rooms,
  { ask, grant }: { ask: Ask; grant: Grant },
  { count, since, during, after }: Wish,
): Promise<Shown[]> {
  const find: FindPast = {
    limit: count + 1,
    ...(ask.id !== undefined && { id: ask.id }),
    ...(since && { since }),
    ...(during && { during }),
    ...(after && { after }),
  };
  const found = await Promise.all(
    typesOf(rooms, ask, grant).map(async (type) => {
      const versions = await rooms.store.versions(grant, ask.interaction, type, find);
      return versions.map((version) => ({ ...version, type }));
    }),
  );
  return found
    .flat()
    .sort(newestFirst)
    .slice(0, count + 1);
}

/**
 * An empty history of an id that never was is not found; one that only `_since` emptied is empty.
 * @throws Failure `not-found`
 */
export async function checkEver(rooms: Rooms, ask: Ask, grant: Grant): Promise<void> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const id = idOf(ask);
  const current = await rooms.store.read(grant, 'history-instance', type, id);
  const past = current ?? (await rooms.store.lastPast(grant, type, id));
  if (past === undefined) await absent(rooms, grant, type, id);
}

interface Page {
  readonly wish: Wish;
  readonly page: readonly Shown[];
  readonly hasMore: boolean;
}

function bundle(rooms: Rooms, ask: Ask, { wish, page, hasMore }: Page): Answer {
  const url = `${rooms.baseUrl}/${pathOf(ask)}`;
  const self = queryText(ask.query.filter(([name]) => isParameter(name)));
  const link = [{ relation: 'self', url: self === '' ? url : `${url}?${self}` }];
  const last = page.at(-1);
  if (hasMore && last !== undefined) {
    link.push({ relation: 'next', url: `${url}?_page=${cursorAfter(rooms, ask, wish, last)}` });
  }
  // Counting versions could mean reading them all; a whole history has counted itself.
  const isWhole = !hasMore && wish.after === undefined;
  const meta = { lastUpdated: rooms.now().toISOString() };
  const total = isWhole ? { total: page.length } : {};
  const head = JSON.stringify({ resourceType: 'Bundle', meta, type: 'history', ...total, link });
  if (page.length === 0) return { status: 200, body: head };
  const view = viewer(wish.wanted);
  const entries = page.map((each) => entryText(rooms, each, view));
  return { status: 200, body: `${head.slice(0, -1)},"entry":[${entries.join(',')}]}` };
}

const STATUS = { POST: '201', PUT: '200', DELETE: '204' } as const;

function entryText(rooms: Rooms, shown: Shown, view: Viewer): string {
  const { type, id, version, lastUpdated, method, json } = shown;
  const request = JSON.stringify({ method, url: method === 'POST' ? type : `${type}/${id}` });
  const response = JSON.stringify({
    status: STATUS[method],
    location: `${rooms.baseUrl}/${versionedReference(type, id, version)}`,
    etag: `W/"${version}"`,
    lastModified: lastUpdated.toISOString(),
  });
  const resource = json === undefined ? '' : `"resource":${view(json)},`;
  return `{"fullUrl":"${rooms.baseUrl}/${type}/${id}",${resource}"request":${request},"response":${response}}`;
}
