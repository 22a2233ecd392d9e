/** Answers of interactions: what goes back for a read, a write, a deletion (https://hl7.org/fhir/R4/http.html). */
import type { Answer, Ask } from '../core/context.ts';
import type { Issue } from '../core/failure.ts';
import { outcomeText } from '../fhir/outcome.ts';
import type { Stored } from '../storage/store.ts';

type Kept = Pick<Stored, '_id' | 'version' | 'lastUpdated' | 'json'>;

/** `Type/id/_history/version` */
export const versionedReference = (type: string, id: string, version: number): string =>
  `${type}/${id}/_history/${version}`;

/** The resource itself, with what its headers say. */
export const shown = (stored: Kept): Answer => ({
  status: 200,
  body: stored.json,
  version: stored.version,
  lastUpdated: stored.lastUpdated,
});

interface Left {
  readonly stored: Kept;
  readonly warnings?: readonly Issue[];
}

/** What a write left, as `Prefer: return` asks for it (representation, unless asked otherwise). */
export function written(ask: Ask, type: string, { stored, warnings = [] }: Left, status: number): Answer {
  const base: Answer = {
    status,
    version: stored.version,
    lastUpdated: stored.lastUpdated,
    location: versionedReference(type, stored._id, stored.version),
    ...(warnings.length > 0 && { warnings }),
  };
  if (ask.prefer.return === 'minimal') return base;
  if (ask.prefer.return === 'OperationOutcome')
    return { ...base, body: outcomeText(warnings, WRITTEN[status] ?? 'Done.', 'warning') };
  return { ...base, body: stored.json };
}
const WRITTEN: Readonly<Record<number, string>> = {
  200: 'The resource is stored.',
  201: 'The resource was created.',
};
