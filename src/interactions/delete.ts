/** delete and conditional delete (https://hl7.org/fhir/R4/http.html#delete, #cdelete). */
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { outcomeText } from '../fhir/outcome.ts';
import type { Grant } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import { remove } from '../storage/write.ts';
import { versionedReference } from './answers.ts';
import { soleMatchWhole, type Target } from './condition.ts';
import { linked } from './links.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { checkVersion } from './update.ts';
import { takesNoQuery } from './view.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const remover: Handler = (rooms, ask, grant, entry) => {
  if (ask.id !== undefined) takesNoQuery(ask);
  return writeThrough(rooms, { ask, grant, entry }, async () =>
    linked(rooms, grant, await planDelete(rooms, ask, grant)),
  );
};

/** Plans a deletion; what is not there or gone already is as wished, and makes no version. */
export async function planDelete(rooms: Rooms, ask: Ask, grant: Grant): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const target = { ask, grant, type };
  const was =
    ask.id === undefined
      ? await soleMatchWhole(rooms, target)
      : await rooms.store.readWhole(grant, 'delete', type, ask.id);
  if (was === undefined) return absentAlready(rooms, target);
  checkVersion(ask, was.version);
  if (was.replacedBy !== undefined) {
    fail('in-use', 'The record was merged into another, and leads there; take the merge back first.');
  }
  return {
    unit: remove(type, was, deletedAt(rooms, was)),
    answer: { ...done(ask), version: was.version + 1 },
    wrote: [versionedReference(type, was._id, was.version + 1)],
    patients: was.patients,
  };
}

/**
 * A deletion that is sent again succeeds again; of what never was there is no version that If-Match could name.
 * @throws Failure `version-conflict`
 */
async function absentAlready(rooms: Rooms, { ask, grant, type }: Target): Promise<Plan> {
  const { ifMatch } = ask.conditions;
  const isGone =
    ask.id !== undefined && (await rooms.store.lastPast(grant, type, ask.id, 'delete')) !== undefined;
  if (ifMatch !== undefined && !isGone) {
    fail('version-conflict', 'There is no resource that could be at the version in If-Match.');
  }
  return { unit: [], answer: done(ask), wrote: [], patients: [] };
}

function done({ prefer }: Ask): Answer {
  if (prefer.return !== 'OperationOutcome') return { status: 204 };
  return { status: 200, body: outcomeText([], 'The resource is deleted.') };
}

const deletedAt = (rooms: Rooms, { lastUpdated }: Stored): Date => {
  const now = rooms.now();
  return now > lastUpdated ? now : lastUpdated;
};
