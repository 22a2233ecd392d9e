/** batch: each entry a request of its own, through the same door (https://hl7.org/fhir/R4/http.html#brules). */
import type { BundleEntry } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { fewAtOnce } from './at-once.ts';
import { askOf, entriesOf, failureEntry, responseBundle, responseEntry } from './bundle-entry.ts';
import { failureOf } from './fault.ts';
import type { Handler, Rooms } from './rooms.ts';

/** One entry, its place in the Bundle, and the ask that it makes, where it can be understood. */
interface Part {
  readonly at: number;
  readonly isHead: boolean;
  readonly ask?: Ask;
  readonly refused?: string;
}

export const batch: Handler = async (rooms, outer, _grant, entry) => {
  const parts = entriesOf(rooms, outer).map((each, at) => partOf(rooms, outer, each, at));
  const texts: string[] = parts.map(({ refused = '' }) => refused);
  for (const phase of PHASES) {
    const due = parts.filter(({ ask }) => ask !== undefined && phase(ask));
    await fewAtOnce(due, async (part) => {
      texts[part.at] = await answered(rooms, part);
    });
  }
  // Every entry that could be understood has left its own record.
  if (parts.length > 0 && parts.every(({ ask }) => ask !== undefined)) entry.committed();
  return { status: 200, body: responseBundle('batch-response', texts) };
};

const isOneOf =
  (...interactions: readonly Ask['interaction'][]) =>
  ({ interaction }: Ask): boolean =>
    interactions.includes(interaction);
const isWritten = isOneOf('create', 'update', 'patch', 'delete');

/** The order of a transaction, so that what reads sees what was written. */
const PHASES: readonly ((ask: Ask) => boolean)[] = [
  isOneOf('delete'),
  isOneOf('create'),
  isOneOf('update', 'patch'),
  (ask) => !isWritten(ask),
];

function partOf(rooms: Rooms, outer: Ask, entry: BundleEntry, at: number): Part {
  const isHead = entry.request?.method === 'HEAD';
  try {
    const ask = askOf(rooms, outer, entry);
    const key = outer.idempotencyKey;
    // A space is in no key that a caller sends, so that no entry meets another request's.
    return { at, isHead, ask: key === undefined ? ask : { ...ask, idempotencyKey: `${key} ${at}` } };
  } catch (error) {
    return { at, isHead, refused: failureEntry(failureOf(error, outer.requestId, rooms.log)) };
  }
}

async function answered(rooms: Rooms, { ask, isHead }: Part): Promise<string> {
  if (ask === undefined) return '';
  try {
    return responseEntry(rooms, ask, await rooms.handle(ask), isHead);
  } catch (error) {
    return failureEntry(failureOf(error, ask.requestId, rooms.log));
  }
}
