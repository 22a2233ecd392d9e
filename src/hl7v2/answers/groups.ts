/**
 * OBX of an answer that belong together: OBX-4 ties them. Real answers reuse one sub-id for several vaccines, or have
 * none: where a code comes a second time, another group begins.
 */
import { loincOf } from '../mapping/read.ts';
import type { Segment } from '../message.ts';

export type Group = ReadonlyMap<string, readonly Segment[]>;

/** Codes that name the vaccine that a group is about; older systems use the last two. */
export const VACCINE_TYPES = ['30956-7', '30979-9', '38890-0'] as const;
/** Reasons may be several. */
const REASON = '30982-3';

/** The groups, in the order in which they begin. */
export function groupsOf(observations: readonly Segment[]): readonly Group[] {
  const all: Map<string, Segment[]>[] = [];
  const open = new Map<string, Map<string, Segment[]>>();
  for (const obx of observations) {
    const [id, loinc] = [obx.value(4), loincOf(obx)];
    let group = open.get(id);
    if (group === undefined || isNext(group, loinc)) {
      group = new Map();
      open.set(id, group);
      all.push(group);
    }
    group.set(loinc, [...(group.get(loinc) ?? []), obx]);
  }
  return all;
}

const isVaccineType = (loinc: string): boolean => VACCINE_TYPES.some((code) => code === loinc);

function isNext(group: Group, loinc: string): boolean {
  if (loinc === REASON) return false;
  return group.has(loinc) || (isVaccineType(loinc) && VACCINE_TYPES.some((code) => group.has(code)));
}

/** The first OBX of a code in a group. */
export const firstOf = (group: Group, ...codes: readonly string[]): Segment | undefined =>
  codes.flatMap((code) => group.get(code) ?? [])[0];
