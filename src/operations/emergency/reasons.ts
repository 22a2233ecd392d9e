/** Why a record may be opened in an emergency (profiles/code-systems/emergency-reason.json). */
import type { Coding } from '@medplum/fhirtypes';
import { fail } from '../../core/failure.ts';

const REASONS = 'https://fhir-iis.org/fhir/CodeSystem/emergency-reason';
const WORDS: ReadonlyMap<string, string> = new Map([
  ['wound', 'A wound or bite that needs prophylaxis now'],
  ['exposure', 'Exposure to a disease that vaccination prevents'],
  ['cannot-say', 'The person is in danger and cannot say what was given'],
  ['danger', 'Another danger to life or health'],
]);

/**
 * The reason that was given.
 * @throws Failure `required` for none of these
 */
export function reasonAsked(codings: readonly Coding[]): Coding {
  const code = codings.find((each) => each.system === REASONS)?.code ?? '';
  const display = WORDS.get(code);
  return display === undefined
    ? fail(
        'required',
        `Say why: the parameter reason is a code of ${REASONS}: ${[...WORDS.keys()].join(', ')}.`,
      )
    : { system: REASONS, code, display };
}
