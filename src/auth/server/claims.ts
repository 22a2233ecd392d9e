/** What an access token says beside the standard's claims: on whose behalf, in which role, for which purpose, about whom. */
import jwt from 'jsonwebtoken';
import { errors, type AccessToken, type ClientCredentials, type KoaContextWithOIDC } from 'oidc-provider';
import { purposeOf, roleOf } from '../../policy/roles.ts';
import type { Account, Context } from '../../storage/accounts.ts';
import { askedPurpose } from './asked-purpose.ts';
import { factsOf, type Parts } from './parts.ts';
import { usableAccount } from './people.ts';

/** Claims of ours in a token. */
export type OwnClaims = Readonly<Record<string, string | readonly string[]>>;

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
  parts: Parts,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<OwnClaims> {
  if (token.kind === 'ClientCredentials') {
    return backendClaims(ctx.oidc.client, askedPurpose(ctx));
  }
  const grant = token.grantId;
  const [context, account] = await Promise.all([
    parts.launches.contextOf(grant),
    usableAccount(parts, token.accountId),
  ]);
  if (context === undefined || account === undefined || !holds(context, account)) {
    throw new errors.InvalidGrant('the account is not what it was when it granted this; sign on again');
  }
  return { ...claimsOf(parts.audience, context, grant), ...methodsIn(ctx) };
}

/** How the person signed on whom the code or the refresh token is of (RFC 9068, 2.2.1). */
function methodsIn({ oidc: { entities } }: KoaContextWithOIDC): OwnClaims {
  const amr = (entities.AuthorizationCode ?? entities.RefreshToken)?.amr;
  return amr === undefined ? {} : { amr };
}

/** Whether somebody is still what the grant says: a refresh token outlives a change of role, of work, of guardianship. */
const holds = (context: Context, { role, organization, person, patients }: Account): boolean =>
  context.role === role &&
  context.organization === organization &&
  context.person === person &&
  (patients === undefined || context.patient === undefined || patients.includes(context.patient));

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
