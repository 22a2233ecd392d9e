/** What the authorization server is built of. */
import type { Rooms } from '../../interactions/rooms.ts';
import type { Accounts, Launches } from '../../storage/accounts.ts';
import type { KeptText } from '../../storage/kept-texts.ts';
import type { Pretended } from '../../participants/pretended.ts';
import type { Attempts } from '../../storage/attempts.ts';
import type { Sessions } from '../../storage/oidc-adapter.ts';
import type { Revocations } from '../../storage/revocations.ts';
import type { Identity } from './identity.ts';
import type { SessionLimits } from './sessions.ts';
import type { SigningKey } from '../../storage/signing-keys.ts';
import type { AdapterFactory } from 'oidc-provider';

export interface Parts {
  readonly rooms: Rooms;
  /** Base of the FHIR endpoint: what tokens are for. */
  readonly audience: string;
  readonly issuer: string;
  /** Newest first; the first of each algorithm signs. */
  readonly signingKeys: readonly SigningKey[];
  readonly adapters: AdapterFactory;
  readonly accounts: Accounts;
  readonly launches: Launches;
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly limits: SessionLimits;
  /** Roles whose people must sign on with a second factor. */
  readonly withTwoFactors: ReadonlySet<string>;
  /** Who else says who people are. */
  readonly identity?: Identity;
  readonly revocations: Revocations;
  /** Secrets that the server made for itself. */
  readonly kept: KeptText;
  readonly cookieKeys: readonly string[];
  /** Whether a person or program may sign on or get a token: one that is shut out may not; what can be mended may be. */
  readonly mayEnter: (id: `account:${string}` | `client:${string}`) => Promise<boolean>;
  /** Enrols what a sandbox makes up; does nothing elsewhere. */
  readonly pretend: (pretended: Pretended) => Promise<void>;
  /** Whether nobody in the store is real: developers may register, and there are pages that play an EHR. */
  readonly isSandbox: () => Promise<boolean>;
}

/** Path of the authorization server. */
export const OAUTH_PATH = '/oauth';

/** Seconds that an access token lives: five minutes for backend services (SMART App Launch 2.2, "Backend Services"). */
export const TOKEN_SECONDS = 300;

/** What this server keeps of a client beside what OpenID Connect knows. */
export interface ClientFacts {
  /** The scopes that it may be granted at most. */
  readonly smart_scopes?: string;
  readonly organization?: string;
  /** Role of a client that acts for itself. */
  readonly role?: string;
  /** Where an EHR opens the app. */
  readonly launch_url?: string;
}

export const CLIENT_FACTS = ['smart_scopes', 'organization', 'role', 'launch_url'] as const;

/** The facts of a client, however the library hands it out. */
export function factsOf(client: unknown): ClientFacts {
  const source = (client ?? {}) as Readonly<Record<string, unknown>>;
  const texts = CLIENT_FACTS.flatMap((name) => {
    const value = source[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(texts);
}

/** A parameter of a request, where it is text. */
export function parameterIn(parameters: unknown, name: string): string | undefined {
  const value = (parameters as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}
