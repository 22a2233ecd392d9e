/** The gate of a server, as its settings ask for it: its own authorization server, an outside one, or none. */
import { randomBytes } from 'node:crypto';
import type { Router } from 'express';
import type { Actor } from '../core/context.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { dayOf } from '../consent/days.ts';
import { enterer } from '../participants/enter.ts';
import { termsOf } from '../participants/know.ts';
import { pretend, type Pretended } from '../participants/pretended.ts';
import { WITH_TWO_FACTORS } from '../policy/roles.ts';
import { accountsOf, launchesOf } from '../storage/accounts.ts';
import { sandboxOf } from '../storage/facts.ts';
import type { Connection } from '../storage/connect.ts';
import { prepareAll } from '../storage/indexes.ts';
import { keptTexts } from '../storage/kept-texts.ts';
import { participantsOf } from '../storage/participants.ts';
import { attemptsOf } from '../storage/attempts.ts';
import { AUTH_COLLECTIONS, launchableClients, oidcAdapters, sessionsOf } from '../storage/oidc-adapter.ts';
import { revocationsOf } from '../storage/revocations.ts';
import { signingKeysOf } from '../storage/signing-keys.ts';
import { enrolling, enrollingAccounts } from './enrolling.ts';
import { bearers, type Authenticate } from './authenticate.ts';
import { keysFrom } from './keys.ts';
import { oauthDoor } from './server/door.ts';
import { identityOf, type IdentitySettings } from './server/identity.ts';
import { SESSION_LIMITS, type SessionLimits } from './server/sessions.ts';
import { OAUTH_PATH, type Parts } from './server/parts.ts';
import { providerOf, publicKeysOf } from './server/provider.ts';
import { issuerOf, smartConfiguration, type SmartConfiguration } from './smart.ts';
import type { Issuer } from './tokens.ts';
import { upstream, type UpstreamSettings } from './upstream.ts';

/** Who vouches for callers. */
export type Auth =
  | { readonly mode: 'none' }
  | {
      readonly mode: 'smart';
      readonly sessions?: SessionLimits;
      readonly identity?: IdentitySettings;
      /** Roles whose people must sign on with a second factor. */
      readonly withTwoFactors?: ReadonlySet<string>;
    }
  | ({ readonly mode: 'oidc' } & UpstreamSettings);

export interface Gate {
  readonly authenticate: Authenticate;
  /** The document at `.well-known/smart-configuration`. */
  readonly smart?: () => Promise<SmartConfiguration>;
  /** The authorization server of this server, and what it is built of. */
  readonly own?: { readonly path: string; readonly router: Router; readonly parts: Parts };
}

/** Everybody is the same caller, which only loopback can be. */
export const LOCAL: Actor = { client: 'local', role: 'developer', purpose: 'TREAT' };

/** Without authorization. */
export const OPEN: Gate = { authenticate: () => LOCAL };

/** What a gate stands on. */
interface Services {
  readonly rooms: Rooms;
  readonly connection: Connection;
}

/** Opens the gate of a server. */
export async function openGate(auth: Auth, services: Services): Promise<Gate> {
  if (auth.mode === 'none') return OPEN;
  const { connection, rooms } = services;
  const revocations = revocationsOf(connection, rooms.now);
  if (auth.mode === 'oidc') {
    const { smart, ...from } = upstream(auth, rooms.now);
    return { authenticate: bearers({ ...from, revocations, now: rooms.now }), smart };
  }
  const { parts, issuer } = await openParts(services, revocations, auth);
  const provider = providerOf(parts, issuer);
  return {
    authenticate: bearers({ issuer, revocations, now: rooms.now }),
    smart: async () => smartConfiguration(parts.issuer, await parts.isSandbox()),
    own: {
      path: OAUTH_PATH,
      router: oauthDoor({ parts, issuer, provider, appsOf: () => launchableClients(connection) }),
      parts,
    },
  };
}

async function openParts(
  { connection, rooms }: Services,
  revocations: Parts['revocations'],
  {
    sessions = SESSION_LIMITS,
    identity,
    withTwoFactors = WITH_TWO_FACTORS,
  }: Extract<Auth, { mode: 'smart' }>,
): Promise<{ parts: Parts; issuer: Issuer }> {
  await prepareAll(connection, AUTH_COLLECTIONS);
  const signing = signingKeysOf(connection, rooms.secrets, rooms.now);
  await signing.prepare();
  const kept = keptTexts(connection, rooms.secrets);
  const cookieKey = await kept('cookie key', () => randomBytes(32).toString('base64url'));
  let sandbox = false;
  // A store that is a sandbox remains one.
  const isSandbox = async (): Promise<boolean> => (sandbox ||= (await sandboxOf(connection)) !== undefined);
  const pretending = {
    participants: participantsOf(connection),
    now: rooms.now,
    today: () => dayOf(rooms.now(), rooms.pack.timeZone),
  };
  const pretendHere = async (pretended: Pretended): Promise<void> => {
    if (await isSandbox()) await pretend(pretending, pretended);
  };
  const parts: Parts = {
    rooms,
    audience: rooms.baseUrl,
    issuer: issuerOf(rooms.baseUrl, OAUTH_PATH),
    signingKeys: await signing.all(),
    adapters: enrolling(oidcAdapters({ connection, revocations, now: rooms.now }), pretendHere),
    accounts: enrollingAccounts(accountsOf(connection), pretendHere),
    launches: launchesOf(connection, rooms.now),
    attempts: attemptsOf(connection, rooms.now),
    sessions: sessionsOf(connection),
    limits: sessions,
    withTwoFactors,
    ...(identity && { identity: identityOf(identity) }),
    revocations,
    kept,
    cookieKeys: [cookieKey],
    isSandbox,
    pretend: pretendHere,
    mayEnter: enterer(pretending.participants, { terms: termsOf(rooms.pack), today: pretending.today }),
  };
  const keys = keysFrom(async () => publicKeysOf({ signingKeys: await signing.all() }), rooms.now);
  const issuer = { issuer: parts.issuer, audience: parts.audience, types: new Set(['at+jwt']), keys };
  return { parts, issuer };
}
