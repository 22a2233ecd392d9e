/**
 * A query as a search: clauses, order and form of the answer (https://hl7.org/fhir/R4/search.html). Strict unless
 * told otherwise: a criterion left out would find more than was asked for.
 */
import type { Types } from '../catalog/index.ts';
import { parameterOf } from '../catalog/common.ts';
import type { ResourceEntry } from '../catalog/define.ts';
import type { QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { criteriaOf, withJoinedHops, type Reading } from './chain.ts';
import { asksOf, type Clause, type OrderKey } from './clause.ts';
import { controlsOf, isControl, type Controls, type ControlName, type ControlValues } from './controls.ts';
import { refuseCostly } from './cost.ts';
import { anyOfType, both, type Criteria } from './criteria.ts';
import { derivedOf, withDerived } from './derived.ts';
import { includesOf, revincludesOf, type Include } from './include.ts';
import { CHAINS_MAX, COUNT_MAX, INCLUDES_MAX, PARAMETERS_MAX } from './limits.ts';
import { orderOf, parameterOfField } from './sort.ts';
import { refuseUnready } from './unready.ts';
import { withoutSecrets } from './used.ts';

export interface ParseOptions extends Reading {
  /** Lenient leaves out parameters that the server does not know, and says so; never values it cannot read. */
  readonly handling: 'strict' | 'lenient';
  /** Whether only one patient's record is searched. */
  readonly inRecord?: boolean;
}

export interface SearchRequest extends Omit<Controls, 'sort'>, Criteria {
  /** Ends in `_id`: no two documents share a place. */
  readonly order: readonly OrderKey[];
  readonly includes: readonly Include[];
  readonly revincludes: readonly Include[];
  /** What was used, for the links to other pages. */
  readonly asked: readonly QueryPair[];
  /** What was used, for the self link: secrets masked. */
  readonly used: readonly QueryPair[];
  /** Parameters that are worked out when they are asked, and what was asked of each. */
  readonly derived: Readonly<Record<string, boolean>>;
  /** Names of parameters that were left out. */
  readonly ignored: readonly string[];
  /** Whether a secret is a criterion: not even sealed may it stand in a link. */
  readonly isSecret: boolean;
}

const INCLUDES = ['_include', '_include:iterate'];
const REVINCLUDES = ['_revinclude', '_revinclude:iterate'];

const withValue = (query: readonly QueryPair[]): readonly QueryPair[] =>
  query.filter(([, value]) => value !== '');

/** Names are the caller's: only what looks like a parameter is repeated in a message. */
const quoted = (name: string): string =>
  /^[A-Za-z_][\w:.-]{0,63}$/.test(name) ? `"${name}"` : 'the one sent';

const unknown = (type: string, name: string): never =>
  fail(
    'not-understood',
    `${type} has no search parameter ${quoted(name)}; /metadata lists those it has. "Prefer: handling=lenient" leaves unknown ones out.`,
  );

function controlValues(query: readonly QueryPair[]): ControlValues {
  const values: Partial<Record<ControlName, string>> = {};
  for (const [name, value] of query) {
    if (!isControl(name)) continue;
    if (values[name] !== undefined) fail('invalid-value', `"${name}" was given more than once.`);
    values[name] = value;
  }
  return values;
}

function entryOf(catalog: Types, type: string): ResourceEntry {
  return catalog.get(type) ?? fail('unknown-type', `This server has no resource type ${quoted(type)}.`);
}

function allCriteria(
  entry: ResourceEntry,
  query: readonly QueryPair[],
  options: ParseOptions,
): { readonly criteria: Criteria; readonly ignored: readonly string[] } {
  const ignored: string[] = [];
  let criteria = anyOfType(entry.type);
  for (const [code, pairs] of Map.groupBy(query, ([name]) => name)) {
    const asked = criteriaOf(entry, { code, values: pairs.map(([, value]) => value) }, options);
    if (asked !== undefined) criteria = both(criteria, asked);
    else if (options.handling === 'lenient') ignored.push(code);
    else unknown(entry.type, code);
  }
  if (criteria.hops.length > CHAINS_MAX) {
    fail('too-costly', `A search has at most ${CHAINS_MAX} chained criteria.`);
  }
  return { criteria: withJoinedHops(options.catalog, criteria), ignored };
}

/** Keys of `_sort` are parameter names; lenient leaves unknown ones out as well. */
function withKnownSort(entry: ResourceEntry, query: readonly QueryPair[]): readonly QueryPair[] {
  const isKnown = (part: string): boolean => parameterOf(entry, part.replace(/^-/, '')) !== undefined;
  return query.map(([name, value]) => [
    name,
    name === '_sort' ? value.split(',').filter(isKnown).join(',') : value,
  ]);
}

const isInclude = (name: string): boolean => INCLUDES.includes(name) || REVINCLUDES.includes(name);

function allIncludes(
  names: readonly string[],
  query: readonly QueryPair[],
  read: (name: string, value: string) => readonly Include[],
): readonly Include[] {
  const asked = query.filter(([name]) => names.includes(name));
  const includes = asked.flatMap(([name, value]) => read(name, value));
  if (includes.length > INCLUDES_MAX)
    fail('too-costly', `A search includes at most ${INCLUDES_MAX} references.`);
  return includes;
}

/** A count above the limit is the limit. */
const counted = ([name, value]: QueryPair): QueryPair =>
  name === '_count' && Number(value) > COUNT_MAX ? [name, String(COUNT_MAX)] : [name, value];

/** The pairs that have a value, and so few of them that they can all be clauses. */
function pairsOf(
  entry: ResourceEntry,
  query: readonly QueryPair[],
  handling: ParseOptions['handling'],
): readonly QueryPair[] {
  const pairs = withValue(handling === 'strict' ? query : withKnownSort(entry, query));
  if (pairs.length > PARAMETERS_MAX) fail('too-costly', `A search has at most ${PARAMETERS_MAX} parameters.`);
  return pairs;
}

/**
 * What a query asks of a type.
 *
 * @throws Failure `not-understood` (parameter, modifier), `invalid-value`, `too-costly` (no index serves it),
 *   `forbidden` (a secret where it must not be), `unknown-type`
 */
export function parseQuery(type: string, query: readonly QueryPair[], options: ParseOptions): SearchRequest {
  const { catalog, handling } = options;
  const entry = entryOf(catalog, type);
  const pairs = pairsOf(entry, query, handling);
  const derived = derivedOf(entry, pairs);
  const criterial = pairs.filter(
    ([name]) => !isControl(name) && !isInclude(name) && !Object.hasOwn(derived, name),
  );
  const { ignored, ...all } = allCriteria(entry, criterial, options);
  // A record is few resources.
  const criteria = { ...all.criteria, few: all.criteria.few || options.inRecord === true };
  const { sort, ...controls } = controlsOf(controlValues(pairs));
  const order = orderOf(entry, sort);
  for (const { field } of order) refuseUnready(options, type, parameterOfField(field));
  refuseCostly(catalog, withDerived(criteria, derived), order);
  const asked = pairs.filter(([name]) => !ignored.includes(name)).map(counted);
  const isSecret = criteria.clauses.some((clause) => asksOf(clause, 'secretKeys'));
  return {
    ...criteria,
    ...controls,
    // There is no second page.
    count: isSecret && !pairs.some(([name]) => name === '_count') ? COUNT_MAX : controls.count,
    order,
    includes: allIncludes(INCLUDES, pairs, (name, value) => includesOf(catalog, type, name, value)),
    revincludes: allIncludes(REVINCLUDES, pairs, (name, value) => {
      const includes = revincludesOf(catalog, type, name, value);
      for (const { source, parameter } of includes) refuseUnready(options, source, parameter);
      return includes;
    }),
    asked,
    used: asked.map(([name, value]) => withoutSecrets(name, value)),
    derived,
    ignored,
    isSecret,
  };
}

/**
 * The clauses of a conditional interaction (https://hl7.org/fhir/R4/http.html#ccreate): criteria only, all understood,
 * at least one, because a condition that says nothing would match everything.
 *
 * @throws Failure `condition-too-wide`, and what parseQuery throws
 */
export function parseCondition(
  type: string,
  query: readonly QueryPair[],
  options: Omit<ParseOptions, 'handling' | 'inUrl'>,
): readonly Clause[] {
  const control = query.find(([name]) => isControl(name) || isInclude(name));
  if (control !== undefined) fail('not-understood', `A condition takes no ${quoted(control[0])}.`);
  const { clauses, hops, derived } = parseQuery(type, query, { ...options, handling: 'strict', inUrl: true });
  if (Object.keys(derived).length > 0)
    fail('not-understood', 'A condition asks of one resource alone, whatever else its record has.');
  if (hops.length > 0) fail('not-understood', 'A condition takes no chained criteria.');
  if (clauses.length === 0)
    fail('condition-too-wide', 'A condition needs at least one criterion with a value.');
  return clauses;
}
