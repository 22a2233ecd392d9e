/** AUTH=oidc: the tokens of a state's own identity provider, signed or opaque, open what their scopes say. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allowInsecureRequests, clientCredentialsGrant, ClientSecretBasic, discovery } from 'openid-client';
import { bearing, enrol } from '../../auth/bearer.ts';
import { stateProvider, type StateProvider } from '../../auth/state-provider.ts';
import { call } from '../../world/requests.ts';
import { world, type World } from '../../world/world.ts';

let state: StateProvider;
let w: World;
const AUDIENCE = 'https://registry.example.org/fhir/R4';
const service = (client_id: string) => ({
  ...{ client_id, client_secret: `secret of ${client_id}`, redirect_uris: [], response_types: [] },
  grant_types: ['client_credentials'],
});

beforeAll(async () => {
  const registry = { ...service('registry'), grant_types: [] };
  state = await stateProvider({
    audience: AUDIENCE,
    clients: [service('clinic'), service('opaque-clinic'), registry],
  });
  const own = { clientId: 'registry', clientSecret: 'secret of registry' };
  w = await world({
    clock: 'system',
    auth: { mode: 'oidc', issuer: state.issuer, audience: AUDIENCE, ...own },
  });
  for (const id of ['clinic', 'opaque-clinic'])
    await enrol(w, { id, what: 'client', role: 'registry-manager' });
});
afterAll(async () => {
  await w.end();
  await state.end();
});

async function tokenFor(client: string, scope = 'system/Organization.rs'): Promise<string> {
  const proof = ClientSecretBasic(`secret of ${client}`);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the provider of the test is on this machine
  const execute = [allowInsecureRequests];
  const configuration = await discovery(new URL(state.issuer), client, {}, proof, { execute });
  return (await clientCredentialsGrant(configuration, { scope })).access_token;
}

describe('a token of the state’s provider', () => {
  const claims = { role: 'registry-manager', purpose_of_use: 'PUBHLTH' };

  test.each(['clinic', 'opaque-clinic'])('for %s opens what it says', async (client) => {
    state.claims = claims;
    const send = bearing(w, await tokenFor(client));
    const statuses = ['/Organization', '/Immunization'].map(async (path) => (await send('GET', path)).status);
    expect(await Promise.all(statuses)).toEqual([200, 403]);
  });

  test('that is for two purposes opens nothing', async () => {
    state.claims = { ...claims, purpose_of_use: ['TREAT', 'PUBHLTH'] };
    expect((await bearing(w, await tokenFor('clinic'))('GET', '/Organization')).status).toBe(401);
  });

  test('is where the registry says that tokens come from', async () => {
    const { body } = await call(w, 'GET', '/.well-known/smart-configuration');
    expect(body).toMatchObject({ issuer: state.issuer, token_endpoint: `${state.issuer}/token` });
  });
});
