/** Tokens of the tests: signed as the server signs, with whatever claims a test wants to be wrong. */
import { createPrivateKey, randomUUID, type JsonWebKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Parts } from '../../src/auth/server/parts.ts';
import { pretend, type Pretended } from '../../src/participants/pretended.ts';
import { participantsOf } from '../../src/storage/participants.ts';
import { call, type Reply, type Sent } from '../world/requests.ts';
import { world, type World, type WorldOptions } from '../world/world.ts';

/** A world with authorization, in which the program of the tests takes part. */
export async function guarded(options: WorldOptions = {}): Promise<World> {
  const w = await world({ auth: { mode: 'smart' }, ...options });
  await enrol(w, { id: 'tester', what: 'client', role: 'registry-manager' });
  return w;
}

/** Enrols a program or a person, in good standing. */
export const enrol = (w: World, pretended: Pretended): Promise<void> =>
  pretend(
    {
      participants: participantsOf(w.services.connection),
      now: w.rooms.now,
      today: () => w.rooms.now().toISOString().slice(0, 10),
    },
    pretended,
  );

/** Enrols those whom the claims of a token speak for. */
async function enrolBearer(w: World, claims: Readonly<Record<string, unknown>>): Promise<void> {
  const text = (name: string): string | undefined =>
    typeof claims[name] === 'string' ? claims[name] : undefined;
  const [client = '', user = '', role, organization] = ['client_id', 'sub', 'role', 'organization'].map(text);
  const patient = text('patient');
  const acting = { ...(role !== undefined && { role }), ...(organization !== undefined && { organization }) };
  await enrol(w, { id: client, what: 'client', ...(user === client && acting) });
  const patients = patient === undefined ? [] : [patient];
  if (user !== client) await enrol(w, { id: user, what: 'person', ...acting, patients });
}

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
export function withScope(w: World, scope: string, more: Readonly<Record<string, unknown>> = {}) {
  const id = typeof more['role'] === 'string' ? `tester-${more['role']}` : 'tester';
  const client = { client_id: id, ...(more['sub'] === undefined && { sub: id }) };
  const claims = claimsOf(w, { scope, ...client, ...more });
  const enrolled = id === 'tester' ? Promise.resolve() : enrolBearer(w, claims);
  const send = bearing(w, tokenOf(w, claims));
  return async (method: string, path: string, sent: Sent = {}): Promise<Reply> => {
    await enrolled;
    return send(method, path, sent);
  };
}

/** Sends requests as an app that a clinician launched for a patient. */
export const forPatient = (w: World, patient: string, scope: string) =>
  withScope(w, scope, {
    ...{ sub: 'ana', patient, fhirUser: `${w.url}/Patient/${patient}` },
    ...{ role: 'provider', purpose_of_use: 'TREAT' },
  });
