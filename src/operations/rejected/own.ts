/** A rejected or pending record, for the organisation that sent it and for staff; nobody else learns that there is one. */
import type { Task } from '@medplum/fhirtypes';
import type { Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { parseJson } from '../../fhir/json.ts';
import { absent } from '../../interactions/read.ts';
import { idOf, type Rooms } from '../../interactions/rooms.ts';
import { isStaff } from '../../interactions/staff.ts';
import { isCode } from '../../pending/codes.ts';
import type { Grant } from '../../policy/decide.ts';
import { ownOrganizations } from '../../policy/known.ts';

/** Whose record it is: `staff` may look at it, its sender may send another instead. */
export type Whose = 'sender' | 'staff';

/** What somebody sent and others must look at. */
const WITH_ORIGINAL = ['message-rejected', 'match-review', 'possible-duplicate'] as const;

/**
 * The Task of a record, as far as the caller may know of it.
 * @throws Failure `not-found` for everybody else's, `business-rule` for a Task about something else
 */
export async function ownRecord(
  rooms: Rooms,
  ask: Ask,
  grant: Grant,
): Promise<{ readonly task: Task; readonly whose: Whose }> {
  const id = idOf(ask);
  const stored = await rooms.store.read(grant, 'read', 'Task', id);
  if (stored === undefined) return absent(rooms, grant, 'Task', id);
  const task = parseJson(stored.json) as Task;
  const [own] = ownOrganizations(grant.known);
  const isSender = own !== undefined && task.requester?.reference === `Organization/${own}`;
  if (!isSender && !isStaff(ask.actor)) return absent(rooms, grant, 'Task', id);
  if (!WITH_ORIGINAL.some((each) => isCode(task.code, each)))
    fail('business-rule', 'Only what was rejected or waits has an original.');
  return { task, whose: isSender ? 'sender' : 'staff' };
}
