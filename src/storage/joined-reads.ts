/**
 * Reads by id that are asked within one turn of the event loop share one query: on a busy server a database
 * answers one query for ten ids in little more time than for one.
 */
export type Fetch<Document> = (ids: readonly string[]) => Promise<readonly Document[]>;

interface Asker<Document> {
  readonly found: (document: Document | undefined) => void;
  readonly failed: (error: unknown) => void;
}
type Asked<Document> = Map<string, Asker<Document>[]>;

const MOST_IN_ONE = 256;

/** Makes a reader that answers one id at a time and asks `fetch` for many. */
export function joinReads<Document extends { readonly _id: string }>(
  fetch: Fetch<Document>,
): (id: string) => Promise<Document | undefined> {
  let askers: Asked<Document> = new Map();

  const flush = (): void => {
    const asked = askers;
    askers = new Map();
    // A full group that went at once leaves nothing to the flush that was already due.
    if (asked.size > 0) void answer(fetch, asked);
  };
  return (id) =>
    new Promise((found, failed) => {
      const waiting = askers.get(id);
      if (waiting) {
        waiting.push({ found, failed });
        return;
      }
      if (askers.size === 0) setImmediate(flush);
      askers.set(id, [{ found, failed }]);
      if (askers.size >= MOST_IN_ONE) flush();
    });
}

async function answer<Document extends { readonly _id: string }>(
  fetch: Fetch<Document>,
  asked: Asked<Document>,
): Promise<void> {
  try {
    const documents = await fetch([...asked.keys()]);
    const found = new Map(documents.map((document) => [document._id, document]));
    for (const [id, waiting] of asked) for (const asker of waiting) asker.found(found.get(id));
  } catch (error) {
    for (const waiting of asked.values()) for (const asker of waiting) asker.failed(error);
  }
}
