/**
 * Writers of one thing in one process go one after the other. They would otherwise plan on the same version, and
 * all but one would have to plan again; what other processes write meanwhile is still met by trying again.
 */
import { createHash } from 'node:crypto';
import type { Ask } from '../core/context.ts';

/** What an ask writes, where that is one thing that others may write too. */
export interface Target {
  /** A resource, or whatever a condition names. */
  readonly key: string;
  /** Whether only the first has something to write: those who waited for it need not wait for each other. */
  readonly once: boolean;
}

/** Does work when what was given before for the same target has ended, well or not. */
export type InTurn = <T>(target: Target | undefined, work: () => Promise<T>) => Promise<T>;

/** Makes the queues of one process; a queue without work is forgotten. */
export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (target, work) => {
    if (target === undefined) return work();
    const { key, once } = target;
    const before = last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    if (once && before !== undefined) return mine;
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

/** What an ask writes; a create without a condition writes what nobody else can. */
export function targetOf({ type = '', id, interaction, query, conditions }: Ask): Target | undefined {
  if (id !== undefined) return { key: `${type}/${id}`, once: false };
  if (interaction === 'transaction') return undefined;
  const once = interaction === 'create';
  const condition = once ? conditions.ifNoneExist : query;
  if (condition === undefined) return undefined;
  const hash = createHash('sha256').update(JSON.stringify(condition)).digest('base64url');
  return { key: `${type}?${hash}`, once };
}
