/** The Prefer header (RFC 7240; https://hl7.org/fhir/R4/http.html#prefer). */
import type { Ask, Return } from '../core/context.ts';

const RETURNS: readonly Return[] = ['minimal', 'representation', 'OperationOutcome'];

/** Preferences that are not known are no fault: they are only preferences. */
export function preferOf(header: string | undefined): Ask['prefer'] {
  const wishes = new Map(
    (header ?? '').split(/[,;]/).map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=').map((text) => text.trim().replace(/^"|"$/g, ''));
      return [name.toLowerCase(), value];
    }),
  );
  const wanted = RETURNS.find((each) => each.toLowerCase() === wishes.get('return')?.toLowerCase());
  const handling = wishes.get('handling');
  const placing = wishes.get('placing');
  return {
    ...(wanted !== undefined && { return: wanted }),
    ...((handling === 'strict' || handling === 'lenient') && { handling }),
    ...((placing === 'match' || placing === 'new') && { placing }),
  };
}
