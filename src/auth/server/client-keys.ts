/**
 * How long the keys of a client are kept that has them at an address (SMART App Launch 2.2, "Client Authentication:
 * Asymmetric"): not longer than the answer they came in allows, though the library keeps them a minute at least; and a
 * client that changed its keys may try again at once.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../../core/clock.ts';

/** Part of the library that its types do not show. */
interface Client {
  readonly clientId: string;
  readonly jwksUri?: string;
  readonly asymmetricKeyStore?: { freshUntil?: number };
}

export interface ClientKeys {
  /** Hears how long an answer from an address may be kept. */
  readonly fetched: (url: string, headers: Headers) => void;
  /** To be called when a request of a client was answered. */
  readonly answered: (ctx: KoaContextWithOIDC) => void;
}

const LONGEST_SECONDS = 3600;
const PAUSE_SECONDS = 5;
const REMEMBERED = 10_000;

/** Makes the keeping of one authorization server. */
export function clientKeys(now: Clock): ClientKeys {
  const staleAt = new Map<string, number>();
  const renewed = new Map<string, number>();
  const seconds = (): number => Math.floor(now().getTime() / 1000);
  const remember = (map: Map<string, number>, key: string, value: number): void => {
    if (map.size >= REMEMBERED) map.clear();
    map.set(key, value);
  };
  return {
    fetched: (url, headers) => {
      remember(staleAt, url, seconds() + lifetimeOf(headers.get('cache-control') ?? ''));
    },
    answered: (ctx) => {
      const { clientId, jwksUri, asymmetricKeyStore: keys } = (ctx.oidc.client ?? {}) as Partial<Client>;
      if (clientId === undefined || jwksUri === undefined || keys === undefined) return;
      const until = staleAt.get(new URL(jwksUri).href) ?? Infinity;
      if (keys.freshUntil !== undefined) keys.freshUntil = Math.min(keys.freshUntil, until);
      const time = seconds();
      if (ctx.status !== 401 || time - (renewed.get(clientId) ?? -Infinity) < PAUSE_SECONDS) return;
      remember(renewed, clientId, time);
      keys.freshUntil = 0;
    },
  };
}

/** Seconds for which an answer may be kept (RFC 9111, 5.2.2); without a word of it, the library's minute. */
function lifetimeOf(control: string): number {
  if (/\b(no-store|no-cache)\b/i.test(control)) return 0;
  const [, age] = /\bmax-age=(\d{1,9})/i.exec(control) ?? [];
  return Math.min(age === undefined ? LONGEST_SECONDS : Number(age), LONGEST_SECONDS);
}
