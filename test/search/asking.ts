/** What a test of searching needs of the world: a server's base, a day, and documents with their keys. */
import { catalog } from '../../src/catalog/index.ts';
import type { QueryPair } from '../../src/core/context.ts';
import { Failure, type FailureKind } from '../../src/core/failure.ts';
import { holds } from '../../src/search/holds.ts';
import { keysOf } from '../../src/search/index-of.ts';
import type { Keyed } from '../../src/search/keys.ts';
import { parseQuery, type ParseOptions, type SearchRequest } from '../../src/search/parse.ts';

export const BASE = 'https://iis.example.org/fhir';

export const OPTIONS: ParseOptions = {
  catalog,
  handling: 'strict',
  inUrl: true,
  base: BASE,
  now: new Date('2024-06-01T12:00:00Z'),
  blind: (system, value) => [`blind ${system} ${value}`],
};

interface Resource {
  readonly resourceType: string;
  readonly id?: string;
}

/** A resource as it would be stored. */
export function keyed(
  resource: Resource & Record<string, unknown>,
  lastUpdated = new Date('2024-01-01'),
): Keyed {
  const entry = catalog.get(resource.resourceType);
  if (entry === undefined) throw new Error(`No such type: ${resource.resourceType}`);
  return { _id: resource.id ?? 'it', lastUpdated, ...keysOf(entry, resource) };
}

/** `name=value&name=value`, decoded as a door does it; `+` stays, because tests write what is meant. */
export const query = (text: string): readonly QueryPair[] =>
  text.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });

export const ask = (type: string, text: string, options: Partial<ParseOptions> = {}): SearchRequest =>
  parseQuery(type, query(text), { ...OPTIONS, ...options });

/** Whether a search of a record finds the resource: there no index is needed. */
export function finds(text: string, resource: Resource & Record<string, unknown>): boolean {
  const { clauses } = ask(resource.resourceType, text, { inRecord: true });
  return holds({ op: 'and', of: clauses }, keyed(resource));
}

/** The kind of Failure that something throws. */
export function refusalOf(act: () => unknown): FailureKind | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error.kind;
    throw error;
  }
  return undefined;
}
