/** How long the keys of a client at an address are kept. */
import { describe, expect, test } from '@jest/globals';
import { clientKeys } from '../../src/auth/server/client-keys.ts';
import { clockAt } from '../world/world.ts';

type Context = Parameters<ReturnType<typeof clientKeys>['answered']>[0];

const JWKS = 'https://client.example.org/jwks';
const START = '2026-11-22T12:00:00Z';
const seconds = Date.parse(START) / 1000;

/** What the library remembers after an answer of its token endpoint, and what is left of it. */
function kept(headers: Record<string, string>, status = 200): number | undefined {
  const keys = clientKeys(clockAt(START).now);
  keys.fetched(JWKS, new Headers(headers));
  const store = { freshUntil: seconds + 86_400 };
  const client = { clientId: 'c', jwksUri: JWKS, asymmetricKeyStore: store };
  keys.answered({ status, oidc: { client } } as unknown as Context);
  return store.freshUntil - seconds;
}

describe('the keys of a client', () => {
  test('are kept no longer than their answer allows', () => {
    expect(kept({ 'cache-control': 'max-age=30' })).toBe(30);
    expect(kept({ 'cache-control': 'private, max-age=0' })).toBe(0);
    expect(kept({ 'cache-control': 'no-store' })).toBe(0);
  });

  test('are kept an hour at most, whatever their answer says', () => {
    expect(kept({ 'cache-control': 'max-age=31536000' })).toBe(3600);
    expect(kept({})).toBe(3600);
  });

  test('are asked for again after a proof that failed, but not for every one', () => {
    const clock = clockAt(START);
    const keys = clientKeys(clock.now);
    const store = { freshUntil: seconds + 600 };
    const client = { clientId: 'c', jwksUri: JWKS, asymmetricKeyStore: store };
    const failed = (): void => {
      keys.answered({ status: 401, oidc: { client } } as unknown as Context);
    };
    failed();
    expect(store.freshUntil).toBe(0);
    store.freshUntil = seconds + 600;
    failed();
    expect(store.freshUntil).toBe(seconds + 600);
    clock.advance(6000);
    failed();
    expect(store.freshUntil).toBe(0);
  });
});
