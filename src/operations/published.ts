/** The definition that an operation is asked of by its id: `ValueSet/route/$expand`. */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { absent } from '../interactions/read.ts';
import type { Rooms } from '../interactions/rooms.ts';
import type { Grant } from '../policy/decide.ts';

/**
 * The canonical URL of the resource that the ask names by its id; undefined where it names none.
 * @throws Failure `not-found`
 */
export async function canonicalAsked(
  rooms: Rooms,
  { type = '', id }: Ask,
  grant: Grant,
): Promise<string | undefined> {
  if (id === undefined) return undefined;
  const stored = await rooms.store.read(grant, 'read', type, id);
  if (stored === undefined) return absent(rooms, grant, type, id);
  return (JSON.parse(stored.json) as Resource & { url?: string }).url;
}
