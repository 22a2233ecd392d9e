/** Keys of an issuer: rotation, floods, outages. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { keysFrom, type Jwk } from '../../src/auth/keys.ts';
import { clockAt } from '../world/world.ts';

const keyNamed = (kid: string): Jwk => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});

/** An issuer whose keys and health a test sets. */
function issuer() {
  const clock = clockAt('2026-11-22T12:00:00Z');
  const state = { keys: [keyNamed('a')] as Jwk[], up: true, fetches: 0 };
  const keys = keysFrom(async () => {
    state.fetches += 1;
    await new Promise((done) => setTimeout(done, 5));
    if (!state.up) throw new Error('away');
    return state.keys;
  }, clock.now);
  return { clock, state, keys };
}

describe('the keys of an issuer', () => {
  test('are fetched once for all who ask at the same time', async () => {
    const { keys, state } = issuer();
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('a')));
    expect(found.every((key) => key !== undefined)).toBe(true);
    expect(state.fetches).toBe(1);
  });

  test('are fetched again for a key that is new', async () => {
    const { keys, state, clock } = issuer();
    await keys.find('a');
    state.keys = [keyNamed('b'), ...state.keys];
    clock.advance(31_000);
    expect(await keys.find('b')).toBeDefined();
    expect(state.fetches).toBe(2);
  });

  test('are not fetched for every name that somebody makes up', async () => {
    const { keys, state } = issuer();
    for (let at = 0; at < 100; at += 1) expect(await keys.find(`made-up-${at}`)).toBeUndefined();
    expect(state.fetches).toBe(1);
  });

  test('that cannot be fetched are an outage and not a bad token', async () => {
    const { keys, state, clock } = issuer();
    state.up = false;
    await expect(keys.find('a')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(keys.find('a')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(state.fetches).toBe(1);
    state.up = true;
    clock.advance(2000);
    expect(await keys.find('a')).toBeDefined();
  });

  test('that are known go on counting while the issuer is away', async () => {
    const { keys, state, clock } = issuer();
    await keys.find('a');
    state.up = false;
    clock.advance(3_600_000);
    expect(await keys.find('a')).toBeDefined();
    await expect(keys.find('b')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('that were withdrawn no longer count', async () => {
    const { keys, state, clock } = issuer();
    await keys.find('a');
    state.keys = [keyNamed('b')];
    clock.advance(600_000);
    expect(await keys.find('a')).toBeUndefined();
  });

  test('for encryption, or of a kind that is not used, verify nothing', async () => {
    const { keys, state } = issuer();
    const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey.export({ format: 'jwk' });
    state.keys = [
      { ...keyNamed('a'), use: 'enc' },
      { ...p521, kid: 'b' },
      { kty: 'oct', k: 'AAAA', kid: 'c' },
    ];
    for (const kid of ['a', 'b', 'c']) expect(await keys.find(kid)).toBeUndefined();
  });
});
