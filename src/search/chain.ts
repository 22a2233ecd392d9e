/**
 * Chained criteria: `patient.name=x` asks of what a reference leads to, `_has:Immunization:patient:date=x` of what
 * refers to the resource (https://hl7.org/fhir/R4/search.html#chaining and #has). Each becomes a hop.
 */
import type { Types } from '../catalog/index.ts';
import type { ReferenceParameter, ResourceEntry } from '../catalog/define.ts';
import { parameterOf } from '../catalog/common.ts';
import { fail } from '../core/failure.ts';
import type { Setting } from './asked.ts';
import { anyOfType, both, type Criteria, type Hop } from './criteria.ts';
import { criterionOf } from './criterion.ts';
import { elementAt } from './element.ts';
import { CHAIN_MAX } from './limits.ts';
import { reachOf } from './reach.ts';
import { refuseUnready } from './unready.ts';

/** What a criterion is read by. */
export interface Reading extends Setting {
  readonly catalog: Types;
}

const HAS = /^_has:(?<type>[A-Z][A-Za-z]{1,63}):(?<parameter>[A-Za-z_-]{1,64}):(?<rest>.+)$/s;
const CHAINED = /^(?<parameter>[A-Za-z_-]{1,64})(?::(?<type>[A-Z][A-Za-z]{1,63}))?\.(?<rest>.+)$/s;

/** A parameter of a query with everything that was given for it: all must hold. */
export interface Given {
  readonly code: string;
  readonly values: readonly string[];
}

/**
 * What a parameter of a query asks of a type; undefined where a name in it is not known.
 *
 * @throws Failure as criterionOf does; `too-costly` for a chain of too many references
 */
export function criteriaOf(
  entry: ResourceEntry,
  given: Given,
  reading: Reading,
  depth = 0,
): Criteria | undefined {
  const step = stepOf(given.code);
  if (step === undefined) return plain(entry, given, reading);
  if (depth >= CHAIN_MAX) {
    return fail('too-costly', `A criterion follows at most ${CHAIN_MAX} references.`);
  }
  // A chain is resolved in steps, and a secret is a criterion of nothing but the search itself.
  const onward = { reading: { ...reading, inUrl: true }, depth: depth + 1 };
  const isOne = step.way === 'to' && isSingle(entry, step.parameter);
  const all = (isOne ? [given.values] : given.values.map((value) => [value])).map((values) =>
    step.way === 'to'
      ? forward(entry, step, { ...onward, values })
      : backward(entry, step, { ...onward, values }),
  );
  const hops = all.filter((each) => each !== undefined);
  return hops.length < all.length ? undefined : { ...anyOfType(entry.type), hops };
}

function plain(entry: ResourceEntry, { code, values }: Given, reading: Reading): Criteria | undefined {
  const clauses = criterionOf(entry, code, values, reading);
  if (clauses === undefined) return undefined;
  const reaches = clauses.map((clause) => reachOf(entry, clause));
  return {
    ...anyOfType(entry.type),
    clauses,
    few: reaches.includes('few'),
    unserved: reaches.includes('all') ? [code] : [],
  };
}

/** One reference of a chain as it is written, and the criterion behind it. */
interface Step {
  readonly way: Hop['way'];
  readonly parameter: string;
  readonly type?: string;
  readonly rest: string;
}

function stepOf(code: string): Step | undefined {
  const isBack = code.startsWith('_has:');
  const found = (isBack ? HAS : CHAINED).exec(code)?.groups;
  if (found === undefined) return isBack ? refuseHas() : undefined;
  const { parameter = '', type, rest = '' } = found;
  return { way: isBack ? 'from' : 'to', parameter, rest, ...(type !== undefined && { type }) };
}

interface Onward {
  readonly reading: Reading;
  readonly depth: number;
  readonly values: readonly string[];
}

const refuseHas = (): never =>
  fail(
    'not-understood',
    '"_has" is written _has:Type:reference:parameter, as in _has:Immunization:patient:date.',
  );

const isAdmitted = ({ targets }: ReferenceParameter, type: string): boolean =>
  targets.length === 0 || targets.includes(type);

function backward(
  entry: ResourceEntry,
  { type = '', parameter, rest }: Step,
  { reading, depth, values }: Onward,
): readonly Hop[] | undefined {
  const other = reading.catalog.get(type);
  const of = other && parameterOf(other, parameter);
  if (other === undefined || of === undefined) return undefined;
  if (of.kind !== 'reference' || !isAdmitted(of, entry.type)) {
    return fail('not-understood', `${type}:${parameter} is no reference that leads to ${entry.type}.`);
  }
  refuseUnready(reading, type, parameter);
  const others = criteriaOf(other, { code: rest, values }, reading, depth);
  return others && [{ way: 'from', parameter, others }];
}

function forward(
  entry: ResourceEntry,
  { parameter, type, rest }: Step,
  onward: Onward,
): readonly Hop[] | undefined {
  const of = parameterOf(entry, parameter);
  if (of === undefined) return undefined;
  if (of.kind !== 'reference' || (type !== undefined && !isAdmitted(of, type))) {
    return fail('not-understood', `"${parameter}" of ${entry.type} is no reference that can be followed so.`);
  }
  refuseUnready(onward.reading, entry.type, parameter);
  const types = type === undefined ? of.targets : [type];
  if (types.length === 0) {
    return fail(
      'not-understood',
      `"${parameter}" may lead to any type: say to which, ${parameter}:Type.name.`,
    );
  }
  const hops = types.flatMap((each) => hopTo(each, parameter, rest, onward) ?? []);
  return hops.length === 0 ? undefined : hops;
}

function hopTo(
  type: string,
  parameter: string,
  rest: string,
  { reading, depth, values }: Onward,
): Hop | undefined {
  const other = reading.catalog.get(type);
  if (other?.interactions.includes('search-type') !== true) return undefined;
  const others = criteriaOf(other, { code: rest, values }, reading, depth);
  return others && { way: 'to', parameter, others };
}

/** Whether a resource has at most one reference of the parameter. */
function isSingle(entry: ResourceEntry, parameter: string): boolean {
  const [path = '', ...more] = parameterOf(entry, parameter)?.paths ?? [];
  return more.length === 0 && elementAt(entry.type, path)?.repeats === false;
}

/** Both must hold of one and the same resource: alternatives of the same type together. */
function joined(a: readonly Hop[], b: readonly Hop[]): readonly Hop[] {
  return a.flatMap((one) => {
    const other = b.find(({ others }) => others.type === one.others.type);
    return other === undefined ? [] : [{ ...one, others: both(one.others, other.others) }];
  });
}

/**
 * The criteria with chains along one reference made one hop: `patient.family=a&patient.birthdate=b` asks of one
 * patient, and few people have both.
 */
export function withJoinedHops(catalog: Types, criteria: Criteria): Criteria {
  const entry = catalog.get(criteria.type);
  if (entry === undefined || criteria.hops.length === 0) return criteria;
  const groups = Map.groupBy(criteria.hops, (hops) => {
    const [first] = hops;
    const isOne = first?.way === 'to' && isSingle(entry, first.parameter);
    return isOne ? first.parameter : hops;
  });
  const hops = [...groups.values()].map((same) => same.reduce(joined));
  return {
    ...criteria,
    hops: hops.map((each) => each.map((hop) => ({ ...hop, others: withJoinedHops(catalog, hop.others) }))),
  };
}
