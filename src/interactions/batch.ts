/** batch: each entry a request of its own, through the same door (https://hl7.org/fhir/R4/http.html#brules). */
import type { BundleEntry } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { Failure } from '../core/failure.ts';
import { askOf, entriesOf, failureEntry, responseBundle, responseEntry } from './bundle-entry.ts';
import type { Handler, Rooms } from './rooms.ts';

/** Entries under way at once: enough to share commits, not so many that one caller takes the server. */
const AT_ONCE = 8;

export const batch: Handler = async (rooms, ask, _grant, entry) => {
  const entries = entriesOf(rooms, ask);
  const texts: string[] = new Array<string>(entries.length).fill('');
  const next = entries.entries();
  const worker = async (): Promise<void> => {
    for (const [at, each] of next) texts[at] = await answered(rooms, ask, each);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // Each entry has left its own record.
  if (entries.length > 0) entry.committed();
  return { status: 200, body: responseBundle('batch-response', texts) };
};

async function answered(rooms: Rooms, outer: Ask, entry: BundleEntry): Promise<string> {
  try {
    return responseEntry(rooms, await rooms.handle(askOf(rooms, outer, entry)));
  } catch (error) {
    if (error instanceof Failure) return failureEntry(error);
    rooms.log.error({ requestId: outer.requestId, error }, 'an entry of a batch failed');
    return failureEntry(
      new Failure({
        kind: 'internal',
        message: `The server failed on this entry; its log has the details under request ${outer.requestId}.`,
      }),
    );
  }
}
