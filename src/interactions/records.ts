/**
 * Whose record a resource is part of because of what it is about: a Provenance of a dose names the dose and not its
 * patient. It is settled when the resource is written, so that every later filter is a filter of one document.
 */
import type { Facts } from '../consent/visibility.ts';
import { parseJson } from '../fhir/json.ts';
import { targetsAt } from '../search/include.ts';
import type { Stored } from '../storage/store.ts';
import type { Write } from '../storage/write.ts';
import { leavingOf, type Leaving } from './links.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';

/** The plan with every resource in the records of what it is about, be that stored or written by the same plan. */
export async function placed(rooms: Rooms, plan: Plan): Promise<Plan> {
  if (!plan.unit.some((write) => aboutPaths(rooms, write) !== undefined)) return plan;
  const leaving = leavingOf(rooms, plan.unit);
  const unit = await Promise.all(plan.unit.map((write) => placedWrite(rooms, write, leaving)));
  const patients = unit.flatMap((write) =>
    aboutPaths(rooms, write) === undefined || write.do === 'delete' ? [] : (write.doc as Stored).patients,
  );
  return { ...plan, unit, patients: [...new Set([...plan.patients, ...patients])] };
}

interface Paths {
  /** To what makes it part of a record. */
  readonly record: readonly string[];
  /** To what else it is about. A person is no part of it: the paths to patients have said so. */
  readonly also: readonly string[];
}

/** The paths to what the resources of a collection are about; past versions keep the record they had. */
function aboutPaths({ catalog }: Rooms, write: Write): Paths | undefined {
  if (write.do === 'delete') return undefined;
  const { recordOf, about } = catalog.get(write.in) ?? {};
  return recordOf === undefined && about === undefined
    ? undefined
    : { record: recordOf ?? [], also: about ?? [] };
}

async function placedWrite(rooms: Rooms, write: Write, leaving: Leaving): Promise<Write> {
  const paths = aboutPaths(rooms, write);
  if (paths === undefined || write.do === 'delete') return write;
  const doc = write.doc as Stored;
  const resource = parseJson(doc.json);
  const record = byType(targetsAt(resource, paths.record, rooms.baseUrl));
  const also = byType(targetsAt(resource, paths.also, rooms.baseUrl)).filter(
    ({ type }) => type !== 'Patient',
  );
  const [found, about] = await Promise.all([
    Promise.all(record.map(({ type, ids }) => patientsOfAll(rooms, type, ids, leaving))),
    Promise.all([...record, ...also].map(({ type, ids }) => factsOfAll(rooms, type, ids, leaving))),
  ]);
  const patients = [...new Set([...doc.patients, ...found.flat()])];
  // Who may not see what it is about may not see that there is something about it.
  const facts = about.flat();
  return { ...write, doc: { ...doc, patients, facts: facts.length > 0 ? facts : (doc.facts ?? []) } };
}

interface Some {
  readonly type: string;
  readonly ids: readonly string[];
}

const byType = (targets: readonly { readonly type: string; readonly id: string }[]): readonly Some[] =>
  [...Map.groupBy(targets, ({ type }) => type)].map(([type, some]) => ({
    type,
    ids: some.map(({ id }) => id),
  }));

async function factsOfAll(
  rooms: Rooms,
  type: string,
  ids: readonly string[],
  leaving: Leaving,
): Promise<readonly Facts[]> {
  if (!rooms.catalog.has(type)) return [];
  const written = leaving.get(type);
  const coming = ids.flatMap((id) => written?.get(id)?.facts ?? []);
  const others = ids.filter((id) => written?.get(id) === undefined);
  const stored = others.length === 0 ? [] : [...(await rooms.store.factsOf(type, others)).values()];
  return [...coming, ...stored.flat()];
}

async function patientsOfAll(
  rooms: Rooms,
  type: string,
  ids: readonly string[],
  leaving: Leaving,
): Promise<readonly string[]> {
  if (!rooms.catalog.has(type)) return [];
  const written = leaving.get(type);
  const coming = ids.flatMap((id) => written?.get(id)?.patients ?? []);
  const others = ids.filter((id) => written?.get(id) === undefined);
  const stored = others.length === 0 ? [] : [...(await rooms.store.patientsOf(type, others)).values()];
  return [...coming, ...stored.flat()];
}
