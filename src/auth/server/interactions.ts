/** The pages between an app's request and its answer: sign on, choose a patient, allow or refuse. */
import express, { type Request, type Response, type Router } from 'express';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { QueryPair } from '../../core/context.ts';
import type { Account } from '../../storage/accounts.ts';
import { isPassword } from '../passwords.ts';
import { grantable, grantOf, type Request as Asked } from './consent.ts';
import { html, sendPage, type Html } from './pages.ts';
import { parameterIn, type Parts } from './parts.ts';
import { candidates } from './patients.ts';
import { usableAccount } from './people.ts';
import { attempts, type Attempts } from './attempts.ts';

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

interface Step {
  readonly parts: Parts;
  readonly provider: Provider;
  readonly attempts: Attempts;
  readonly request: Request;
  readonly response: Response;
  readonly details: Details;
}

interface Prompt {
  readonly show: (step: Step, fault?: string) => Promise<void>;
  readonly act: (step: Step, form: URLSearchParams) => Promise<void>;
}

/** Makes the pages. */
export function interactions(parts: Parts, provider: Provider): Router {
  const router = express.Router();
  const tried = attempts(parts.rooms.now);
  const at =
    (work: (prompt: Prompt, step: Step) => Promise<void> | void) =>
    async (request: Request, response: Response): Promise<void> => {
      const details = await provider.interactionDetails(request, response);
      const prompt = PROMPTS[details.prompt.name];
      if (prompt === undefined) throw new Error('The library asks what no page answers');
      await work(prompt, { parts, provider, attempts: tried, request, response, details });
    };
  router.get(
    '/:uid',
    at((prompt, step) => prompt.show(step)),
  );
  router.post(
    '/:uid',
    express.text({ type: 'application/x-www-form-urlencoded', limit: '100kb' }),
    at((prompt, step) => {
      const form = new URLSearchParams(String(step.request.body));
      if (form.has('refuse'))
        return finish(step, { error: 'access_denied', error_description: 'the person refused' });
      return prompt.act(step, form);
    }),
  );
  return router;
}

const finish = ({ provider, request, response }: Step, result: InteractionResults): Promise<void> =>
  provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });

const faultText = (fault: string | undefined): Html | undefined =>
  fault === undefined ? undefined : html`<p class="fault">${fault}</p>`;

const login: Prompt = {
  show: ({ response }, fault) => {
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
          <button>Sign on</button><button name="refuse" formnovalidate>Cancel</button>
        </form>`,
      fault === undefined ? 200 : 400,
    );
    return Promise.resolve();
  },
  act: async (step, form) => {
    const id = form.get('account') ?? '';
    if (!step.attempts.mayTry(id)) {
      await login.show(step, 'Too many attempts; wait some minutes.');
      return;
    }
    const account = await usableAccount(step.parts, id);
    if (!(await isPassword(account?.password, form.get('password') ?? ''))) {
      step.attempts.failed(id);
      await login.show(step, 'Account or password is wrong, or the account cannot be used.');
      return;
    }
    step.attempts.succeeded(id);
    await finish(step, { login: { accountId: id } });
  },
};

/** The account of the session; it may have been suspended since. */
const accountOf = ({ parts, details }: Step): Promise<Account | undefined> =>
  usableAccount(parts, details.session?.accountId ?? '');

const clientOf = ({ details }: Step): string => parameterIn(details.params, 'client_id') ?? '';

const FIELDS = ['family', 'birthdate', 'identifier'] as const;

function searched({ request }: Step): QueryPair[] {
  return FIELDS.flatMap((name): QueryPair[] => {
    const value = request.query[name];
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
}

const patient: Prompt = {
  show: async (step, fault) => {
    const account = await accountOf(step);
    const query = searched(step);
    const found =
      account === undefined ? [] : await candidates(step.parts.rooms, account, clientOf(step), query);
    const search = html`<form>
      <label>Family name <input type="text" name="family" /></label>
      <label>Birth date <input type="date" name="birthdate" /></label>
      <label>Identifier <input type="text" name="identifier" /></label><button>Find</button>
    </form>`;
    const list = found.map(
      ({ id, label }) =>
        html`<label><input type="radio" name="patient" value="${id}" required /> ${label}</label>`,
    );
    const none = html`<p class="note">Nobody is found; give more of what identifies the person.</p>`;
    sendPage(
      step.response,
      'Choose a patient',
      html`${faultText(fault)}${account?.patients === undefined ? search : undefined}
        <form method="post">
          ${list.length === 0 ? none : list}<button>Choose</button
          ><button name="refuse" formnovalidate>Cancel</button>
        </form>`,
      fault === undefined ? 200 : 400,
    );
  },
  act: async (step, form) => {
    const account = await accountOf(step);
    const id = form.get('patient') ?? '';
    const [found] =
      account === undefined ? [] : await candidates(step.parts.rooms, account, clientOf(step), [['_id', id]]);
    const isOwn = account?.patients?.includes(id) ?? true;
    if (found === undefined || !isOwn) await patient.show(step, 'Choose one of these patients.');
    else await finish(step, { patient: { id } });
  },
};

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
  html`<label><input type="checkbox" name="scope" value="${word}" checked /> <code>${word}</code></label>`;

const consent: Prompt = {
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
      html`<p>It asks, for the purpose ${can.purpose}, to:</p>
        <form method="post">
          ${[...can.others.filter((word) => word !== 'openid'), ...can.resources].map(tick)}
          <button>Allow</button><button name="refuse">Refuse</button>
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

const PROMPTS: Readonly<Record<string, Prompt>> = { login, patient, consent };
