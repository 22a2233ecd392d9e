/** Which other resources a search brings along (https://hl7.org/fhir/R4/search.html#include). */
import type { Types } from '../catalog/index.ts';
import { parameterOf } from '../catalog/common.ts';
import type { ReferenceParameter, ResourceEntry } from '../catalog/define.ts';
import { fail } from '../core/failure.ts';
import type { Setting } from './asked.ts';
import { NOTHING, type Clause } from './clause.ts';
import { compile, targetOf, type Target } from './kinds/reference.ts';
import { namedOf } from './named.ts';
import { textOf, valuesOf } from './values.ts';

/** One `_include` or `_revinclude`: references of a parameter, followed forward or backward. */
export interface Include {
  /** The type whose resources have the reference. */
  readonly source: string;
  readonly parameter: string;
  /** The only type to follow to, where one was named. */
  readonly target?: string;
  /** Follow it from resources that were included, too. */
  readonly iterate: boolean;
}

/** Every reference of the type. */
const WILDCARD = '*';
const FORM = /^([A-Z][A-Za-z]{1,63}):([A-Za-z_-]{1,64}|\*)(?::([A-Z][A-Za-z]{1,63}))?$/;

/** Which parameter of which type, and what is known of it. */
interface Found extends Include {
  readonly of: ReferenceParameter;
}

const isAdmitted = ({ targets }: ReferenceParameter, target: string | undefined): boolean =>
  target === undefined || targets.length === 0 || targets.includes(target);

function referenceOf(catalog: Types, source: string, parameter: string): ReferenceParameter | undefined {
  const entry = catalog.get(source);
  const found = entry && parameterOf(entry, parameter);
  return found?.kind === 'reference' ? found : undefined;
}

/** The references that a value names: one, or with a wildcard all that lead to where it says. */
function found(catalog: Types, name: string, value: string): readonly Found[] {
  const [all, source = '', parameter = '', target] = FORM.exec(value) ?? [];
  if (all === undefined) {
    return fail('invalid-value', `"${name}" takes Type:parameter or Type:parameter:TargetType.`);
  }
  const names = parameter === WILDCARD ? Object.keys(catalog.get(source)?.search ?? {}) : [parameter];
  const admitted = names.flatMap((each): readonly Found[] => {
    const of = referenceOf(catalog, source, each);
    if (of === undefined || !isAdmitted(of, target)) return [];
    const iterate = name.endsWith(':iterate');
    return [{ source, parameter: each, iterate, of, ...(target !== undefined && { target }) }];
  });
  if (admitted.length === 0) {
    fail('not-understood', `"${name}" names no reference that this server has; /metadata lists them.`);
  }
  return admitted;
}

const asInclude = ({ of: _, ...include }: Found): Include => include;

/**
 * What one `_include` says.
 *
 * @throws Failure `not-understood` where the catalog has no such reference, `invalid-value` where it cannot be read
 */
export function includesOf(catalog: Types, type: string, name: string, value: string): readonly Include[] {
  const includes = found(catalog, name, value);
  if (includes.some(({ iterate, source }) => !iterate && source !== type)) {
    fail(
      'invalid-value',
      `"${name}" names a type that this search does not return; follow included resources with ":iterate".`,
    );
  }
  return includes.map(asInclude);
}

/** What one `_revinclude` says. */
export function revincludesOf(catalog: Types, type: string, name: string, value: string): readonly Include[] {
  const leadsHere = ({ of, target, iterate }: Found): boolean =>
    iterate || (isAdmitted(of, type) && (target ?? type) === type);
  const includes = found(catalog, name, value).filter(leadsHere);
  if (includes.length === 0) fail('not-understood', `"${name}" names no reference that leads to ${type}.`);
  return includes.map(asInclude);
}

/** The resources of this server that an included reference of a resource leads to. */
export function targetsOf(
  entry: ResourceEntry,
  include: Include,
  resource: unknown,
  base: string,
): readonly Target[] {
  const paths = parameterOf(entry, include.parameter)?.paths ?? [];
  return targetsAt(resource, paths, base).filter(({ type }) => (include.target ?? type) === type);
}

/** The resources of this server that the references at the paths lead to. */
export const targetsAt = (resource: unknown, paths: readonly string[], base: string): readonly Target[] =>
  valuesOf(resource, paths)
    .map((value) => targetOf(typeof value === 'string' ? value : (textOf(value, 'reference') ?? '')))
    .filter((target) => target !== undefined)
    .filter(({ server }) => server === '' || server === base);

/** The clause, on the type that has the reference, that finds what refers to the resources. */
export function referrersTo(
  entry: ResourceEntry,
  parameter: string,
  resources: readonly Pick<Target, 'type' | 'id'>[],
  setting: Setting,
): Clause {
  const named = namedOf(entry, parameter);
  if (named?.parameter.kind !== 'reference' || resources.length === 0) return NOTHING;
  const values = resources.map(({ type, id }) => `${type}/${id}`);
  return compile({ ...named, parameter: named.parameter, values, setting });
}
