/**
 * Writers of one thing in one process go one after the other. They would otherwise plan on the same version, and
 * all but one would have to plan again; what other processes write meanwhile is still met by trying again.
 */
import { createHash } from 'node:crypto';
import type { Ask } from '../core/context.ts';

/** Does work when everything that was given before under the same key has ended, well or not. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Makes the queues of one process; a queue without work is forgotten. */
export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key);
    const mine =
      before === undefined
        ? work()
        : before.then(
            () => work(),
            () => work(),
          );
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

/** What an ask writes, where that is one thing that others may write too: a resource, or whatever a condition names. */
export function targetOf({ type, id, interaction, query, conditions }: Ask): string | undefined {
  if (type === undefined) return undefined;
  if (id !== undefined) return `${type}/${id}`;
  const condition = interaction === 'create' ? conditions.ifNoneExist : query;
  return condition && `${type}?${createHash('sha256').update(JSON.stringify(condition)).digest('base64url')}`;
}
