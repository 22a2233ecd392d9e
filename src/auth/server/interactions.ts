/** The pages between an app's request and its answer: sign on, choose a patient, allow or refuse. */
import express, { type Request, type Response, type Router } from 'express';
import type { Provider } from 'oidc-provider';
import type { Parts } from './parts.ts';
import { consent } from './prompts/consent.ts';
import { byIdentity, login } from './prompts/login.ts';
import { patient } from './prompts/patient.ts';
import { secondFactor } from './prompts/second-factor.ts';
import { finish, type Prompt, type Step } from './prompts/step.ts';

const PROMPTS: Readonly<Record<string, Prompt>> = {
  login,
  second_factor: secondFactor,
  patient,
  consent,
};

/** Makes the pages. */
export function interactions(parts: Parts, provider: Provider): Router {
  const router = express.Router();
  const at =
    (work: (prompt: Prompt, step: Step) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      const details = await provider.interactionDetails(request, response);
      const prompt = PROMPTS[details.prompt.name];
      if (prompt === undefined) throw new Error('The library asks what no page answers');
      await work(prompt, { parts, provider, request, response, details });
    };
  router.get(
    '/:uid',
    at((prompt, step) => prompt.show(step)),
  );
  router.get(
    '/:uid/identity',
    at((prompt, step) => (prompt === login ? byIdentity(step) : prompt.show(step))),
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
