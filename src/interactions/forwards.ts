/**
 * The old ids of merged people: whoever comes by one is led to the survivor, and sees there what it may see there
 * (docs/matching.md, "Merging"). Looked for only where nothing, or a record that is no longer in use, was found.
 */
import type { Resource } from '@medplum/fhirtypes';
import type { Ask } from '../core/context.ts';
import { parseJson } from '../fhir/json.ts';
import type { Note, Store } from '../storage/store.ts';
import type { Unit } from '../storage/write.ts';

export const FORWARDS = 'forwards';

/** The id of a merged person, and of the one that took its place. */
export interface Forward extends Note {
  readonly to: string;
  /** How often the standing had been touched before the record was gathered: a write that came since is not moved yet. */
  readonly touched?: number;
}

/** What merges a record away, where the unit does. */
export const mergingIn = (unit: Unit, id: string): Forward | undefined =>
  unit.flatMap((write) =>
    write.in === FORWARDS && write.do === 'insert' && write.doc._id === id ? [write.doc as Forward] : [],
  )[0];

/** What the standing of a record that is merged away must still have: nothing was written to it since it was gathered. */
export function touchedBefore(unit: Unit, id: string): { readonly touched?: number } {
  const touched = mergingIn(unit, id)?.touched;
  return touched === undefined ? {} : { touched };
}

/** People are not merged so often one into the other. */
const MOST_STEPS = 16;

/** The id under which a merged person is found now; undefined for an id that was never merged away. */
export async function survivorOf(store: Pick<Store, 'note'>, id: string): Promise<string | undefined> {
  let at: string | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const next = (await store.note(FORWARDS, at ?? id)) as Forward | undefined;
    if (next === undefined) return at;
    at = next.to;
  }
  return at;
}

/** What a write refers to is the record of a person who was merged into another. */
export class Moved extends Error {
  readonly from: string;
  readonly to: string;
  constructor(from: string, to: string) {
    super('a reference to a merged person');
    this.from = from;
    this.to = to;
  }
}

/** The ask with one person in place of another: in its path, its query and its body. */
export function forwarded(ask: Ask, { from, to }: Pick<Moved, 'from' | 'to'>): Ask {
  const { body, compartment, query, type, id } = ask;
  return {
    ...ask,
    ...(type === 'Patient' && id === from && { id: to }),
    ...(compartment?.id === from && { compartment: { ...compartment, id: to } }),
    query: query.map(([name, value]) => [name, valueWith(value, from, to)]),
    ...(body?.kind === 'resource' && {
      body: { kind: 'resource', resource: ownId(resourceWith(body.resource, from, to), from, to) },
    }),
  };
}

/** Values are lists; an id stands alone, after its type, or at the end of an absolute URL. */
const valueWith = (value: string, from: string, to: string): string =>
  value
    .split(',')
    .map((each) =>
      each === from ? to : each.endsWith(`Patient/${from}`) ? `${each.slice(0, -from.length)}${to}` : each,
    )
    .join(',');

/** A reference with a version names what was there before, and stays. */
export const textWith = (json: string, from: string, to: string): string =>
  json.replaceAll(`Patient/${from}"`, `Patient/${to}"`);

const resourceWith = (resource: Resource, from: string, to: string): Resource =>
  parseJson(textWith(JSON.stringify(resource), from, to)) as Resource;

/** What is sent to the old id of a person says it too. */
const ownId = (resource: Resource, from: string, to: string): Resource =>
  resource.resourceType === 'Patient' && resource.id === from ? { ...resource, id: to } : resource;
