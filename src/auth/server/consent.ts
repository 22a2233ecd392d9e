/** What a person grants an app: scopes within both their reach, one patient, one purpose; all of it for one launch. */
import type { Provider } from 'oidc-provider';
import type { Account, Context } from '../../storage/accounts.ts';
import { askedFor, narrow, wordsOf } from './narrow.ts';
import type { Parts } from './parts.ts';
import { ceilingOf, purposeOf, roleOf } from '../../policy/roles.ts';

/** An authorization request, as far as it decides what may be granted. */
export interface Request {
  readonly client: string;
  readonly scope: string;
  readonly launch?: string;
  readonly purpose?: string;
  /** Who was chosen. */
  readonly patient?: string;
}

/** What of a request the account may grant. */
export interface Grantable {
  readonly resources: readonly string[];
  readonly others: readonly string[];
  readonly purpose: string;
}

/** The error that the app gets instead. */
export interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

const refusal = (error: string, description: string): Refusal => ({ error, error_description: description });

/** What the account may grant of a request. */
export function grantable({ role: name }: Account, { scope, purpose }: Request): Grantable | Refusal {
  const role = roleOf(name);
  const read = askedFor(scope);
  if (role === undefined || 'fault' in read)
    return refusal('access_denied', 'the account has no role for this');
  const resources = wordsOf(narrow(read.words, ceilingOf(role)));
  if (read.words.length > 0 && resources.length === 0) {
    return refusal('invalid_scope', 'the person may have none of the scopes');
  }
  const granted = purposeOf(role, purpose);
  if (granted === undefined) return refusal('invalid_request', 'the person may not have this purpose of use');
  return { resources, others: read.others, purpose: granted };
}

/**
 * Makes the grant of one launch.
 * @param chosen the scopes that the person left ticked
 * @returns its id, or the refusal that the app gets
 */
export async function grantOf(
  parts: Parts,
  provider: Provider,
  { account, request, chosen }: { account: Account; request: Request; chosen: ReadonlySet<string> },
): Promise<string | Refusal> {
  const can = grantable(account, request);
  if ('error' in can) return can;
  const patient = await patientOf(parts, account, request);
  if (typeof patient === 'object') return patient;
  const resources = can.resources.filter((word) => chosen.has(word));
  const others = can.others.filter((word) => chosen.has(word) || word === 'openid');
  const isPatients = resources.some((word) => word.startsWith('patient/'));
  if (isPatients && patient === undefined) return refusal('access_denied', 'no patient was chosen');
  const grant = new provider.Grant({ accountId: account._id, clientId: request.client });
  const granted = [...others, ...resources];
  const rest = request.scope.split(' ').filter((word) => !granted.includes(word));
  grant.addOIDCScope(others.join(' '));
  grant.addResourceScope(parts.audience, granted.join(' '));
  // What is neither granted nor rejected is asked for again, for ever.
  grant.rejectOIDCScope(rest.join(' '));
  grant.rejectResourceScope(parts.audience, rest.join(' '));
  const id = await grant.save();
  await parts.launches.remember(contextOf(id, account, { purpose: can.purpose, patient }));
  return id;
}

/** Whom the launch is about: the EHR's word, good once and for the person it was given to, or the person's choice. */
async function patientOf(
  { launches }: Parts,
  { _id, patients }: Account,
  { launch: handle, client, patient }: Request,
): Promise<string | undefined | Refusal> {
  if (handle !== undefined) {
    const launch = await launches.take(handle);
    if (launch === undefined || launch.client !== client || launch.account !== _id) {
      return refusal('access_denied', 'the launch was used, is over or is another person’s; launch again');
    }
    return launch.patient;
  }
  if (patients !== undefined && patient !== undefined && !patients.includes(patient)) {
    return refusal('access_denied', 'this is another person’s record');
  }
  return patient;
}

function contextOf(
  grant: string,
  { role, organization, person }: Account,
  { purpose, patient }: { purpose: string; patient: string | undefined },
): Context {
  return {
    _id: grant,
    role,
    purpose,
    person,
    ...(organization !== undefined && { organization }),
    ...(patient !== undefined && { patient }),
  };
}
