/** What a start prints: where the registry is, something to try, and where its data lie. */
import type { Database } from '../main.ts';

/** The lines, ready to paste from. */
export const welcome = (url: string, { where }: Pick<Database, 'where'>): string => `
fhir-iis is ready.

  FHIR R4    ${url}
  Data       ${where}
  Reachable  from this machine only: there is no authorization yet

Try:

  curl '${url}/Patient?_count=2&_pretty=true'

Press Ctrl-C to stop.
`;
