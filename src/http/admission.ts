/**
 * Who comes in at all: an address that keeps failing to prove itself waits, then the caller is proven, then it is
 * counted. What nobody can be named for is counted in the metrics; who is known and refused is recorded.
 */
import type { Request } from 'express';
import type { Authenticate } from '../auth/authenticate.ts';
import { Unproven } from '../auth/challenge.ts';
import type { Actor } from '../core/context.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { Throttled, type Limiter } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { refused } from './refused.ts';
import { requestIdIn } from './request-id.ts';

export interface Admission {
  readonly authenticate: Authenticate;
  readonly limiter: Limiter;
  readonly metrics: Pick<Metrics, 'refused'>;
}

/** Who asks, once it may. @throws Unproven, Throttled */
export type Admit = (request: Request) => Promise<Actor>;

/**
 * Makes the admission of requests.
 * @throws Unproven, Throttled
 */
export function admission(rooms: Rooms, { authenticate, limiter, metrics }: Admission): Admit {
  const proven = async (request: Request): Promise<Actor> => {
    const address = request.ip ?? '';
    try {
      await limiter.checkAddress(address);
      return await authenticate(request);
    } catch (error) {
      if (error instanceof Unproven) {
        metrics.refused('unproven');
        await limiter.unproven(address);
      } else if (error instanceof Throttled) metrics.refused('address');
      throw error;
    }
  };
  return async (request) => {
    const actor = await proven(request);
    await limiter.checkActor(actor).catch((error: unknown) => {
      metrics.refused('caller');
      // The first of a burst is recorded; a record of every other one would be what the limit is to spare.
      if (error instanceof Throttled && error.isFirst)
        return refused(rooms, { request, actor, requestId: requestIdIn(request) }, error);
      throw error;
    });
    return actor;
  };
}
