/** Moving what is part of one person's record into another's: references are rewritten, and what was stays in history. */
import { parseJson } from '../../fhir/json.ts';
import type { Resource } from '@medplum/fhirtypes';
import { textWith } from '../../interactions/forwards.ts';
import { storedForm } from '../../interactions/prepare.ts';
import type { Rooms } from '../../interactions/rooms.ts';
import { isCode } from '../../pending/codes.ts';
import type { Stored } from '../../storage/store.ts';
import { supersede, type Unit } from '../../storage/write.ts';
import { MOVES, moveKey, type Merge, type Move } from './merges.ts';

/** The record of who looked stays with the id that was looked at; what is derived is derived anew. */
const STAYS: ReadonlySet<string> = new Set([
  'Patient',
  'AuditEvent',
  'ImmunizationRecommendation',
  'ImmunizationEvaluation',
]);

/** Types of which a record holds resources that move with it. */
const movingTypes = ({ catalog }: Rooms): readonly string[] =>
  [...catalog.values()]
    .filter(({ type, patient, source }) => patient.length > 0 && source !== 'files' && !STAYS.has(type))
    .map(({ type }) => type);

export interface Part {
  readonly type: string;
  readonly stored: Stored;
}

/** What is part of a record, at most `limit`. */
export async function partsOf(rooms: Rooms, patient: string, limit: number): Promise<readonly Part[]> {
  const found = await Promise.all(
    movingTypes(rooms).map(async (type) =>
      (await rooms.store.partsOf(type, patient, limit)).map((stored): Part => ({ type, stored })),
    ),
  );
  return found.flat().slice(0, limit);
}

/** A resource with one person in place of another. */
export function movedForm(
  rooms: Rooms,
  { type, stored }: Part,
  { from, to }: { readonly from: string; readonly to: string },
): Stored {
  const text = textWith(stored.json, from, to);
  const patients = [...new Set(stored.patients.map((id) => (id === from ? to : id)))];
  // What is never changed, or names a past version, is only found in the other record.
  if (text === stored.json || !isChangeable(rooms, type)) return { ...stored, patients };
  const resource = parseJson(text) as Resource;
  const isOfBoth = stored.patients.includes(from) && stored.patients.includes(to);
  return { ...versionOf(rooms, isOfBoth ? settled(rooms, resource) : resource, stored), patients };
}

/** Whether two records are of one person is no question any more when they are one. */
function settled({ now }: Rooms, resource: Resource): Resource {
  const isAsked = resource.resourceType === 'Task' && isCode(resource.code, 'possible-duplicate');
  if (!isAsked || resource.status !== 'requested') return resource;
  return {
    ...resource,
    status: 'completed',
    lastModified: now().toISOString(),
    output: [{ type: { text: 'result' }, valueString: 'merged' }],
  };
}

const isChangeable = ({ catalog }: Rooms, type: string): boolean =>
  catalog.get(type)?.interactions.includes('update') ?? false;

/** The next version of a stored resource, with this content. */
export function versionOf(rooms: Rooms, resource: Resource, was: Stored): Stored {
  const now = rooms.now();
  const form = storedForm(rooms, resource, {
    id: was._id,
    version: was.version + 1,
    lastUpdated: now > was.lastUpdated ? now : was.lastUpdated,
    kept: was.secrets,
  });
  const { linkedTo, judged } = was;
  return { ...form, ...(linkedTo && { linkedTo }), ...(judged && { judged }) };
}

/** The writes of one resource's next form. */
export const writesOf = (type: string, was: Stored, next: Stored): Unit =>
  next.version === was.version
    ? [{ do: 'replace', in: type, match: { _id: was._id, version: was.version }, doc: next }]
    : supersede(type, was, next);

/** Moves some resources, and remembers that they moved. */
export function moveAll(rooms: Rooms, merge: Merge, parts: readonly Part[]): Unit {
  const key = moveKey(merge);
  return parts.flatMap((part) => {
    const { type, stored } = part;
    const next = movedForm(rooms, part, { from: merge._id, to: merge.target });
    const move: Move = {
      _id: `${key} ${type}/${stored._id}`,
      merge: key,
      type,
      id: stored._id,
      was: stored.version,
      wrote: next.version,
    };
    return [...writesOf(type, stored, next), { do: 'insert' as const, in: MOVES, doc: move }];
  });
}
