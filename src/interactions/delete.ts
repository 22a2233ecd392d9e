/** delete and conditional delete (https://hl7.org/fhir/R4/http.html#delete, #cdelete). */
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Grant } from '../policy/decide.ts';
import { remove } from '../storage/write.ts';
import { versionedReference } from './answers.ts';
import { soleMatchWhole } from './condition.ts';
import { entryOf, type Handler, type Rooms } from './rooms.ts';
import { checkVersion } from './update.ts';
import { writeThrough, type Plan } from './write-through.ts';

export const remover: Handler = (rooms, ask, grant, entry) =>
  writeThrough(rooms, { ask, grant, entry }, () => planDelete(rooms, ask, grant));

/** Plans a deletion; what is not there or gone already is as wished, and makes no version. */
export async function planDelete(rooms: Rooms, ask: Ask, grant: Grant): Promise<Plan> {
  const { type } = entryOf(rooms.catalog, ask.type);
  const was =
    ask.id === undefined
      ? await soleMatchWhole(rooms, { grant, interaction: 'delete' }, type, ask.query)
      : await rooms.store.readWhole(grant, 'delete', type, ask.id);
  if (was === undefined) return { unit: [], answer: { status: 204 }, wrote: [], patients: [] };
  checkVersion(ask, was.version);
  if (type === 'Patient') await checkUnused(rooms, was._id);
  const at = rooms.now();
  return {
    unit: remove(type, was, at > was.lastUpdated ? at : was.lastUpdated),
    answer: { status: 204, version: was.version + 1 },
    wrote: [versionedReference(type, was._id, was.version + 1)],
    patients: was.patients,
  };
}

/**
 * A patient whose record holds anything stays: its doses would be lost.
 * @throws Failure `in-use`
 */
async function checkUnused(rooms: Rooms, patient: string): Promise<void> {
  const types = [...rooms.catalog.values()].filter(
    ({ type, patient: paths }) => paths.length > 0 && !KEPT_APART.has(type),
  );
  const held = await Promise.all(types.map(({ type }) => rooms.store.holdsRecordOf(type, patient)));
  const first = types[held.indexOf(true)];
  if (first !== undefined) {
    fail(
      'in-use',
      `The patient's record still holds ${first.type} resources; delete or correct those first.`,
    );
  }
}
/** The person itself, and the record of who looked: neither keeps a patient from being deleted. */
const KEPT_APART: ReadonlySet<string> = new Set(['Patient', 'AuditEvent']);
