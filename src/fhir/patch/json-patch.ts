/**
 * JSON Patch of a resource: RFC 6902, as FHIR's PATCH takes it (https://hl7.org/fhir/R4/http.html#patch).
 * rfc6902 makes the edits; pointers, limits and `test` are judged here, because the library reads array
 * positions loosely, evaluates both ends of a move before it removes, and compares arrays in cubic time.
 */
import type { Resource } from '@medplum/fhirtypes';
import { applyPatch, type Operation } from 'rfc6902';
import { fail } from '../../core/failure.ts';
import { withoutEmptied } from './emptied.ts';
import { keepsIdentity } from './identity.ts';
import { hasRoom, tokensOf, valueAt } from './pointer.ts';
import { same } from './same.ts';
import { isBranch, seal, unseal, weigh, type Tree } from './tree.ts';

const MAX_OPERATIONS = 1000;
/** Copies of copies double: this many values may all the operations of one patch put together. */
const MAX_VALUES = 100_000;

/** One operation, read; pointers are below the holder, whose only member `resource` is the resource patched. */
interface Step {
  readonly where: string;
  readonly path: readonly string[];
  readonly from: readonly string[];
  readonly value: Tree | undefined;
}
interface Work {
  readonly holder: { readonly resource: Tree };
  values: number;
}

const pointer = (tokens: readonly string[]): string =>
  tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function edit(work: Work, step: Step, operation: Operation): void {
  const [problem] = applyPatch(work.holder, [operation]);
  if (problem != null) fail('invalid', `${step.where} cannot be done: its path does not fit the resource.`);
}

function existing(work: Work, tokens: readonly string[], where: string): Tree {
  const value = valueAt(work.holder, tokens);
  return value === undefined ? fail('invalid', `${where} points at nothing in the resource.`) : value;
}

function charge(work: Work, step: Step, value: Tree): void {
  work.values += weigh(value, step.path.length);
  if (work.values > MAX_VALUES)
    fail('too-large', `${step.where}: the patch adds more than ${MAX_VALUES} values.`);
}

function add(work: Work, step: Step, value: Tree): void {
  if (!hasRoom(work.holder, step.path))
    fail('invalid', `${step.where}: nothing can be added at its path in the resource.`);
  charge(work, step, value);
  edit(work, step, { op: 'add', path: pointer(step.path), value });
}

function take(work: Work, step: Step, tokens: readonly string[], name: string): Tree {
  const value = existing(work, tokens, `${step.where}: ${name}`);
  edit(work, step, { op: 'remove', path: pointer(tokens) });
  return value;
}

function isInside(path: readonly string[], from: readonly string[]): boolean {
  return path.length > from.length && from.every((token, place) => token === path[place]);
}

function move(work: Work, step: Step): void {
  if (isInside(step.path, step.from)) fail('invalid', `${step.where} moves an element into itself.`);
  add(work, step, take(work, step, step.from, 'from'));
}

function replace(work: Work, step: Step, value: Tree): void {
  existing(work, step.path, `${step.where}: path`);
  charge(work, step, value);
  edit(work, step, { op: 'replace', path: pointer(step.path), value });
}

function test(work: Work, step: Step): void {
  const found = existing(work, step.path, `${step.where}: path`);
  if (!same(found, step.value ?? null))
    fail('invalid', `${step.where}: the test failed, so nothing was changed.`);
}

const OPERATIONS: Readonly<Record<string, (work: Work, step: Step) => void>> = {
  add: (work, step) => {
    add(work, step, step.value ?? null);
  },
  remove: (work, step) => {
    take(work, step, step.path, 'path');
  },
  replace: (work, step) => {
    replace(work, step, step.value ?? null);
  },
  move,
  copy: (work, step) => {
    add(work, step, existing(work, step.from, `${step.where}: from`));
  },
  test,
};
const WITH_VALUE: ReadonlySet<string> = new Set(['add', 'replace', 'test']);
const WITH_FROM: ReadonlySet<string> = new Set(['move', 'copy']);

function pointerOf(operation: object, name: 'path' | 'from', where: string): readonly string[] {
  const text = Object.hasOwn(operation, name) ? (operation as Record<string, unknown>)[name] : undefined;
  if (typeof text !== 'string') return fail('malformed', `${where} needs "${name}", a JSON Pointer.`);
  return ['resource', ...tokensOf(text, `${where}: ${name}`)];
}

function opOf(operation: unknown, where: string): string {
  const op: unknown =
    isBranch(operation) && Object.hasOwn(operation, 'op') ? (operation as { op: unknown }).op : undefined;
  const known = typeof op === 'string' && Object.hasOwn(OPERATIONS, op);
  return known ? op : fail('malformed', `${where} needs "op": one of ${Object.keys(OPERATIONS).join(', ')}.`);
}

function stepOf(operation: object, op: string, where: string): Step {
  const value = Object.hasOwn(operation, 'value') ? (operation as { value: unknown }).value : undefined;
  if (WITH_VALUE.has(op) && value === undefined) fail('malformed', `${where} needs "value".`);
  return {
    where,
    path: pointerOf(operation, 'path', where),
    from: WITH_FROM.has(op) ? pointerOf(operation, 'from', where) : [],
    value: WITH_VALUE.has(op) ? seal(value) : undefined,
  };
}

/** The form of every operation is judged before the first is done: a body that is not a patch is malformed throughout. */
function read(operations: readonly unknown[]): readonly ((work: Work) => void)[] {
  return operations.map((operation, place) => {
    const where = `Operation ${place}`;
    const op = opOf(operation, where);
    const step = stepOf(operation as object, op, where);
    return (work: Work) => OPERATIONS[op]?.(work, step);
  });
}

/**
 * The resource after the operations, all of them; the one given is left as it is. Elements that lose their last
 * part are left out. The result is not yet validated.
 *
 * Throws a Failure: malformed for what is no JSON Patch, invalid where an operation cannot be done, a test fails
 * or identity would change, too-large beyond 1,000 operations or 100,000 added values.
 */
export function applyJsonPatch(resource: Resource, operations: readonly unknown[]): Resource {
  if (!Array.isArray(operations)) fail('malformed', 'A JSON Patch is an array of operations.');
  if (operations.length > MAX_OPERATIONS)
    fail('too-large', `A patch has at most ${MAX_OPERATIONS} operations.`);
  const before = seal(resource);
  const work: Work = { holder: { resource: seal(resource) }, values: 0 };
  for (const perform of read(operations)) perform(work);
  const after = withoutEmptied(work.holder.resource);
  keepsIdentity(before, after);
  return unseal(after) as Resource;
}
