/**
 * The first registry manager of a store: whoever approves others has to come from somewhere. It goes the way of all
 * participants, through the same door and with the same records, asked for by the server itself.
 */
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { pairsOf } from '../core/query.ts';
import type { Resource } from '@medplum/fhirtypes';
import type { Store } from '../storage/store.ts';

export interface First {
  /** Name of the registry as an organisation. */
  readonly registry: string;
  readonly account: string;
  readonly given: string;
  readonly family: string;
  /** Version of the agreement that both accept. */
  readonly version: string;
}

type Handle = (ask: Ask) => Promise<Answer>;

const OWN: Pick<Ask, 'actor' | 'requestId' | 'door' | 'query' | 'queryInUrl' | 'conditions' | 'prefer'> = {
  actor: { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' },
  ...{
    requestId: 'first-manager',
    door: 'command',
    query: [],
    queryInUrl: false,
    conditions: {},
    prefer: {},
  },
};

/**
 * Makes the registry's organisation and its first manager.
 * @throws Failure `in-use` where the account is there already
 */
export async function makeFirstManager(handle: Handle, first: First): Promise<string> {
  const { registry, account, given, family, version } = first;
  const organization = await created(handle, { resourceType: 'Organization', active: true, name: registry });
  const practitioner = await created(handle, {
    resourceType: 'Practitioner',
    name: [{ given: [given], family }],
  });
  const change = (operation: string, parameters: Readonly<Record<string, string>>): Promise<Answer> =>
    handle({
      ...OWN,
      ...{ interaction: 'operation', type: 'Organization', id: organization, operation },
      query: pairsOf(new URLSearchParams(parameters).toString()),
    });
  await change('apply', { kind: 'public-health' });
  await change('approve', {});
  await change('accept-agreement', { version });
  const person = `Practitioner/${practitioner}`;
  await change('enroll-person', { account, role: 'registry-manager', name: `${given} ${family}`, person });
  await change('accept-agreement', { account, version });
  await change('confirm-training', { account });
  return organization;
}

/**
 * Mends how somebody signs on, where nobody can sign on to do it: the registry's own managers.
 * @throws Failure `not-found`
 */
export async function mendSignOn(
  { handle, store }: { readonly handle: Handle; readonly store: Pick<Store, 'note'> },
  operation: string,
  parameters: Readonly<Record<string, string>> & { readonly account: string },
): Promise<void> {
  const found = await store.note('participants', `account:${parameters.account}`);
  if (found === undefined) return fail('not-found', 'There is no account of this name.');
  const organization = found['organization'];
  await handle({
    ...{ ...OWN, requestId: operation },
    ...{ interaction: 'operation', type: 'Organization', operation },
    id: typeof organization === 'string' ? organization : 'none',
    query: pairsOf(new URLSearchParams(parameters).toString()),
  });
}

async function created(handle: Handle, resource: Resource): Promise<string> {
  const answer = await handle({
    ...OWN,
    ...{ interaction: 'create', type: resource.resourceType, body: { kind: 'resource', resource } },
  });
  const [, id] = answer.location?.split('/') ?? [];
  return id ?? fail('internal', 'What was created has no id.');
}
