/** Taking one change back where others came after it: what the change brought goes, what came later stays. */

type Node = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

function listWithout(
  before: readonly unknown[],
  after: readonly unknown[],
  now: readonly unknown[],
): unknown[] {
  const [old, brought] = [new Set(before.map(textOf)), new Set(after.map(textOf))];
  const kept = now.filter((each) => old.has(textOf(each)) || !brought.has(textOf(each)));
  const there = new Set(now.map(textOf));
  // What the change took away comes back, unless it has come back by itself.
  const lost = before.filter((each) => !brought.has(textOf(each)) && !there.has(textOf(each)));
  return [...lost, ...kept];
}

function partWithout(before: unknown, after: unknown, now: unknown): unknown {
  if (textOf(after) === textOf(now)) return before;
  if (textOf(before) === textOf(after)) return now;
  const [one, two, three] = [before, after, now].map(listOf);
  if (one === undefined || two === undefined || three === undefined) return now;
  const left = listWithout(one, two, three);
  return left.length === 0 ? undefined : left;
}

/** What is not there is an empty list; undefined for what is no list. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}

/**
 * What a resource is now without what a change from `before` to `after` did: exactly `before` where nothing came after.
 */
export function without<R extends object>(before: R, after: R, now: R): R {
  const [a, b, c] = [before, after, now] as unknown as readonly [Node, Node, Node];
  // The order of the elements is that of before: what is the same comes out the same.
  const names = new Set([...Object.keys(a), ...Object.keys(c)]);
  const parts = [...names].map((name) => [name, partWithout(a[name], b[name], c[name])] as const);
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined)) as R;
}
