/**
 * The launch simulator of a sandbox: a page that plays the EHR. It has a patient open and somebody signed on, and
 * opens an app with them (SMART App Launch 2.2, "Launch App: EHR Launch").
 */
import { randomBytes } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import type { QueryPair } from '../../core/context.ts';
import type { Account } from '../../storage/accounts.ts';
import { html, sendPage } from './pages.ts';
import { factsOf, type Parts } from './parts.ts';
import { playedCandidates } from './patients.ts';
import { roleOf } from '../../policy/roles.ts';

const LAUNCH_MS = 300_000;

/** An app that can be launched. */
export interface App {
  readonly id: string;
  readonly name: string;
}

/** Makes the pages. */
export function simulator(parts: Parts, appsOf: () => Promise<readonly App[]>): Router {
  const router = express.Router();
  router.get('/', async (request, response) => {
    await show(parts, await appsOf(), request, response);
  });
  router.post(
    '/',
    express.text({ type: 'application/x-www-form-urlencoded', limit: '10kb' }),
    async (request, response) => {
      await launch(parts, new URLSearchParams(String(request.body)), response);
    },
  );
  return router;
}

/** Who works with an EHR. */
const isClinician = ({ role }: Account): boolean => roleOf(role)?.levels.includes('user') === true;

async function show(parts: Parts, apps: readonly App[], request: Request, response: Response): Promise<void> {
  const people = (await parts.accounts.all()).filter(isClinician);
  const user = people.find(({ _id }) => _id === request.query['account']) ?? people[0];
  const query = ['family', 'birthdate'].flatMap((name): QueryPair[] => {
    const value = request.query[name];
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
  const found = user === undefined ? [] : await playedCandidates(parts.rooms, query);
  sendPage(
    response,
    'Launch simulator: an EHR that opens apps',
    html`<form>
        <label>Family name <input type="text" name="family" /></label>
        <label>Birth date <input type="date" name="birthdate" /></label><button>Find patients</button>
      </form>
      <form method="post">
        <label
          >Signed on
          <select name="account">
            ${people.map(({ _id, name }) => html`<option value="${_id}">${name} (${_id})</option>`)}
          </select></label
        >
        <label
          >Patient
          <select name="patient" required>
            ${found.map(({ id, label }) => html`<option value="${id}">${label}</option>`)}
          </select></label
        >
        <label
          >App
          <select name="client" required>
            ${apps.map(({ id, name }) => html`<option value="${id}">${name} (${id})</option>`)}
          </select></label
        >
        <label>Launch URL, where it is not the registered one <input type="text" name="url" /></label>
        <button>Launch</button>
      </form>`,
  );
}

async function launch(parts: Parts, form: URLSearchParams, response: Response): Promise<void> {
  const [client = '', account = '', patient = ''] = ['client', 'account', 'patient'].map(
    (name) => form.get(name) ?? '',
  );
  const user = await parts.accounts.find(account);
  const [found] = user === undefined ? [] : await playedCandidates(parts.rooms, [['_id', patient]]);
  const url = await launchUrl(parts, client, form.get('url') ?? '');
  if (found === undefined || url === undefined) {
    const fault = html`<p class="fault">Choose a patient, a person and an app with a launch URL.</p>`;
    sendPage(response, 'The app cannot be launched', fault, 400);
    return;
  }
  const handle = randomBytes(24).toString('base64url');
  const expiresAt = new Date(parts.rooms.now().getTime() + LAUNCH_MS);
  await parts.launches.put({ _id: handle, client, account, patient, expiresAt });
  url.searchParams.set('iss', parts.audience);
  url.searchParams.set('launch', handle);
  response.redirect(303, url.href);
}

/** Where the app is opened: at the address given, or at its own. */
async function launchUrl({ adapters }: Parts, client: string, given: string): Promise<URL | undefined> {
  const app = await adapters('Client').find(client);
  const url = URL.parse(given === '' ? (factsOf(app).launch_url ?? '') : given);
  return app !== undefined && url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}
