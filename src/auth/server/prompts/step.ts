/** One page of a sign-on: what it is shown with, and what it does with what the person sends. */
import type { Request, Response } from 'express';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { Account } from '../../../storage/accounts.ts';
import { html, type Html } from '../pages.ts';
import type { Parts } from '../parts.ts';
import { usableAccount } from '../people.ts';

export type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

export interface Step {
  readonly parts: Parts;
  readonly provider: Provider;
  readonly request: Request;
  readonly response: Response;
  readonly details: Details;
}

export interface Prompt {
  readonly show: (step: Step, fault?: string) => Promise<void>;
  readonly act: (step: Step, form: URLSearchParams) => Promise<void>;
}

/** Goes on with what the person did. */
export const finish = ({ provider, request, response }: Step, result: InteractionResults): Promise<void> =>
  provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });

/** What went wrong, read out by whatever reads pages out. */
export const faultText = (fault: string | undefined): Html | undefined =>
  fault === undefined ? undefined : html`<p class="fault" role="alert">${fault}</p>`;

/** The account of the session; it may have been suspended since. */
export const accountOf = ({ parts, details }: Step): Promise<Account | undefined> =>
  usableAccount(parts, details.session?.accountId ?? '');
