/**
 * Sign-on by an outside identity provider (OpenID Connect Core 1.0, code flow with PKCE): it says who somebody is, and the
 * account that is linked to that identity says what the person may do here.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  type Configuration,
} from 'openid-client';
import type { Request, Response } from 'express';
import { isLoopback } from '../../core/loopback.ts';
import type { Step } from './prompts/step.ts';
import { usableAccount } from './people.ts';

/** Which provider, and who this server is to it. */
export interface IdentitySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button calls it. */
  readonly name: string;
}

/** An identity provider that can be asked. */
export interface Identity {
  readonly name: string;
  readonly issuer: string;
  readonly configuration: () => Promise<Configuration>;
}

const SECONDS = 5;

/** Makes the way to a provider; it is asked when somebody first signs on by it. */
export function identityOf({ issuer, clientId, clientSecret, name }: IdentitySettings): Identity {
  let found: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- for a provider on this machine only
    const execute = isLoopback(issuer) ? [allowInsecureRequests] : [];
    found ??= discovery(new URL(issuer), clientId, {}, ClientSecretBasic(clientSecret), {
      execute,
      timeout: SECONDS,
    }).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  return { name, issuer, configuration };
}

/** Path, below the authorization server, that the provider sends people back to. */
export const IDENTITY_PATH = '/identity/callback';

const AWAY = 'The identity provider cannot be reached just now; try again later.';

/** What of an attempt must fit when the person comes back; it lies with the sign-on, whose cookie only this browser has. */
interface Begun {
  readonly nonce: string;
  readonly verifier: string;
}

/** Sends the person to the provider; or says why not. */
export async function beginIdentity({ parts, details, response }: Step): Promise<string | undefined> {
  const configuration = await parts.identity?.configuration().catch(() => undefined);
  if (configuration === undefined) return AWAY;
  const begun: Begun = { nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
  details.lastSubmission = { ...details.lastSubmission, identity: begun };
  await details.save(details.exp - Math.floor(parts.rooms.now().getTime() / 1000));
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: parts.issuer + IDENTITY_PATH,
    scope: 'openid',
    state: details.uid,
    nonce: begun.nonce,
    code_challenge: await calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  });
  response.redirect(303, url.href);
  return undefined;
}

/** Who came back. */
interface Identified {
  readonly account: string;
  /** How the provider says that the person proved themself. */
  readonly amr: readonly string[];
}

/** The account of the person who comes back from the provider; or why there is none. */
export async function identified({
  parts,
  details,
  request,
}: Step): Promise<Identified | { readonly fault: string }> {
  const begun = details.lastSubmission?.['identity'] as Begun | undefined;
  const configuration = await parts.identity?.configuration().catch(() => undefined);
  if (begun === undefined || parts.identity === undefined || configuration === undefined)
    return { fault: AWAY };
  const back = new URL(parts.issuer + IDENTITY_PATH);
  back.search = new URL(request.originalUrl, parts.issuer).search;
  const claims = await authorizationCodeGrant(configuration, back, {
    expectedState: details.uid,
    expectedNonce: begun.nonce,
    pkceCodeVerifier: begun.verifier,
  }).then(
    (answer) => answer.claims(),
    () => undefined,
  );
  if (claims === undefined) return { fault: 'The identity provider did not vouch for you; try again.' };
  const account = await parts.accounts.ofIdentity(parts.identity.issuer, claims.sub);
  if (account === undefined || (await usableAccount(parts, account._id)) === undefined) {
    return { fault: 'No account that can be used is linked to this identity; ask your administrator.' };
  }
  const amr = Array.isArray(claims['amr']) ? claims['amr'].map(String) : [];
  return { account: account._id, amr: ['fed', ...amr] };
}

/** Where the provider sends people back to: the cookie of their sign-on is at another path, to which they are sent on. */
export const identityCallback =
  (path: string) =>
  ({ query, originalUrl }: Request, response: Response): void => {
    const { state } = query;
    if (typeof state !== 'string' || !/^[\w-]{10,64}$/.test(state)) {
      response.status(400).json({ error: 'invalid_request' });
      return;
    }
    const [, search = ''] = originalUrl.split(/\?(.*)/s);
    response.redirect(303, `${path}/interaction/${state}/identity?${search}`);
  };
