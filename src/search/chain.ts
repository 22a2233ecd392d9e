/**
 * Chained criteria: `patient.name=x` asks of what a reference leads to, `_has:Immunization:patient:date=x` of what
 * refers to the resource (https://hl7.org/fhir/R4/search.html#chaining and #has). Each becomes a hop.
 */
import type { Catalog } from '../catalog/index.ts';
import type { ReferenceParameter, ResourceEntry } from '../catalog/define.ts';
import { parameterOf } from '../catalog/common.ts';
import type { QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { definitions } from '../fhir/definitions.ts';
import type { Setting } from './asked.ts';
import { anyOfType, both, type Criteria, type Hop } from './criteria.ts';
import { criterionOf } from './criterion.ts';
import { CHAIN_MAX } from './limits.ts';
import { reachOf } from './reach.ts';

/** What a criterion is read by. */
export interface Reading extends Setting {
  readonly catalog: Catalog;
}

const HAS = /^_has:([A-Z][A-Za-z]{1,63}):([A-Za-z_-]{1,64}):(.+)$/s;
const CHAINED = /^([A-Za-z_-]{1,64})(?::([A-Z][A-Za-z]{1,63}))?\.(.+)$/s;

/**
 * What one pair of a query asks of a type; undefined where a name in it is not known.
 *
 * @throws Failure as criterionOf does; `too-costly` for a chain of too many references
 */
export function criteriaOf(
  entry: ResourceEntry,
  [code, value]: QueryPair,
  reading: Reading,
  depth = 0,
): Criteria | undefined {
  const hops = hopsOf(entry, [code, value], reading, depth);
  if (hops === 'none') return plain(entry, [code, value], reading);
  return hops && { ...anyOfType(entry.type), hops: [hops] };
}

function plain(entry: ResourceEntry, [code, value]: QueryPair, reading: Reading): Criteria | undefined {
  const clause = criterionOf(entry, code, value, reading);
  if (clause === undefined) return undefined;
  const reach = reachOf(entry, clause);
  return {
    ...anyOfType(entry.type),
    clauses: [clause],
    few: reach === 'few',
    unserved: reach === 'all' ? [code] : [],
  };
}

function hopsOf(
  entry: ResourceEntry,
  [code, value]: QueryPair,
  reading: Reading,
  depth: number,
): readonly Hop[] | 'none' | undefined {
  const has = code.startsWith('_has:') ? (HAS.exec(code) ?? refuseHas()) : undefined;
  const chained = has === undefined ? CHAINED.exec(code) : undefined;
  if (has === undefined && !chained) return 'none';
  if (depth >= CHAIN_MAX) {
    return fail('too-costly', `A criterion follows at most ${CHAIN_MAX} references.`);
  }
  // A chain is resolved in steps, and a secret is a criterion of nothing but the search itself.
  const onward: Onward = { reading: { ...reading, inUrl: true }, depth: depth + 1, value };
  return has ? backward(entry, has, onward) : forward(entry, chained ?? [], onward);
}

interface Onward {
  readonly reading: Reading;
  readonly depth: number;
  readonly value: string;
}

const refuseHas = (): never =>
  fail('not-understood', '"_has" is written _has:Type:reference:parameter, as in _has:Immunization:patient:date.');

const isAdmitted = ({ targets }: ReferenceParameter, type: string): boolean =>
  targets.length === 0 || targets.includes(type);

function backward(
  entry: ResourceEntry,
  [, type = '', parameter = '', rest = '']: readonly string[],
  { reading, depth, value }: Onward,
): readonly Hop[] | undefined {
  const other = reading.catalog.get(type);
  const of = other && parameterOf(other, parameter);
  if (other === undefined || of === undefined) return undefined;
  if (of.kind !== 'reference' || !isAdmitted(of, entry.type)) {
    return fail('not-understood', `${type}:${parameter} is no reference that leads to ${entry.type}.`);
  }
  const others = criteriaOf(other, [rest, value], reading, depth);
  return others && [{ way: 'from', parameter, others }];
}

function forward(
  entry: ResourceEntry,
  [, parameter = '', type, rest = '']: readonly (string | undefined)[],
  onward: Onward,
): readonly Hop[] | undefined {
  const of = parameterOf(entry, parameter);
  if (of === undefined) return undefined;
  if (of.kind !== 'reference' || (type !== undefined && !isAdmitted(of, type))) {
    return fail('not-understood', `"${parameter}" of ${entry.type} is no reference that can be followed so.`);
  }
  const types = type === undefined ? of.targets : [type];
  if (types.length === 0) {
    return fail('not-understood', `"${parameter}" may lead to any type: say to which, ${parameter}:Type.name.`);
  }
  const hops = types.flatMap((each) => hopTo(each, parameter, rest, onward) ?? []);
  return hops.length === 0 ? undefined : hops;
}

function hopTo(
  type: string,
  parameter: string,
  rest: string,
  { reading, depth, value }: Onward,
): Hop | undefined {
  const other = reading.catalog.get(type);
  if (other?.interactions.includes('search-type') !== true) return undefined;
  const others = criteriaOf(other, [rest, value], reading, depth);
  return others && { way: 'to', parameter, others };
}

/** Whether a resource has at most one reference of the parameter. */
function isSingle(entry: ResourceEntry, parameter: string): boolean {
  const paths = parameterOf(entry, parameter)?.paths ?? [];
  const [path = '', ...more] = paths;
  let at = definitions.get(entry.type);
  for (const name of path.split('.')) {
    const row = at?.elements[name];
    if (row === undefined || row.list === true) return false;
    at = definitions.get(row.types[0] ?? '');
  }
  return more.length === 0;
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
export function withJoinedHops(catalog: Catalog, criteria: Criteria): Criteria {
  const entry = catalog.get(criteria.type);
  if (entry === undefined || criteria.hops.length === 0) return criteria;
  const groups = Map.groupBy(criteria.hops, (hops, ) => {
    const [first] = hops;
    const isOne = first?.way === 'to' && isSingle(entry, first.parameter);
    return isOne ? first.parameter : hops;
  });
  const hops = [...groups.values()].map((same) => same.reduce(joined));
  return {
    ...criteria,
    hops: hops.map((each) =>
      each.map((hop) => ({ ...hop, others: withJoinedHops(catalog, hop.others) })),
    ),
  };
}
