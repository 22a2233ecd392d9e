/**
 * How much one caller may ask: requests a minute of each client and each organisation, and failed proofs of each
 * address. They come first, so that a flood costs little; every process counts for itself, within its share of what the
 * machine may take (main.ts).
 */
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../core/context.ts';
import { Failure } from '../core/failure.ts';

/** Requests a minute; 0: as many as anybody likes. */
export interface RateLimits {
  readonly client: number;
  readonly organization: number;
  /** Failed proofs of who is asking. */
  readonly address: number;
  /** Requests to the authorization server, of one address and of one client. */
  readonly oauth: number;
}

export const UNLIMITED: RateLimits = { client: 0, organization: 0, address: 0, oauth: 0 };
const MINUTE_SECONDS = 60;

/** The caller asked too much. */
export class Throttled extends Failure {
  readonly retrySeconds: number;
  /** Whether it is the first of its minute: the others are counted, and not recorded one by one. */
  readonly isFirst: boolean;
  constructor({ msBeforeNext, consumedPoints }: RateLimiterRes, limit: number) {
    super({ kind: 'throttled', message: 'Too many requests; wait as long as Retry-After says.' });
    this.retrySeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
    this.isFirst = consumedPoints === limit + 1;
  }
}

export interface Limiter {
  /** @throws Throttled for an address from which too many could not prove who they are */
  readonly checkAddress: (address: string) => Promise<void>;
  /** Counts one that could not. */
  readonly unproven: (address: string) => Promise<void>;
  /** Counts a request. @throws Throttled */
  readonly checkActor: (actor: Actor) => Promise<void>;
  /** Counts a request to the authorization server. @throws Throttled */
  readonly checkOauth: (address: string, client: string | undefined) => Promise<void>;
}

/** Makes the counters of one process. */
export function limiterOf(limits: RateLimits, seconds = MINUTE_SECONDS): Limiter {
  const count = (limit: number): Counter => (limit === 0 ? UNCOUNTED : counterOf(limit, seconds));
  const client = count(limits.client);
  const organization = count(limits.organization);
  const address = count(limits.address);
  const oauth = count(limits.oauth);
  return {
    checkAddress: address.check,
    unproven: address.add,
    checkActor: async (actor) => {
      await client.take(actor.client);
      if (actor.organization !== undefined) await organization.take(actor.organization);
    },
    checkOauth: async (from, by) => {
      await oauth.take(`address ${from}`);
      if (by !== undefined) await oauth.take(`client ${by}`);
    },
  };
}

interface Counter {
  readonly take: (key: string) => Promise<void>;
  readonly add: (key: string) => Promise<void>;
  readonly check: (key: string) => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();
const UNCOUNTED: Counter = { take: nothing, add: nothing, check: nothing };

function counterOf(limit: number, seconds: number): Counter {
  const limiter = new RateLimiterMemory({ points: limit, duration: seconds });
  return {
    take: async (key) => {
      await limiter.consume(key).catch((over: unknown) => {
        throw over instanceof Error ? over : new Throttled(over as RateLimiterRes, limit);
      });
    },
    add: async (key) => {
      await limiter.penalty(key);
    },
    check: async (key) => {
      const state = await limiter.get(key);
      if (state !== null && state.consumedPoints >= limit) throw new Throttled(state, limit);
    },
  };
}
