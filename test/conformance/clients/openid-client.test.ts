/** `openid-client` as a certified client uses it: discovery, code with PKCE, id token, refresh, introspection, private_key_jwt. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  clientCredentialsGrant,
  discovery,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  tokenIntrospection,
  tokenRevocation,
  type ClientAuth,
  type Configuration,
} from 'openid-client';
import type { World } from '../../world/world.ts';
import { account, backend, browser, client, REDIRECT, signOn } from '../../auth/app.ts';
import { bearing, guarded, partsOf } from '../../auth/bearer.ts';

let w: World;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  await account(w, { _id: 'doc' });
});
afterAll(() => w.end());

const found = (id: string, proof: ClientAuth): Promise<Configuration> =>
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the server of the test is on this machine
  discovery(new URL(partsOf(w).issuer), id, {}, proof, { execute: [allowInsecureRequests] });

describe('openid-client', () => {
  test('signs on by code and PKCE, and checks the id token', async () => {
    const id = await client(w, {
      token_endpoint_auth_method: 'client_secret_post',
      client_secret: 'a secret of the app',
    });
    const configuration = await found(id, ClientSecretPost('a secret of the app'));
    const [verifier, state, nonce] = [randomPKCECodeVerifier(), randomState(), randomNonce()];
    const url = buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: REDIRECT, scope: 'openid fhirUser offline_access user/Organization.rs', aud: w.url },
      ...{ state, nonce, code_challenge_method: 'S256' },
      code_challenge: await calculatePKCECodeChallenge(verifier),
    });
    const { url: back } = await signOn(browser(), url.href);
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    const tokens = await authorizationCodeGrant(configuration, new URL(back), checks);
    expect(tokens.claims()).toMatchObject({ sub: 'doc', fhirUser: `${w.url}/Practitioner/p1` });
    const [header = ''] = (tokens.id_token ?? '').split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'RS256' });
    const next = await refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect((await bearing(w, next.access_token)('GET', '/Organization?name=x')).status).toBe(200);
    expect((await tokenIntrospection(configuration, next.access_token)).active).toBe(true);
    await tokenRevocation(configuration, next.access_token);
    expect((await tokenIntrospection(configuration, next.access_token)).active).toBe(false);
  });

  test.each(['ES384', 'RS384'] as const)(
    'proves a backend service by private_key_jwt with %s',
    async (alg) => {
      const { id, key, kid } = await backend(w, {}, alg);
      const how =
        alg === 'ES384'
          ? { name: 'ECDSA', namedCurve: 'P-384' }
          : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' };
      const signing = await crypto.subtle.importKey(
        'pkcs8',
        key.export({ type: 'pkcs8', format: 'der' }),
        how,
        false,
        ['sign'],
      );
      const configuration = await found(id, PrivateKeyJwt({ key: signing, kid }));
      const { access_token, expires_in } = await clientCredentialsGrant(configuration, {
        scope: 'system/Organization.rs',
      });
      expect(expires_in).toBe(300);
      expect((await bearing(w, access_token)('GET', '/Organization?name=x')).status).toBe(200);
    },
  );
});
