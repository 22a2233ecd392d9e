/** Tokens of the tests: signed as the server signs, with whatever claims a test wants to be wrong. */
import { createPrivateKey, randomUUID, type JsonWebKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Parts } from '../../src/auth/server/parts.ts';
import { call, type Reply, type Sent } from '../world/requests.ts';
import { world, type World, type WorldOptions } from '../world/world.ts';

/** A world with authorization. */
export const guarded = (options: WorldOptions = {}): Promise<World> =>
  world({ ...options, auth: { mode: 'smart' } });

/** What the authorization server of a world is built of. */
export function partsOf({ gate }: World): Parts {
  if (gate.own === undefined) throw new Error('The world has no authorization server.');
  return gate.own.parts;
}

export interface Signing {
  readonly key?: JsonWebKey;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Claims of a backend service's token; undefined leaves one out. */
export const claimsOf = (w: World, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
  const { audience, issuer } = partsOf(w);
  const now = Math.floor(w.rooms.now().getTime() / 1000);
  const claims: Readonly<Record<string, unknown>> = {
    ...{ iss: issuer, aud: audience, sub: 'tester', client_id: 'tester', scope: 'system/*.cruds' },
    ...{ jti: randomUUID(), iat: now, exp: now + 300, role: 'registry-manager', purpose_of_use: 'PUBHLTH' },
    ...more,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
};

/** A token of a world. */
export function tokenOf(
  w: World,
  more: Readonly<Record<string, unknown>> = {},
  { key, header }: Signing = {},
): string {
  const own = partsOf(w).signingKeys.find(({ alg }) => alg === 'ES256');
  if (own === undefined) throw new Error('The world has no signing key.');
  return jwt.sign(claimsOf(w, more), createPrivateKey({ key: key ?? own, format: 'jwk' }), {
    algorithm: 'ES256',
    header: { alg: 'ES256', typ: 'at+jwt', kid: own.kid, ...header },
  });
}

/** Sends requests with a token. */
export const bearing =
  (w: World, token: string) =>
  (method: string, path: string, sent: Sent = {}): Promise<Reply> =>
    call(w, method, path, { ...sent, headers: { authorization: `Bearer ${token}`, ...sent.headers } });

/** Sends requests as a backend service with some scopes. */
export const withScope = (w: World, scope: string, more: Readonly<Record<string, unknown>> = {}) =>
  bearing(w, tokenOf(w, { scope, ...more }));

/** Sends requests as an app launched for a patient. */
export const forPatient = (w: World, patient: string, scope: string) =>
  withScope(w, scope, { sub: 'ana', patient, fhirUser: `${w.url}/Patient/${patient}`, role: 'patient' });
