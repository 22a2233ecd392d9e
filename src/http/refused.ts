/**
 * A request of a proven caller that never becomes an Ask: its body or its path cannot be read, or it asks too much. It
 * leaves its record too, with what can be told of it.
 */
import type { Request } from 'express';
import type { Actor, Ask, Interaction, QueryPair } from '../core/context.ts';
import { Failure } from '../core/failure.ts';
import { pairsOf } from '../core/query.ts';
import { route, type Target } from '../interactions/route.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { queryOf } from './form.ts';
import { pathOf } from './request.ts';

interface Refused {
  readonly request: Request;
  readonly actor: Actor;
  readonly requestId: string;
}

/**
 * Records the refusal, and throws it.
 * @throws the fault, or what kept it from being recorded
 */
export async function refused(
  rooms: Rooms,
  { request, actor, requestId }: Refused,
  fault: unknown,
): Promise<never> {
  const ask: Ask = {
    ...targetOf(rooms, request),
    ...{ actor, requestId, door: 'http', queryInUrl: true, conditions: {}, prefer: {} },
    query: readable(() => pairsOf(queryOf(request))) ?? NONE,
    ...(request.ip !== undefined && { from: request.ip }),
  };
  await rooms.record(ask, () => {
    throw fault;
  });
  throw fault;
}

const NONE: readonly QueryPair[] = [];

/** What the method alone means, where the path means nothing. */
const BY_METHOD: Readonly<Record<string, Interaction>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const targetOf = ({ catalog }: Rooms, request: Request): Target =>
  readable(() => route(catalog, request.method, pathOf(request))) ?? {
    interaction: BY_METHOD[request.method] ?? 'read',
  };

/** What cannot be read is why it is refused. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
