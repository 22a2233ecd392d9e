/** The value set that an operation is asked about: by its id, by its URL, or sent along. */
import type { ValueSet } from '@medplum/fhirtypes';
import { fail } from '../core/failure.ts';
import { library } from '../terminology/library.ts';
import { membersOf, type Members } from '../terminology/value-set.ts';
import type { Inputs } from './inputs.ts';

/**
 * The value set that is asked about.
 * @param named the URL of the one that the ask names by its id
 * @throws Failure `not-found`, `required`
 */
export function valueSetAsked(inputs: Inputs, named: string | undefined): ValueSet {
  const sent = inputs.resource('valueSet');
  if (sent?.resourceType === 'ValueSet') return sent;
  const url = (named ?? inputs.text('url'))?.split('|')[0];
  if (url === undefined) return fail('required', 'Say which value set: url, or valueSet.');
  return (
    library().valueSets.get(url) ??
    fail('not-found', 'This value set is not known here; GET [base]/ValueSet lists those that are.')
  );
}

/**
 * What is in the value set that is asked about.
 * @throws Failure also `not-understood` where a part of it is not known here
 */
export function membersAsked(inputs: Inputs, named: string | undefined): Members {
  const valueSet = valueSetAsked(inputs, named);
  return (
    membersOf(library(), valueSet) ??
    fail(
      'not-understood',
      'The value set is made of code systems, value sets or filters that are not known here; its codes cannot be told.',
    )
  );
}
