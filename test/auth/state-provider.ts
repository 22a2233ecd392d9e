/** A state's own OpenID Connect provider, configured as a state would and not as this project does: RS256, its own claims. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';

export interface StateProvider {
  readonly issuer: string;
  /** Who sits in front of it and signs on at once; undefined: somebody who has not done so yet. */
  who: string | undefined;
  /** What its access tokens say beside the standard. */
  claims: Readonly<Record<string, unknown>>;
  readonly end: () => Promise<void>;
}

interface Needs {
  readonly clients: readonly ClientMetadata[];
  /** What it calls the registry in its tokens. */
  readonly audience: string;
}

/** Starts one. */
export async function stateProvider({ clients, audience }: Needs): Promise<StateProvider> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: StateProvider = {
    issuer,
    who: undefined,
    claims: {},
    end: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  const provider = new Provider(issuer, configurationOf(state, clients, audience));
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/sign-on/') === true) void signOn(provider, state, { request, response });
    else void handle(request, response);
  });
  return state;
}

function configurationOf(
  state: StateProvider,
  clients: readonly ClientMetadata[],
  audience: string,
): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'state-1', alg: 'RS256', use: 'sig' };
  return {
    clients: [...clients],
    jwks: { keys: [key] },
    cookies: { keys: ['a key of the state'] },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx, { uid }) => `/sign-on/${uid}` },
    extraTokenClaims: () => ({ ...state.claims }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, _resource, client) => ({
          scope: 'system/Organization.rs user/Organization.rs',
          audience,
          accessTokenTTL: 300,
          accessTokenFormat: client.clientId.includes('opaque') ? 'opaque' : 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** No pages: whoever sits there is signed on and agrees. */
async function signOn(
  provider: Provider,
  state: StateProvider,
  { request, response }: Exchange,
): Promise<void> {
  const { params, prompt } = await provider.interactionDetails(request, response);
  const { who } = state;
  if (who === undefined) {
    response.end('Who are you?');
    return;
  }
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: who } });
    return;
  }
  const grant = new provider.Grant({ accountId: who, clientId: String(params['client_id']) });
  grant.addOIDCScope('openid');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

/** A port that nobody listens on, for a server whose address somebody must know before it runs. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
