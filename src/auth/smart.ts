/** What this server says of its authorization (SMART App Launch 2.2, "Conformance": smart-configuration). */
import type { Security } from '../catalog/capability.ts';
import { LAUNCH_SCOPES } from './server/narrow.ts';

export type SmartConfiguration = Readonly<Record<string, unknown>>;

/** The root that the authorization server is mounted at: beside the FHIR endpoint. */
export const issuerOf = (baseUrl: string, path: string): string => new URL(baseUrl).origin + path;

const SIGNED = ['RS384', 'ES384', 'RS256', 'ES256'] as const;

const CAPABILITIES = [
  'launch-ehr',
  'launch-standalone',
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'client-confidential-asymmetric',
  'sso-openid-connect',
  'context-banner',
  'context-ehr-patient',
  'context-standalone-patient',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-user',
  'permission-v1',
  'permission-v2',
] as const;

/** Scopes of the levels; which types a client is granted is a matter of its registration. */
const RESOURCE_SCOPES = ['patient', 'user', 'system'].flatMap((level) => [
  `${level}/*.cruds`,
  `${level}/*.rs`,
]);

/** The document of a server with its own authorization server. */
export function smartConfiguration(issuer: string, mayRegister: boolean): SmartConfiguration {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/token/introspection`,
    revocation_endpoint: `${issuer}/token/revocation`,
    ...(mayRegister && { registration_endpoint: `${issuer}/reg` }),
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: [
      'private_key_jwt',
      'client_secret_basic',
      'client_secret_post',
      'none',
    ],
    token_endpoint_auth_signing_alg_values_supported: SIGNED,
    scopes_supported: [...LAUNCH_SCOPES, ...RESOURCE_SCOPES],
    capabilities: CAPABILITIES,
  };
}

/** What the CapabilityStatement says of it, for clients from before smart-configuration. */
export const securityOf = (issuer: string): Security => ({
  authorize: `${issuer}/auth`,
  token: `${issuer}/token`,
  introspect: `${issuer}/token/introspection`,
  revoke: `${issuer}/token/revocation`,
});
