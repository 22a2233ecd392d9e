/** About how many documents a collection has, for what only weighs: asked once in a while, and by all who wait together. */
import type { mongo } from 'mongoose';

/** A register does not become another one in so short a time. */
const KEPT_MS = 10_000;

interface Asked {
  readonly at: number;
  readonly size: Promise<number>;
}

/**
 * Makes the question of a database.
 * @param now milliseconds that never run backwards
 */
export function aboutSizeIn(
  db: mongo.Db,
  now: () => number = () => performance.now(),
): (collection: string) => Promise<number> {
  const asked = new Map<string, Asked>();
  return (name) => {
    const known = asked.get(name);
    if (known !== undefined && now() - known.at < KEPT_MS) return known.size;
    const size = db.collection(name).estimatedDocumentCount();
    asked.set(name, { at: now(), size });
    // A fault is told to who waits for it, and is no answer for the next.
    size.catch(() => asked.delete(name));
    return size;
  };
}
