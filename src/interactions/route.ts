/**
 * Which interaction a method and a path mean, on the wire and in the entries of a Bundle alike
 * (https://hl7.org/fhir/R4/http.html#summary).
 */
import type { Catalog } from '../catalog/index.ts';
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
  const shapes = ROUTES.filter(([, shape]) => fits(catalog, shape, segments));
  const found = shapes.find(([verb]) => verb === asked);
  if (found !== undefined) return offered(catalog, targetOf(found[2], found[1], segments));
  if (shapes.length > 0) return notAllowed(shapes.map(([verb]) => verb));
  return unknown(catalog, segments);
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

/** The catalog says what each type offers. */
function offered(catalog: Catalog, target: Target): Target {
  const entry = target.type === undefined ? undefined : catalog.get(target.type);
  if (entry === undefined || target.interaction === 'operation') return target;
  if (entry.interactions.includes(target.interaction)) return target;
  const verbs = ROUTES.filter(([, , interaction]) => entry.interactions.includes(interaction)).map(
    ([verb]) => verb,
  );
  return notAllowed(verbs);
}

/** A 405 says what is allowed instead (RFC 9110, 15.5.6). */
export class NotAllowed extends Failure {
  readonly allow: string;
  constructor(verbs: readonly string[]) {
    super({
      kind: 'not-allowed',
      message: 'This method is not offered here; the Allow header says which are.',
    });
    this.allow = [...new Set(verbs.flatMap((verb) => (verb === 'GET' ? ['GET', 'HEAD'] : [verb])))].join(
      ', ',
    );
  }
}

function notAllowed(verbs: readonly string[]): never {
  throw new NotAllowed(verbs);
}

function unknown(catalog: Catalog, segments: readonly string[]): never {
  const [type = '', id = ''] = segments;
  if (segments.at(-1)?.startsWith('$'))
    fail('unknown-operation', 'This server has no such operation; GET [base]/metadata lists those it has.');
  if (catalog.has(type) && segments.length > 1 && !isId(id)) {
    fail('invalid-value', 'A resource id has 1 to 64 letters, digits, hyphens and dots.');
  }
  if (!catalog.has(type))
    fail('unknown-type', 'This server has no such resource type; GET [base]/metadata lists those it has.');
  return fail('unknown-operation', 'There is nothing at this path.');
}
