/** How MongoDB carries out a search of the server: which indexes it reads, and how much. */
import { catalog } from '../../../src/catalog/index.ts';
import type { Clause } from '../../../src/search/clause.ts';
import type { SearchRequest } from '../../../src/search/parse.ts';
import { cursorOf } from '../../../src/storage/find.ts';
import { findByTime } from '../../../src/storage/one-time.ts';
import type { World } from '../../world/world.ts';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function* nodes(value: unknown): Generator<Node> {
  if (!isNode(value)) return;
  if (!Array.isArray(value)) yield value;
  for (const each of Object.values(value)) yield* nodes(each);
}

export interface Plan {
  readonly stages: readonly string[];
  /** The key patterns of the indexes that are read. */
  readonly indexes: readonly string[];
  readonly examined: number;
}

/** Explains a search by running it. */
export async function planOf(
  world: World,
  { type, order, count, clauses }: SearchRequest,
  more: readonly Clause[] = [],
): Promise<Plan> {
  const collection = world.services.connection.collection(type);
  const asked = { where: [...clauses, ...more], order, limit: count + 1 };
  const entry = catalog.get(type);
  const find = entry === undefined ? asked : findByTime(entry, asked);
  const explained = (await cursorOf(collection as never, find).explain('executionStats')) as Node;
  const planner = explained['queryPlanner'] as Node;
  const stats = explained['executionStats'] as Node;
  const found = [...nodes(planner['winningPlan'])].filter((node) => typeof node['stage'] === 'string');
  return {
    stages: found.map((node) => String(node['stage'])),
    indexes: found.flatMap((node) =>
      isNode(node['keyPattern']) ? [Object.keys(node['keyPattern']).join()] : [],
    ),
    examined: Math.max(Number(stats['totalDocsExamined']), Number(stats['totalKeysExamined'])),
  };
}
