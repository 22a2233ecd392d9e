/**
 * Which interaction a method and a path mean, on the wire and in the entries of a Bundle alike
 * (https://hl7.org/fhir/R4/http.html#summary).
 */
import type { ResourceEntry } from '../catalog/define.ts';
import type { Catalog } from '../catalog/index.ts';
import { operationsOf, SYSTEM_OPERATIONS, type Operation } from '../catalog/operations.ts';
import type { Interaction } from '../core/context.ts';
import { Failure, fail } from '../core/failure.ts';
import { isId } from '../core/id.ts';

/** What a path names. */
export interface Target {
  readonly interaction: Interaction;
  readonly type?: string;
  readonly id?: string;
  readonly version?: string;
  readonly operation?: string;
  readonly compartment?: { readonly type: string; readonly id: string };
}

/** `T` a type, `I` an id, `V` a version id, `C` a compartment's id and `*` its type; `$` an operation; else the word itself. */
const ROUTES: readonly (readonly [method: string, path: string, interaction: Interaction])[] = [
  ['GET', 'metadata', 'capabilities'],
  ['POST', '', 'transaction'],
  ['GET', '_history', 'history-system'],
  ['GET', '$', 'operation'],
  ['POST', '$', 'operation'],
  ['GET', 'T', 'search-type'],
  ['POST', 'T/_search', 'search-type'],
  ['POST', 'T', 'create'],
  ['PUT', 'T', 'update'],
  ['PATCH', 'T', 'patch'],
  ['DELETE', 'T', 'delete'],
  ['GET', 'T/_history', 'history-type'],
  ['GET', 'T/$', 'operation'],
  ['POST', 'T/$', 'operation'],
  ['GET', 'T/I', 'read'],
  ['PUT', 'T/I', 'update'],
  ['PATCH', 'T/I', 'patch'],
  ['DELETE', 'T/I', 'delete'],
  ['GET', 'T/I/_history', 'history-instance'],
  ['GET', 'T/I/_history/V', 'vread'],
  ['GET', 'T/I/$', 'operation'],
  ['POST', 'T/I/$', 'operation'],
  ['GET', 'C/I/T', 'search-type'],
  ['POST', 'C/I/T/_search', 'search-type'],
];

/** The only compartment that this server searches in. */
const COMPARTMENT = 'Patient';

/**
 * Finds the interaction.
 * @param path below the base, without a slash at either end and without its query
 * @throws Failure `unknown-type`, `unknown-operation`, `invalid-value` (an id that cannot be one) or `not-allowed`
 */
export function route(catalog: Catalog, method: string, path: string): Target {
  const segments = path.split('/').map(decoded);
  const asked = method === 'HEAD' ? 'GET' : method;
  const there = ROUTES.filter(([, shape]) => fits(catalog, shape, segments)).map(
    ([verb, shape, interaction]): Way => ({ verb, shape, target: targetOf(interaction, shape, segments) }),
  );
  if (there.length === 0) return unknown(catalog, segments);
  const offered = there.filter((way) => isOffered(catalog, way));
  const found = offered.find(({ verb }) => verb === asked);
  if (found !== undefined) return found.target;
  if (offered.length === 0 && there[0]?.target.operation !== undefined) return noSuchOperation();
  return notAllowed(offered.map(({ verb }) => verb));
}

/** What a method means at the path. */
interface Way {
  readonly verb: string;
  readonly shape: string;
  readonly target: Target;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return fail('invalid-value', 'The path has a percent sign that encodes nothing.');
  }
}

function fits(catalog: Catalog, shape: string, segments: readonly string[]): boolean {
  const parts = shape.split('/');
  return (
    parts.length === segments.length &&
    parts.every((part, at) => FITS[part]?.(segments[at] ?? '', catalog) ?? part === segments[at])
  );
}

const FITS: Readonly<Record<string, (segment: string, catalog: Catalog) => boolean>> = {
  T: (segment, catalog) => catalog.has(segment),
  C: (segment) => segment === COMPARTMENT,
  I: isId,
  V: isId,
  $: (segment) => /^\$[\w-]{1,64}$/.test(segment),
};

function targetOf(interaction: Interaction, shape: string, segments: readonly string[]): Target {
  const at = (part: string): string | undefined => {
    const place = shape.split('/').indexOf(part);
    return place < 0 ? undefined : segments[place];
  };
  const operation = at('$')?.slice(1);
  const [type, id, version] = [at('T'), at('I'), at('V')];
  return {
    interaction,
    ...(type !== undefined && { type }),
    ...(version !== undefined && { version }),
    ...(operation !== undefined && { operation }),
    ...(id !== undefined && (shape.startsWith('C') ? { compartment: { type: COMPARTMENT, id } } : { id })),
  };
}

/** The catalog says what each type and each operation offers. */
function isOffered(catalog: Catalog, { verb, shape, target }: Way): boolean {
  const entry = target.type === undefined ? undefined : catalog.get(target.type);
  if (target.operation !== undefined) return isOperation(entry, target.operation, { verb, shape });
  return entry === undefined || entry.interactions.includes(target.interaction);
}

const LEVELS: Readonly<Record<string, Operation['levels'][number]>> = {
  $: 'system',
  'T/$': 'type',
  'T/I/$': 'instance',
};

/** What changes something is not asked by GET (https://hl7.org/fhir/R4/operations.html#executing). */
function isOperation(
  entry: ResourceEntry | undefined,
  name: string,
  { verb, shape }: Pick<Way, 'verb' | 'shape'>,
): boolean {
  const level = LEVELS[shape];
  const here = entry === undefined ? SYSTEM_OPERATIONS : operationsOf(entry);
  const found = here.find((each) => each.name === name && level !== undefined && each.levels.includes(level));
  return found !== undefined && (verb === 'POST' || !found.changes);
}

/** A 405 says what is allowed instead (RFC 9110, 15.5.6). */
export class NotAllowed extends Failure {
  readonly allow: string;
  constructor(
    verbs: readonly string[],
    message = 'This method is not offered here; the Allow header says which are.',
  ) {
    super({ kind: 'not-allowed', message });
    this.allow = [...new Set(verbs.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb])))].join(
      ', ',
    );
  }
}

function notAllowed(verbs: readonly string[]): never {
  throw new NotAllowed(verbs);
}

const noSuchOperation = (): never =>
  fail(
    'unknown-operation',
    'This server has no such operation here; GET [base]/metadata lists those it has.',
  );

function unknown(catalog: Catalog, segments: readonly string[]): never {
  const [type = '', id = ''] = segments;
  if (segments.at(-1)?.startsWith('$')) return noSuchOperation();
  if (catalog.has(type) && segments.length > 1 && !isId(id)) {
    fail('invalid-value', 'A resource id has 1 to 64 letters, digits, hyphens and dots.');
  }
  if (!catalog.has(type))
    fail('unknown-type', 'This server has no such resource type; GET [base]/metadata lists those it has.');
  return fail('unknown-operation', 'There is nothing at this path.');
}
