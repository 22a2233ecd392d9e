/**
 * From the path of a FHIRPath Patch to the places it selects (https://hl7.org/fhir/R4/fhirpatch.html): a path
 * goes down element by element and may choose among them, but never computes a value or leaves the resource.
 */
import * as fhirpath from '@medplum/core';
import { fail } from '../../core/failure.ts';
import { judgeOf, type Effort } from './criteria.ts';
import { childrenOf, own, partsAt, typeAt, valueAt, type Location } from './location.ts';

const MAX_LENGTH = 1000;
const ROOTS: ReadonlySet<string> = new Set([
  '$this',
  '%resource',
  '%rootResource',
  '%context',
  'Resource',
  'DomainResource',
]);
/** Proves that the parser, which stops silently where it cannot go on, has read the whole path. */
const END = 'pathEndsHere';

export interface Walk {
  /** The resource patched, from which every path starts. */
  readonly root: Location;
  readonly effort: Effort;
}
type Places = readonly Location[];
type Choose = (from: Places, args: readonly fhirpath.Atom[], walk: Walk) => Places;

function parsePath(path: string): fhirpath.Atom {
  if (path.length > MAX_LENGTH) fail('invalid', `A path has at most ${MAX_LENGTH} characters.`);
  const whole = parse(`(${path}).${END}`);
  const isWhole =
    whole instanceof fhirpath.DotAtom &&
    whole.right instanceof fhirpath.SymbolAtom &&
    whole.right.name === END;
  return isWhole ? whole.left : notReadable();
}

function parse(text: string): fhirpath.Atom {
  try {
    return fhirpath.parseFhirPath(text).child;
  } catch {
    return notReadable();
  }
}

function notReadable(): never {
  return fail('invalid', 'The path is not a FHIRPath expression that can be read.');
}

function notAllowed(): never {
  return fail(
    'invalid',
    `The path may have element names, [place] and ${Object.keys(CHOICES).join('(), ')}(); nothing else.`,
  );
}

function onlyArgument(args: readonly fhirpath.Atom[]): fhirpath.Atom {
  const [only, ...more] = args;
  return only === undefined || more.length > 0 ? notAllowed() : only;
}

function literal(atom: fhirpath.Atom): unknown {
  return atom instanceof fhirpath.LiteralAtom ? (atom.value.value as unknown) : notAllowed();
}

/** `Quantity`, or `FHIR.Quantity`. */
function typeName(atom: fhirpath.Atom): string {
  const last = atom instanceof fhirpath.DotAtom ? atom.right : atom;
  return last instanceof fhirpath.SymbolAtom ? last.name : notAllowed();
}

const ofType: Choose = (from, args) => {
  const type = typeName(onlyArgument(args));
  return from.filter((location) => typeAt(location) === type);
};

const where: Choose = (from, args, walk) => {
  const criteria = onlyArgument(args);
  const judge = judgeOf(criteria, walk.effort);
  return from.filter((location) => judge(valueAt(location) ?? null));
};

const extension: Choose = (from, args) => {
  const url = literal(onlyArgument(args));
  const all = from.flatMap((location) => childrenOf(location, 'extension'));
  return all.filter((location) => own(partsAt(location) ?? {}, 'url') === url);
};

const CHOICES: Readonly<Record<string, Choose>> = {
  where,
  first: (from) => from.slice(0, 1),
  last: (from) => from.slice(-1),
  ofType,
  as: ofType,
  extension,
};

function byName(name: string, from: Places, walk: Walk): Places {
  const isStart = from[0] === walk.root && (ROOTS.has(name) || name === walk.root.type);
  if (isStart) return from;
  return from.flatMap((location) => childrenOf(location, name));
}

function byPlace(left: Places, place: unknown): Places {
  return typeof place === 'number' && Number.isSafeInteger(place)
    ? left.slice(place, place + 1)
    : notAllowed();
}

function byFunction(atom: fhirpath.FunctionAtom, from: Places, walk: Walk): Places {
  const choose = Object.hasOwn(CHOICES, atom.name) ? CHOICES[atom.name] : undefined;
  return choose === undefined ? notAllowed() : choose(from, atom.args, walk);
}

function step(atom: fhirpath.Atom, from: Places, walk: Walk): Places {
  if (atom instanceof fhirpath.DotAtom) return step(atom.right, step(atom.left, from, walk), walk);
  if (atom instanceof fhirpath.SymbolAtom) return byName(atom.name, from, walk);
  if (atom instanceof fhirpath.IndexerAtom) return byPlace(step(atom.left, from, walk), literal(atom.expr));
  if (atom instanceof fhirpath.AsAtom) return ofType(step(atom.left, from, walk), [atom.right], walk);
  if (atom instanceof fhirpath.FunctionAtom) return byFunction(atom, from, walk);
  return notAllowed();
}

/**
 * The places that the path selects, in the order of the resource. Throws a Failure: invalid for text that is no
 * path to elements, too-costly where its criteria judge too much.
 */
export function placesOf(path: string, walk: Walk): Places {
  return step(parsePath(path), [walk.root], walk);
}
