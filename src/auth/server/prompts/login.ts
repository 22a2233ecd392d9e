/** Who is there: by an account and its password, or by the word of an outside identity provider. */
import { isPassword } from '../../passwords.ts';
import { tellSignOn } from '../events.ts';
import { beginIdentity, identified } from '../identity.ts';
import { html, sendPage } from '../pages.ts';
import { usableAccount } from '../people.ts';
import { faultText, finish, type Prompt, type Step } from './step.ts';

const WRONG = 'Account or password is wrong, or the account cannot be used.';

export const login: Prompt = {
  show: ({ parts, response }, fault) => {
    const other = html`<form method="post">
      <button name="identity" class="other">Sign on with ${parts.identity?.name ?? ''}</button>
    </form>`;
    sendPage(
      response,
      'Sign on to the immunization registry',
      html`${faultText(fault)}
        <form method="post">
          <label
            >Account <input type="text" name="account" autocomplete="username" required autofocus
          /></label>
          <label
            >Password <input type="password" name="password" autocomplete="current-password" required
          /></label>
          <button>Sign on</button><button name="refuse" formnovalidate class="other">Cancel</button>
        </form>
        ${parts.identity === undefined ? undefined : other}`,
      fault === undefined ? 200 : 400,
    );
    return Promise.resolve();
  },
  act: async (step, form) => {
    if (form.has('identity')) {
      const away = await beginIdentity(step);
      if (away !== undefined) await login.show(step, away);
      return;
    }
    const id = form.get('account') ?? '';
    const fault = await judged(step, id, form.get('password') ?? '');
    if (fault === undefined) await signOn(step, id, ['pwd']);
    else await login.show(step, fault);
  },
};

/** Somebody came back from the identity provider. */
export async function byIdentity(step: Step): Promise<void> {
  const who = await identified(step);
  if ('account' in who) {
    await signOn(step, who.account, who.amr);
    return;
  }
  await tellSignOn(step.parts, { outcome: 'refused', how: 'identity provider' });
  await login.show(step, who.fault);
}

/** Why the attempt does not count; undefined where it does. */
async function judged({ parts }: Step, id: string, password: string): Promise<string | undefined> {
  // Counted before it is looked at: of many that come at once no more are tried than may be.
  if (!(await parts.attempts.mayTry(`password ${id}`)))
    return 'Too many attempts; wait a quarter of an hour.';
  const account = await usableAccount(parts, id);
  if (!(await isPassword(account?.password, password))) {
    await tellSignOn(parts, { user: account?._id, outcome: 'refused', how: 'password' });
    return WRONG;
  }
  await parts.attempts.succeeded(`password ${id}`);
  return undefined;
}

/** Goes on as this account, whoever this browser was before. */
async function signOn(step: Step, id: string, amr: readonly string[]): Promise<void> {
  const { details, provider, parts } = step;
  const { session } = details;
  if (session?.accountId !== undefined && session.accountId !== id) {
    const before = await provider.Session.findByUid(session.uid);
    await before?.destroy();
    delete details.session;
    await details.save(details.exp - Math.floor(parts.rooms.now().getTime() / 1000));
  }
  await tellSignOn(parts, { user: id, outcome: 'done', how: amr.join(' ') });
  await finish(step, { login: { accountId: id, amr: [...amr] } });
}
