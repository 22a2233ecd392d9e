/** The ready-made clients of a sandbox. None of them is real, and none exists outside of a sandbox. */
import type { ClientMetadata } from 'oidc-provider';

/** A client as this table says it. */
export interface ReadyClient {
  readonly id: string;
  readonly says: string;
  /** How it proves itself: not at all, by a secret, or by a key. */
  readonly proof: 'none' | 'secret' | 'key';
  readonly scopes: string;
  /** Of a client that acts for itself. */
  readonly role?: string;
  /** Where an app lives; a backend service has no address. */
  readonly app?: string;
  /** Name of the organisation in the sandbox that it belongs to, by its kind. */
  readonly organization?: 'pharmacy-chain' | 'health-plan' | 'other-registry' | 'public-health';
}

const APP = 'http://localhost:8000';

export const READY_CLIENTS: readonly ReadyClient[] = [
  {
    id: 'sandbox-app',
    says: 'A SMART app in the browser',
    proof: 'none',
    scopes: 'patient/*.cruds user/*.cruds',
    app: APP,
  },
  {
    id: 'sandbox-portal',
    says: 'A SMART app with a server of its own',
    proof: 'secret',
    scopes: 'patient/*.cruds user/*.cruds',
    app: APP,
  },
  {
    id: 'sandbox-pharmacy',
    says: 'A pharmacy chain that reports doses',
    proof: 'key',
    scopes: 'system/*.cruds',
    role: 'provider',
    organization: 'pharmacy-chain',
  },
  {
    id: 'sandbox-plan',
    says: 'A health plan',
    proof: 'key',
    scopes: 'system/*.cruds',
    role: 'health-plan',
    organization: 'health-plan',
  },
  {
    id: 'sandbox-registry',
    says: "Another state's registry",
    proof: 'key',
    scopes: 'system/*.cruds',
    role: 'exchange-partner',
    organization: 'other-registry',
  },
  {
    id: 'sandbox-manager',
    says: 'A program of the registry itself',
    proof: 'key',
    scopes: 'system/*.cruds',
    role: 'registry-manager',
    organization: 'public-health',
  },
];

/** What proves a client: its secret, or its public keys. */
export interface Proof {
  readonly secret: string;
  readonly keys: readonly object[];
}

/** The client as the authorization server keeps it. */
export function metadataOf(
  { id, says, proof, scopes, role, app }: ReadyClient,
  { secret, keys }: Proof,
  organization: string | undefined,
): ClientMetadata {
  const facts = {
    smart_scopes: scopes,
    ...(role !== undefined && { role }),
    ...(organization !== undefined && { organization }),
  };
  const method = { none: 'none', secret: 'client_secret_basic', key: 'private_key_jwt' } as const;
  const kind = { client_id: id, client_name: says, token_endpoint_auth_method: method[proof], ...facts };
  if (app === undefined) {
    const grants = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] };
    return { ...kind, ...grants, jwks: { keys: [...keys] } };
  }
  return {
    ...kind,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [`${app}/`, `${app}/index.html`, `${app}/callback`],
    launch_url: `${app}/launch.html`,
    ...(proof === 'secret' && { client_secret: secret }),
  };
}
