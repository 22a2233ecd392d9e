/** Which given names one person can go by: a formal name and what its bearers are called (nicknames.json). */
import { readFileSync } from 'node:fs';

const TABLE = new URL('nicknames.json', import.meta.url);

const { names } = JSON.parse(readFileSync(TABLE, 'utf8')) as {
  readonly names: Readonly<Record<string, string>>;
};

const shortOf = new Map(Object.entries(names).map(([formal, short]) => [formal, new Set(short.split(' '))]));
const formalOf = new Map<string, Set<string>>();
for (const [formal, shorts] of shortOf)
  for (const short of shorts) formalOf.set(short, (formalOf.get(short) ?? new Set()).add(formal));

const meets = (some: ReadonlySet<string> | undefined, others: ReadonlySet<string> | undefined): boolean =>
  some !== undefined && others !== undefined && !some.isDisjointFrom(others);

/** Whether two folded given names, not the same, can be one person's: Robert and Bob, or Bob and Rob. */
export function areNicknames(one: string, other: string): boolean {
  return (
    shortOf.get(one)?.has(other) === true ||
    shortOf.get(other)?.has(one) === true ||
    meets(formalOf.get(one), formalOf.get(other))
  );
}
