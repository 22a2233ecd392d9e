/**
 * Reads by id that are asked within one turn of the event loop, or while others are under way, share one query: on a busy server a database
 * answers one query for ten ids in little more time than for one.
 */
import type { mongo } from 'mongoose';

export type Fetch<Document> = (ids: readonly string[]) => Promise<readonly Document[]>;

interface Asker<Document> {
  readonly found: (documents: readonly Document[]) => void;
  readonly failed: (error: unknown) => void;
}
type Asked<Document> = Map<string, Asker<Document>[]>;

const MOST_IN_ONE = 256;
/** Queries of one type under way at once; who asks meanwhile shares the next one. */
const LANES = 2;

/** Makes a reader that answers one id at a time and asks `fetch` for many. */
export function joinReads<Document extends { readonly _id: string }>(
  fetch: Fetch<Document>,
): (id: string) => Promise<Document | undefined> {
  const read = joinLists(fetch, ({ _id }) => [_id]);
  return async (id) => (await read(id))[0];
}

/** The same of keys that several documents may have: `keysOf` tells those of one; `most` are asked for in one query. */
export function joinLists<Document>(
  fetch: Fetch<Document>,
  keysOf: (document: Document) => readonly string[],
  most = MOST_IN_ONE,
): (key: string) => Promise<readonly Document[]> {
  const askers: Asked<Document> = new Map();
  let running = 0;

  const flush = async (): Promise<void> => {
    if (running === LANES) return;
    running += 1;
    while (askers.size > 0) await answer(fetch, keysOf, take(askers, most));
    running -= 1;
  };
  return (key) =>
    new Promise((found, failed) => {
      const waiting = askers.get(key);
      if (waiting) {
        waiting.push({ found, failed });
        return;
      }
      askers.set(key, [{ found, failed }]);
      // A turn later, so that what is asked in the same turn goes together.
      if (running < LANES && askers.size === 1) setImmediate(() => void flush());
    });
}

/** Documents of a collection by their ids: those that are there, each once, in no order. */
export type ReadByIds<Document> = (
  collection: string,
  ids: readonly string[],
) => Promise<readonly Document[]>;

/** Makes a reader by id of a database's collections; each is asked by queries of its own. */
export function joinedReads<Document extends { readonly _id: string }>(
  db: mongo.Db,
  projection: mongo.Document = {},
): ReadByIds<Document> {
  const readers = new Map<string, (id: string) => Promise<Document | undefined>>();
  const readerOf = (name: string): ((id: string) => Promise<Document | undefined>) => {
    const collection = db.collection<{ readonly _id: string }>(name);
    return joinReads((ids) =>
      collection
        .find({ _id: { $in: [...ids] } }, { projection })
        .map((found) => found as unknown as Document)
        .toArray(),
    );
  };
  return async (name, ids) => {
    const read = readers.get(name) ?? readerOf(name);
    readers.set(name, read);
    const found = await Promise.all([...new Set(ids)].map((id) => read(id)));
    return found.filter((each) => each !== undefined);
  };
}

function take<Document>(askers: Asked<Document>, most: number): Asked<Document> {
  const taken: Asked<Document> = new Map();
  for (const [id, waiting] of askers) {
    taken.set(id, waiting);
    askers.delete(id);
    if (taken.size === most) break;
  }
  return taken;
}

async function answer<Document>(
  fetch: Fetch<Document>,
  keysOf: (document: Document) => readonly string[],
  asked: Asked<Document>,
): Promise<void> {
  try {
    const found = new Map<string, Document[]>([...asked.keys()].map((key) => [key, []]));
    for (const document of await fetch([...asked.keys()]))
      for (const key of keysOf(document)) found.get(key)?.push(document);
    for (const [key, waiting] of asked) for (const asker of waiting) asker.found(found.get(key) ?? []);
  } catch (error) {
    for (const waiting of asked.values()) for (const asker of waiting) asker.failed(error);
  }
}
