/**
 * What of a resource is hidden from a caller. What is hidden is taken out of the text before anything above storage
 * sees it, and is unknown to search: it can be neither searched, sorted, chained nor included by.
 */
import { parseJson, serialize } from '../fhir/json.ts';
import { withoutPaths } from '../fhir/omit.ts';

/** Element paths of one type, as the catalog writes them: sorted, each once. */
export interface Mask {
  /** What is hidden. */
  readonly hides: readonly string[];
  /** What is shown in part only, and therefore cannot be searched by. */
  readonly closes: readonly string[];
}

/** Nothing is hidden. */
export const OPEN: Mask = { hides: [], closes: [] };

const known = new Map<string, Mask>();

/** The mask of some paths. There are as many as the tables of policy have combinations: they are kept and shared. */
export function hiddenOf(paths: readonly string[], closed: readonly string[] = []): Mask {
  if (paths.length === 0 && closed.length === 0) return OPEN;
  const [hides, closes] = [paths, closed].map((each) => [...new Set(each)].sort()) as [string[], string[]];
  const name = `${hides.join(' ')} | ${closes.join(' ')}`;
  const mask = known.get(name) ?? { hides, closes };
  known.set(name, mask);
  return mask;
}

/** A stored text as the mask leaves it; text of which nothing is hidden is not parsed. */
export function masked({ hides }: Pick<Mask, 'hides'>, json: string): string {
  return hides.length === 0 ? json : serialize(withoutPaths(parseJson(json), hides));
}

/** Whether a search parameter that reads these paths would tell of what is hidden. */
export const isHidden = ({ hides, closes }: Mask, paths: readonly string[]): boolean =>
  [...hides, ...closes].some((hidden) => paths.some((path) => overlap(stepsOf(hidden), stepsOf(path))));

/** A dot in a condition is no step. */
const stepsOf = (path: string): readonly string[] => path.match(/(?:\[[^\]]*\]|[^.[])+/g) ?? [];

/** Whether one path leads to, or through, what the other one leads to. */
const overlap = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === 0 || b.length === 0
    ? true
    : a.slice(0, Math.min(a.length, b.length)).every((step, at) => meet(step, b[at] ?? ''));

/** Steps under different conditions on the same element may pick different repetitions. */
function meet(a: string, b: string): boolean {
  const [[nameA, pickA], [nameB, pickB]] = [partsOf(a), partsOf(b)];
  return nameA === nameB && (pickA === '' || pickB === '' || pickA === pickB);
}

function partsOf(step: string): readonly [name: string, pick: string] {
  const at = step.indexOf('[');
  return at < 0 ? [step, ''] : [step.slice(0, at), step.slice(at)];
}
