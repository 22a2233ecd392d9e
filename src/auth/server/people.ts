/** People as the authorization server knows them, by their accounts. */
import type { Account } from '../../storage/accounts.ts';
import type { Parts } from './parts.ts';

/** The account, unless it is revoked or shut out. */
export async function usableAccount(
  { accounts, revocations, mayEnter }: Pick<Parts, 'accounts' | 'revocations' | 'mayEnter'>,
  id: string,
): Promise<Account | undefined> {
  const [account, isRevoked, isIn] = await Promise.all([
    accounts.find(id),
    revocations.hasAny([`account:${id}`]),
    mayEnter(`account:${id}`),
  ]);
  return isRevoked || !isIn ? undefined : account;
}

export interface Claimed {
  readonly accountId: string;
  /** Whether a password alone is not enough. */
  readonly needsSecondFactor: boolean;
  readonly claims: () => { readonly sub: string; readonly fhirUser: string; readonly name: string };
}

/** The account in the library's form; undefined makes it refuse. */
export async function accountFor(parts: Parts, id: string): Promise<Claimed | undefined> {
  const account = await usableAccount(parts, id);
  if (account === undefined) return undefined;
  const claims = { sub: id, fhirUser: `${parts.audience}/${account.person}`, name: account.name };
  const needsSecondFactor =
    account.hasSecondFactor === true ||
    (parts.withTwoFactors.has(account.role) && !(await parts.isSandbox()));
  return { accountId: id, needsSecondFactor, claims: () => claims };
}
