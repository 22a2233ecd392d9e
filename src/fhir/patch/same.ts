/**
 * When two JSON values are equal, as the `test` of a JSON Patch means it: numbers by value, whatever their
 * spelling; order matters in arrays only (RFC 6902 section 4.6).
 */
import { isBranch, type Tree } from './tree.ts';

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** One spelling for each value: significant digits and the power of ten, so that no digit is lost in a double. */
function canonical(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}

/** How the number is written; undefined for what is none. */
export function numberText(value: Tree): string | undefined {
  if (typeof value === 'symbol') return value.description;
  return typeof value === 'number' ? String(value) : undefined;
}

function sameMembers(left: object, right: object): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  const [a, b] = [left as Record<string, Tree>, right as Record<string, Tree>];
  return names.every((name) => Object.hasOwn(b, name) && same(a[name] ?? null, b[name] ?? null));
}

/** Whether the trees are the same JSON value. */
export function same(left: Tree, right: Tree): boolean {
  if (left === right) return true;
  if (isBranch(left) && isBranch(right)) {
    return Array.isArray(left) === Array.isArray(right) && sameMembers(left, right);
  }
  const [a, b] = [numberText(left), numberText(right)];
  return a !== undefined && b !== undefined && canonical(a) === canonical(b);
}
