/** The questions that a sign-on asks, in their order: who are you, about which patient, may this app. */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { parameterIn } from './parts.ts';

const { Check, Prompt } = interactionPolicy;

/** Adds the choice of a patient, and the way back to the sign-on for an account that was suspended meanwhile. */
export function patientPrompt(policy: interactionPolicy.DefaultPolicy): interactionPolicy.DefaultPolicy {
  policy.get('login')?.checks.add(
    // Without it a live session of such an account is a fault of the server.
    new Check('account_unusable', 'the account cannot be used', 'login_required', ({ oidc }) =>
      Boolean(oidc.session?.accountId && oidc.account === undefined),
    ),
  );
  const check = new Check(
    'patient_needed',
    'a patient must be chosen',
    'interaction_required',
    (ctx) =>
      asksForPatient(ctx) &&
      ctx.oidc.result?.['patient'] === undefined &&
      ctx.oidc.result?.consent === undefined,
  );
  policy.add(new Prompt({ name: 'patient', requestable: false }, check), 1);
  return policy;
}

/** An EHR's launch says whom it is about; otherwise whoever asks for a patient's scopes has to choose one. */
function asksForPatient({ oidc }: KoaContextWithOIDC): boolean {
  if (oidc.params?.['launch'] !== undefined) return false;
  const words = (parameterIn(oidc.params, 'scope') ?? '').split(' ');
  return words.some((word) => word === 'launch/patient' || word.startsWith('patient/'));
}
