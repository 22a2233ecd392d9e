/** What the person lets an app do, ticked word by word. */
import { grantable, grantOf, type Request as Asked } from '../consent.ts';
import { html, sendPage, type Html } from '../pages.ts';
import { parameterIn } from '../parts.ts';
import { meaningOf } from '../scope-words.ts';
import { accountOf, finish, type Prompt, type Step } from './step.ts';

function askedIn({ details }: Step): Asked {
  const text = (name: string): string | undefined => parameterIn(details.params, name);
  const chosen = (details.lastSubmission?.['patient'] as { readonly id?: string } | undefined)?.id;
  const [launch, purpose] = [text('launch'), text('purpose_of_use')];
  return {
    client: text('client_id') ?? '',
    scope: text('scope') ?? '',
    ...(launch !== undefined && { launch }),
    ...(purpose !== undefined && { purpose }),
    ...(chosen !== undefined && { patient: chosen }),
  };
}

const tick = (word: string): Html =>
  html`<label class="choice"
    ><input type="checkbox" name="scope" value="${word}" checked />
    <span>${meaningOf(word)} <code>${word}</code></span></label
  >`;

export const consent: Prompt = {
  show: async (step) => {
    const account = await accountOf(step);
    const asked = askedIn(step);
    const can = account === undefined ? undefined : grantable(account, asked);
    if (can === undefined || 'error' in can) {
      await finish(
        step,
        can === undefined
          ? { error: 'access_denied', error_description: 'the account cannot be used' }
          : { ...can },
      );
      return;
    }
    const client = await step.provider.Client.find(asked.client);
    sendPage(
      step.response,
      `Allow ${client?.clientName ?? asked.client}?`,
      html`<p>
          The app asks for what is ticked, for the purpose of use <strong>${can.purpose}</strong>. Untick what
          it need not have.
        </p>
        <form method="post">
          <fieldset>
            <legend>It may</legend>
            ${[...can.others.filter((word) => word !== 'openid'), ...can.resources].map(tick)}
          </fieldset>
          <button>Allow</button><button name="refuse" class="other">Refuse</button>
        </form>`,
    );
  },
  act: async (step, form) => {
    const account = await accountOf(step);
    const refused = { error: 'access_denied', error_description: 'the account cannot be used' };
    const made =
      account === undefined
        ? refused
        : await grantOf(step.parts, step.provider, {
            account,
            request: askedIn(step),
            chosen: new Set(form.getAll('scope')),
          });
    await finish(step, typeof made === 'string' ? { consent: { grantId: made } } : { ...made });
  },
};
