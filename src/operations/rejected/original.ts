/** Task/[id]/$original: a rejected or pending record as it came, for the organisation that sent it and for staff. */
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { fail } from '../../core/failure.ts';
import { ER7 } from '../../core/media-types.ts';
import { timeOfId } from '../../core/id.ts';
import { Denied } from '../../policy/decide.ts';
import { keptAsk, type Pending } from '../../pending/kept-ask.ts';
import { MESSAGES, PENDING } from '../../storage/sealed-places.ts';
import { sealingOf } from '../../storage/secrets.ts';
import { inputsOf } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { ownRecord } from './own.ts';

interface Original {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export const original: Handler = async (rooms, ask, grant, entry) => {
  inputsOf(ask, []);
  const { task, whose } = await ownRecord(rooms, ask, grant);
  // What somebody else sent of people is shown to staff as their records are.
  if (whose === 'staff' && !grant.may('read', 'Patient')) throw new Denied('beyond_purpose');
  const { id = '', requester } = task;
  entry.wrote(`Task/${id}`);
  const found = (await pendingOf(rooms, id)) ?? (await messageOf(rooms, id, requester?.reference ?? ''));
  if (found === undefined) return fail('not-found', 'The registry has not kept the original.');
  return parametersAnswer([
    { name: 'contentType', valueCode: found.contentType.split(';')[0] ?? '' },
    { name: 'original', valueBase64Binary: found.bytes.toString('base64') },
  ]);
};

async function pendingOf({ store, secrets }: Rooms, id: string): Promise<Original | undefined> {
  const pending = (await store.note(PENDING, id)) as Pending | undefined;
  if (pending === undefined) return undefined;
  const kept = keptAsk(secrets, pending);
  return { contentType: kept.contentType, bytes: kept.original };
}

async function messageOf(
  { store, secrets }: Rooms,
  id: string,
  requester: string,
): Promise<Original | undefined> {
  const sealed = await store.messageAbout(requester.replace('Organization/', ''), {
    at: timeOfId(id),
    wrote: `Task/${id}/_history/1`,
  });
  if (sealed === undefined) return undefined;
  return { contentType: ER7, bytes: Buffer.from(sealingOf(secrets, MESSAGES).open(sealed), 'utf8') };
}
