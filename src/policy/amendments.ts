/**
 * Wishes of people to have their record amended: each sees those that it has asked itself. What another asked may speak of
 * what a directive, or a minor's own consent, keeps from it.
 */
import type { Task } from '@medplum/fhirtypes';
import type { Actor } from '../core/context.ts';
import { NOTHING, type Clause } from '../search/clause.ts';

const ACCOUNTS = 'https://fhir-iis.org/fhir/sid/account';
const CODES = 'https://fhir-iis.org/fhir/CodeSystem/registry-task';

const hasToken = (token: string): Clause => ({ op: 'in', field: 'tokens', keys: [token] });

/** The person who asks, as Task.requester. */
export const requesterOf = ({ user }: Actor): Task['requester'] =>
  user === undefined ? undefined : { identifier: { system: ACCOUNTS, value: user } };

/** The account that a Task was asked by. */
export const requestingAccount = ({ requester }: Task): string | undefined =>
  requester?.identifier?.system === ACCOUNTS ? requester.identifier.value : undefined;

/** What an account has asked itself. */
export function ownAmendments({ user }: Actor): readonly Clause[] {
  if (user === undefined) return [NOTHING];
  return [hasToken(`code=${CODES}|amendment`), hasToken(`requester:identifier=${ACCOUNTS}|${user}`)];
}

/** Of those, what waits for an answer. */
export const OPEN_AMENDMENTS: readonly Clause[] = [
  hasToken(`code=${CODES}|amendment`),
  hasToken('status=requested'),
];
