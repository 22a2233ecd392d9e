/** What a type's search parameters are to its storage: which have an index of their own, which can be sorted by. */
import type { ResourceEntry, SearchParameter } from '../catalog/define.ts';
import { COMMON_SEARCH, parameterOf } from '../catalog/common.ts';
import type { Named } from './asked.ts';
import { elementAt } from './element.ts';
import { leadsIndex } from './reach.ts';

function recordOf(
  { patient, recordOf: others }: ResourceEntry,
  parameter: SearchParameter,
): 'alone' | 'beside' | undefined {
  if (parameter.kind !== 'reference' || !parameter.paths.every((path) => patient.includes(path)))
    return undefined;
  return parameter.paths.length === patient.length && others === undefined ? 'alone' : 'beside';
}

const LASTING = ['Period', 'Timing'];

/** What R4 does not say (an extension) may be anything. */
function mayLast(type: string, path: string): boolean {
  const types = elementAt(type, path)?.types ?? LASTING;
  return types.some((each) => LASTING.includes(each));
}

function name(entry: ResourceEntry, parameterName: string, parameter: SearchParameter): Named {
  const record = recordOf(entry, parameter);
  return {
    name: parameterName,
    parameter,
    hot: leadsIndex(entry, parameterName),
    sortable: entry.sort?.includes(parameterName) ?? false,
    lasting: parameter.kind === 'date' && parameter.paths.some((path) => mayLast(entry.type, path)),
    ...(record !== undefined && { record }),
  };
}

/** The parameter that a type has under a name, of its own or of every type. */
export function namedOf(entry: ResourceEntry, parameterName: string): Named | undefined {
  const parameter = parameterOf(entry, parameterName);
  return parameter && name(entry, parameterName, parameter);
}

const indexed = new WeakMap<ResourceEntry, readonly Named[]>();

/** The parameters whose values are written beside a resource; its id and the time of its change are there anyway. */
export function indexedOf(entry: ResourceEntry): readonly Named[] {
  const known = indexed.get(entry);
  if (known !== undefined) return known;
  const { _id, _lastUpdated, ...common } = COMMON_SEARCH;
  const all = Object.entries({ ...entry.search, ...common }).map(([key, parameter]) =>
    name(entry, key, parameter),
  );
  indexed.set(entry, all);
  return all;
}
