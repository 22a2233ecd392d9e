/** The second factor of a sign-on: a code of the person's authenticator app, which is enrolled on the way where it is new. */
import { factorName, type Account } from '../../../storage/accounts.ts';
import { sealingOf } from '../../../storage/secrets.ts';
import { factorAddress, stepOf, newFactor, type Factor } from '../../second-factor.ts';
import { tellSignOn } from '../events.ts';
import { html, sendPage, svg, type Html } from '../pages.ts';
import { accountOf, faultText, finish, type Prompt, type Step } from './step.ts';

const SEAL = 'second factor enrolment';

const codeField: Html = html`<label
  >Code
  <input
    type="text"
    name="code"
    inputmode="numeric"
    autocomplete="one-time-code"
    pattern="[0-9]{6}"
    maxlength="6"
    required
    autofocus
/></label>`;
const buttons: Html = html`<button>Go on</button
  ><button name="refuse" formnovalidate class="other">Cancel</button>`;

export const secondFactor: Prompt = {
  show: async (step, fault) => {
    const account = await accountOf(step);
    if (account?.hasSecondFactor === true) {
      sendPage(
        step.response,
        'Your second factor',
        html`${faultText(fault)}
          <p>Enter the six digits that your authenticator app shows now.</p>
          <form method="post">${codeField} ${buttons}</form>`,
        fault === undefined ? 200 : 400,
      );
      return;
    }
    enrol(step, newFactor(), { account: account?._id ?? '', ...(fault !== undefined && { fault }) });
  },
  act: async (step, form) => {
    const account = await accountOf(step);
    if (account === undefined) {
      await finish(step, { error: 'access_denied', error_description: 'the account cannot be used' });
      return;
    }
    if (await step.parts.attempts.mayTry(placeOf(account))) await tried(step, account, form);
    else await secondFactor.show(step, 'Too many attempts; wait a quarter of an hour.');
  },
};

const placeOf = ({ _id }: Account): string => `second factor ${_id}`;

async function tried(step: Step, account: Account, form: URLSearchParams): Promise<void> {
  const { _id, hasSecondFactor: isKnown = false } = account;
  const factor = isKnown ? await keptFactor(step, _id) : pending(step, _id, form.get('factor') ?? '');
  if (factor !== undefined && (await isGood(step, account, factor, form.get('code') ?? ''))) {
    if (!isKnown) await keep(step, _id, factor);
    await step.parts.attempts.succeeded(placeOf(account));
    await tellSignOn(step.parts, { user: _id, outcome: 'done', how: 'otp' });
    await finish(step, { login: { accountId: _id, amr: ['pwd', 'otp', 'mfa'] } });
    return;
  }
  await tellSignOn(step.parts, { user: _id, outcome: 'refused', how: 'otp' });
  const fault = 'The code is not the one of this moment, or was used before.';
  if (isKnown || factor === undefined) await secondFactor.show(step, fault);
  else enrol(step, factor, { account: _id, fault });
}

/** Whether it is the code of now, which nobody has used. */
async function isGood({ parts }: Step, { _id }: Account, factor: Factor, code: string): Promise<boolean> {
  const moment = stepOf(factor, code, parts.rooms.now());
  return moment !== undefined && parts.accounts.useCode(_id, moment);
}

/** The factor that the account has; there must be one. */
const keptFactor = ({ parts }: Step, account: string): Promise<Factor> =>
  parts.kept(factorName(account), () => {
    throw new Error('The account has no second factor');
  });

async function keep({ parts }: Step, account: string, factor: Factor): Promise<void> {
  await parts.kept(factorName(account), () => factor);
  await parts.accounts.enrolled(account);
}

/** The factor that was shown to this account a moment ago. */
function pending({ parts, details }: Step, account: string, sealed: string): Factor | undefined {
  try {
    const { open } = sealingOf(parts.rooms.secrets, SEAL);
    const { to, at, factor } = JSON.parse(open(sealed)) as Readonly<Record<'to' | 'at' | 'factor', string>>;
    return to === account && at === details.uid ? factor : undefined;
  } catch {
    return undefined;
  }
}

interface Enrolling {
  readonly account: string;
  readonly fault?: string;
}

function enrol({ parts, details, response }: Step, factor: Factor, { account, fault }: Enrolling): void {
  const { seal } = sealingOf(parts.rooms.secrets, SEAL);
  const sealed = seal(JSON.stringify({ to: account, at: details.uid, factor }));
  const address = factorAddress(factor, account);
  sendPage(
    response,
    'Set up your second factor',
    html`${faultText(fault)}
      <p>Accounts with this role sign on with a second factor. Scan this with an authenticator app:</p>
      <p class="qr">${svg(address)}</p>
      <p>Or type this key into the app: <code>${factor}</code></p>
      <form method="post">
        <input type="hidden" name="factor" value="${sealed}" />
        ${codeField} ${buttons}
      </form>`,
    fault === undefined ? 200 : 400,
  );
}
