/** What an access token says beside the standard's claims: on whose behalf, in which role, for which purpose, about whom. */
import jwt from 'jsonwebtoken';
import { errors, type AccessToken, type ClientCredentials, type KoaContextWithOIDC } from 'oidc-provider';
import type { Context } from '../../storage/accounts.ts';
import { factsOf, parameterIn, type Parts } from './parts.ts';
import { purposeOf, roleOf } from '../../policy/roles.ts';

/** Claims of ours in a token. */
export type OwnClaims = Readonly<Record<string, string>>;

/** The claims of a person's token. */
export const claimsOf = (audience: string, context: Omit<Context, '_id'>, grant?: string): OwnClaims => ({
  role: context.role,
  purpose_of_use: context.purpose,
  fhirUser: `${audience}/${context.person}`,
  ...(grant !== undefined && { grant_id: grant }),
  ...(context.patient !== undefined && { patient: context.patient }),
  ...(context.organization !== undefined && { organization: context.organization }),
});

/** The claims of a token that is about to be signed. */
export async function extraClaims(
  { audience, launches }: Parts,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<OwnClaims> {
  if (token.kind === 'ClientCredentials') {
    return backendClaims(ctx.oidc.client, parameterIn(ctx.oidc.body, 'purpose_of_use'));
  }
  const grant = token.grantId;
  const context = await launches.contextOf(grant);
  if (context === undefined) throw new errors.InvalidGrant('the context of the grant is gone');
  return claimsOf(audience, context, grant);
}

/**
 * The claims of a client that acts for itself.
 * @throws InvalidRequest for a purpose that its role may not have
 */
export function backendClaims(client: unknown, purpose: string | undefined): OwnClaims {
  const { role, organization } = factsOf(client);
  const entry = roleOf(role);
  const granted = entry && purposeOf(entry, purpose);
  if (role === undefined || granted === undefined) {
    throw new errors.InvalidRequest('the client may not have this purpose of use');
  }
  return { role, purpose_of_use: granted, ...(organization !== undefined && { organization }) };
}

/** The claims of a token that was verified. */
export function decodeClaims(token: string): Record<string, unknown> {
  const claims = jwt.decode(token);
  return typeof claims === 'object' && claims !== null ? claims : {};
}
