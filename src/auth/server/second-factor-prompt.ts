/** When a sign-on asks for a second factor: where the account has one, and where its role must have one. */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { tellsSecondFactor } from '../methods.ts';
import type { Claimed } from './people.ts';

const { Check, Prompt } = interactionPolicy;

/** Adds the question, behind the one who is there. */
export function secondFactorPrompt(policy: interactionPolicy.DefaultPolicy): interactionPolicy.DefaultPolicy {
  const check = new Check('second_factor_needed', 'a second factor is needed', 'login_required', isNeeded);
  policy.add(new Prompt({ name: 'second_factor', requestable: false }, check), 1);
  return policy;
}

function isNeeded({ oidc }: KoaContextWithOIDC): boolean {
  const account = oidc.account as Claimed | undefined;
  return account?.needsSecondFactor === true && !tellsSecondFactor(oidc.session?.amr);
}
