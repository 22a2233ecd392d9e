/**
 * Which criteria a path of a FHIRPath Patch may have in `where()`, and whether an element meets them. Only what
 * costs as much as the element is large is allowed: nothing that walks the whole tree, grows its input, reads the
 * clock, follows references or takes a regular expression (http://hl7.org/fhirpath/N1/).
 */
import * as fhirpath from '@medplum/core';
import { fail } from '../../core/failure.ts';
import { isBranch, weigh, type Tree } from './tree.ts';

/** How much evaluation one patch has left: for each element judged, its values times the parts of the criteria. */
export interface Effort {
  left: number;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  ...[
    'all',
    'as',
    'contains',
    'count',
    'empty',
    'endsWith',
    'exists',
    'extension',
    'first',
    'hasValue',
    'is',
    'last',
  ],
  ...['length', 'lower', 'not', 'ofType', 'single', 'startsWith', 'upper', 'where'],
]);
const OPERATORS = [
  ...[fhirpath.AndAtom, fhirpath.OrAtom, fhirpath.XorAtom, fhirpath.ImpliesAtom, fhirpath.InAtom],
  ...[fhirpath.ContainsAtom, fhirpath.EqualsAtom, fhirpath.NotEqualsAtom, fhirpath.EquivalentAtom],
  ...[fhirpath.NotEquivalentAtom, fhirpath.IsAtom, fhirpath.AsAtom, fhirpath.DotAtom],
];
const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
const NAME = /^(?:\$this|[A-Za-z][A-Za-z0-9]*)$/;

function isName(atom: fhirpath.Atom): boolean {
  // The evaluator also finds what objects inherit.
  return atom instanceof fhirpath.SymbolAtom && NAME.test(atom.name) && !(atom.name in Object.prototype);
}

/** The operands to judge further; undefined for what is not allowed. */
function operandsOf(atom: fhirpath.Atom): readonly fhirpath.Atom[] | undefined {
  if (atom instanceof fhirpath.LiteralAtom || isName(atom)) return [];
  if (atom instanceof fhirpath.FunctionAtom) return FUNCTIONS.has(atom.name) ? atom.args : undefined;
  if (atom instanceof fhirpath.IndexerAtom) return [atom.left, atom.expr];
  // The library reads a sign as an operator whose two operands are one, and evaluates both: signs of signs would double.
  if (atom instanceof fhirpath.ArithmeticOperatorAtom)
    return COMPARISONS.has(atom.operator) ? [atom.left, atom.right] : undefined;
  const isOperator =
    atom instanceof fhirpath.InfixOperatorAtom && OPERATORS.some((kind) => atom instanceof kind);
  return isOperator ? [atom.left, atom.right] : undefined;
}

/** How many parts the criteria have. Throws a Failure (invalid) for criteria that are not allowed. */
function sizeOf(atom: fhirpath.Atom): number {
  const operands = operandsOf(atom) ?? notAllowed();
  return operands.reduce((sum, operand) => sum + sizeOf(operand), 1);
}

function notAllowed(): never {
  return fail(
    'invalid',
    `The criteria of where() take names, literals, comparisons, and, or, and: ${[...FUNCTIONS].join(', ')}.`,
  );
}

/** What the evaluator reads: numbers as JavaScript has them. */
function plain(tree: Tree): unknown {
  if (typeof tree === 'symbol') return Number(tree.description);
  if (!isBranch(tree)) return tree;
  if (Array.isArray(tree)) return tree.map(plain);
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, plain(part)]));
}

function evaluate(criteria: fhirpath.Atom, value: Tree): readonly fhirpath.TypedValue[] {
  try {
    return new fhirpath.FhirPathAtom('', criteria).eval({ variables: {} }, [
      fhirpath.toTypedValue(plain(value)),
    ]);
  } catch {
    return fail('invalid', 'The criteria of where() cannot be evaluated on this resource.');
  }
}

/**
 * What tells whether a value meets the criteria. Throws a Failure: invalid for criteria that are not allowed or
 * cannot be evaluated, too-costly when the effort is used up.
 */
export function judgeOf(criteria: fhirpath.Atom, effort: Effort): (value: Tree) => boolean {
  const size = sizeOf(criteria);
  return (value) => {
    effort.left -= size * weigh(value, 0);
    if (effort.left < 0)
      fail('too-costly', 'The paths of the patch judge too many elements: name their places instead.');
    const result = evaluate(criteria, value);
    return result.length === 1 && result[0]?.value === true;
  };
}
