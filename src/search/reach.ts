/**
 * How much of a collection a clause makes the database look at: few resources, many, or all, where no index
 * serves it. What is indexed is what storage makes indexes of; a test holds the two together.
 */
import type { ResourceEntry, SearchParameter } from '../catalog/define.ts';
import { parameterOf } from '../catalog/common.ts';
import type { Clause, Scalar } from './clause.ts';
import { SHORT_STRETCH_MS, TELLING_LETTERS } from './limits.ts';
import { BESIDE } from './usual.ts';

/**
 * `many`: an index leads there, but the value may be shared by much of a population; or much of a population has it, so
 * that an order is walked without passing many others.
 */
export type Reach = 'few' | 'many' | 'all';
type Of<Op extends Clause['op']> = Extract<Clause, { op: Op }>;

const ORDER: readonly Reach[] = ['few', 'many', 'all'];
const least = (reaches: readonly Reach[]): Reach => ORDER.find((each) => reaches.includes(each)) ?? 'all';
const greatest = (reaches: readonly Reach[]): Reach =>
  ORDER.toReversed().find((each) => reaches.includes(each)) ?? 'few';

const NAMES_FEW = ['_id', 'patients', 'secretKeys'];

/** What identifies, by kind of value; codes and flags are shared. */
const SELECTIVE_TOKENS = new Set(['Identifier', 'ContactPoint', 'id']);
/** A reference to one of these is one of a few; organisations, places and staff have thousands. */
const SELECTIVE_TARGET =
  /(?:^|\/)(?:Patient|RelatedPerson|Immunization\w*|Consent|Task|Provenance|Binary)\/[^/]+$/;

function isSelective(parameter: SearchParameter | undefined, value: string): boolean {
  if (parameter?.selective !== undefined) return parameter.selective;
  switch (parameter?.kind) {
    case 'token':
      return SELECTIVE_TOKENS.has(parameter.of);
    case 'reference':
      return SELECTIVE_TARGET.test(value);
    case 'string':
      return value.length >= TELLING_LETTERS;
    default:
      return false;
  }
}

/** Of a key, the parameter and what is asked of it: `name=value`, `name:modifier=value`. */
const KEY = /^([^=:]*)(?::([^=]*))?=(.*)$/s;
/** Keys that lead.ts makes: hardly a date is long, and two months are short. */
const LEADING = ['long', 'month'];
const LONG_FIELD = /^sort\..*:long$/;
const SHORT_MONTHS = 2;

function reachOfKey(entry: ResourceEntry, key: string): Reach {
  const [, name = '', modifier = '', value = ''] = KEY.exec(key) ?? [];
  if (value === '') return 'all';
  if (LEADING.includes(modifier)) return 'few';
  return isSelective(parameterOf(entry, name), value) ? 'few' : 'many';
}

/** Whether an index begins with the texts of a parameter. */
export const leadsIndex = ({ hot = [] }: ResourceEntry, name: string): boolean =>
  hot.some(([first]) => first === name);

function reachOfText(entry: ResourceEntry, field: string, text: string): Reach {
  const name = field.slice('index.'.length);
  if (!field.startsWith('index.') || !leadsIndex(entry, name)) return 'all';
  return isSelective(parameterOf(entry, name), text) ? 'few' : 'many';
}

function reachOfKeys(entry: ResourceEntry, field: string, keys: readonly string[]): Reach {
  if (field === BESIDE) return 'many';
  if (NAMES_FEW.includes(field) || LONG_FIELD.test(field)) return 'few';
  if (keys.filter((key) => key.includes(':month=')).length > SHORT_MONTHS) return 'many';
  return greatest(
    keys.map((key) => (field === 'tokens' ? reachOfKey(entry, key) : reachOfText(entry, field, key))),
  );
}

const isSorted = ({ sort = [] }: ResourceEntry, field: string): boolean =>
  field === '_id' || field === 'lastUpdated' || sort.some((name) => field === `sort.${name}`);

const distance = (from: Scalar | undefined, to: Scalar | undefined): number =>
  from === undefined || to === undefined ? Infinity : Number(to) - Number(from);

function reachOfRange(entry: ResourceEntry, { field, within }: Of<'range'>): Reach {
  if (!isSorted(entry, field)) return 'all';
  const { gt, gte = gt, lt, lte = lt } = within;
  return distance(gte, lte) <= SHORT_STRETCH_MS ? 'few' : 'many';
}

/** How much of the type's resources the clause makes the database look at. */
export function reachOf(entry: ResourceEntry, clause: Clause): Reach {
  switch (clause.op) {
    case 'none':
      return 'few';
    case 'in':
      return reachOfKeys(entry, clause.field, clause.keys);
    case 'prefix':
      return reachOfKeys(entry, clause.field, clause.prefixes);
    case 'range':
      return reachOfRange(entry, clause);
    case 'and':
      return least(clause.of.map((each) => reachOf(entry, each)));
    case 'or':
      return greatest(clause.of.map((each) => reachOf(entry, each)));
    default:
      return 'all';
  }
}
