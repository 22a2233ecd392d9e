/**
 * Which searches are refused because no index serves them: a search is never a scan. What no index serves
 * (`:not`, `:missing`, `ne`, a middle of a text) is asked of the few resources that another criterion leads to.
 */
import type { Types } from '../catalog/index.ts';
import type { ResourceEntry } from '../catalog/define.ts';
import { fail } from '../core/failure.ts';
import type { OrderKey } from './clause.ts';
import type { Criteria, Hop } from './criteria.ts';

/** What leads to few resources of a type, for one who has to add something. */
function leading({ search, sort = [] }: ResourceEntry): string {
  const parameters = Object.entries(search);
  const names = parameters.filter(([, { kind, selective, ...rest }]) => {
    if (selective !== undefined) return selective;
    if (kind === 'token') return 'of' in rest && rest.of === 'Identifier';
    if (kind === 'string') return true;
    return kind === 'reference' && 'targets' in rest && rest.targets.includes('Patient');
  });
  const dates = parameters.filter(([name, { kind }]) => kind === 'date' && sort.includes(name));
  const list = ['_id', ...names.map(([name]) => name), ...dates.map(([name]) => `a month of ${name}`)];
  return list.join(', ');
}

const listed = (names: readonly string[]): string =>
  [...new Set(names)].map((name) => `"${name}"`).join(', ');

/** Whether the criteria lead by an index to their resources. */
function isServed({ few, unserved, hops }: Criteria): boolean {
  const isFew = few || hops.some(isBounded);
  return isFew || (unserved.length === 0 && hops.length === 0);
}

/** Whether one can begin at the other end of each alternative: they then lead to no more than a step may. */
export const isBounded = (alternatives: readonly Hop[]): boolean =>
  alternatives.every(({ others }) => isServed(others));

function refuse(entry: ResourceEntry, criteria: Criteria): never {
  return fail(
    'too-costly',
    `No index of ${entry.type} serves ${listed(criteria.unserved)}. Add a criterion that leads to few of them: ${leading(entry)}.`,
  );
}

/** The criteria on the way that nothing serves: where something has to be added. */
function unservedOf(criteria: Criteria): Criteria {
  const [hop] = criteria.hops.filter((each) => !isBounded(each)).flat();
  return criteria.unserved.length > 0 || hop === undefined ? criteria : unservedOf(hop.others);
}

/** An index walked from one end or the other gives this order. */
function isIndexed(order: readonly OrderKey[]): boolean {
  const [first, second, ...more] = order;
  if (first?.field === '_id') return true;
  return more.length === 0 && second?.field === '_id' && first?.descending === second.descending;
}

function entryOf(catalog: Types, type: string): ResourceEntry {
  return catalog.get(type) ?? fail('unknown-type', 'This server has no such resource type.');
}

/**
 * Refuses what would have to be looked for in all resources of a type.
 *
 * @throws Failure `too-costly`, with what to add
 */
export function refuseCostly(catalog: Types, criteria: Criteria, order: readonly OrderKey[]): void {
  const entry = entryOf(catalog, criteria.type);
  if (!isServed(criteria)) {
    const where = unservedOf(criteria);
    refuse(entryOf(catalog, where.type), where);
  }
  const isFew = criteria.few || criteria.hops.some(isBounded);
  if (isFew || isIndexed(order)) return;
  fail(
    'too-costly',
    `No index gives this order of many resources of ${entry.type}. Sort by one key, or add a criterion that leads to few of them: ${leading(entry)}.`,
  );
}
