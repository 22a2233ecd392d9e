/** A Task of the registry's staff with something of it changed. */
import type { Task } from '@medplum/fhirtypes';
import { parseJson } from '../../fhir/json.ts';
import { versionedReference } from '../../interactions/answers.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import type { Plan } from '../../interactions/write-through.ts';
import type { Pending } from '../../pending/kept-ask.ts';
import type { Stored } from '../../storage/store.ts';
import { supersede } from '../../storage/write.ts';
import type { Outcome } from '../settle.ts';

export interface Settling {
  readonly id: string;
  readonly outcome: Outcome;
  readonly patient?: string;
  readonly reason?: string;
  /** What waits; a Task about two records on file has nothing that waits. */
  readonly pending: Pending | undefined;
}

export const taskIn = ({ json }: Stored): Task => parseJson(json) as Task;

export function changeTask(rooms: Rooms, was: Stored, more: Partial<Task>): Plan & { readonly next: Stored } {
  const now = rooms.now();
  const lastUpdated = now > was.lastUpdated ? now : was.lastUpdated;
  const changed: Task = { ...taskIn(was), ...more, lastModified: lastUpdated.toISOString() };
  const version = { id: was._id, version: was.version + 1, lastUpdated };
  const form = storedForm(rooms, changed, version);
  const next = {
    ...form,
    patients: [...new Set([...was.patients, ...form.patients])],
    // What it is about has not changed.
    ...(was.facts && { facts: was.facts }),
  };
  return {
    next,
    unit: supersede('Task', was, next),
    answer: { status: 200 },
    wrote: [versionedReference('Task', was._id, next.version)],
    patients: next.patients,
  };
}
