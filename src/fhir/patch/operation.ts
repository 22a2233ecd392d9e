/**
 * The operations that a Parameters resource holds (https://hl7.org/fhir/R4/fhirpatch.html#format); what is not
 * of that form is no patch.
 */
import { fail } from '../../core/failure.ts';
import { numberText } from './same.ts';
import { isBranch, type Tree } from './tree.ts';

export type Part = Readonly<Record<string, Tree>>;

interface Where {
  /** For messages: which operation it is. */
  readonly where: string;
  readonly path: string;
}
export interface Add extends Where {
  readonly type: 'add';
  readonly name: string;
  readonly value: Part;
}
export interface Insert extends Where {
  readonly type: 'insert';
  readonly index: number;
  readonly value: Part;
}
export interface Delete extends Where {
  readonly type: 'delete';
}
export interface Replace extends Where {
  readonly type: 'replace';
  readonly value: Part;
}
export interface Move extends Where {
  readonly type: 'move';
  readonly source: number;
  readonly destination: number;
}
export type PatchOperation = Add | Insert | Delete | Replace | Move;

/** Which parts each type of operation has, beside `type` and `path`. */
const PARTS = {
  add: ['name', 'value'],
  insert: ['index', 'value'],
  delete: [],
  replace: ['value'],
  move: ['source', 'destination'],
} as const satisfies Record<PatchOperation['type'], readonly string[]>;
const MAX_OPERATIONS = 1000;

type Parts = ReadonlyMap<string, Part>;

function isPart(tree: Tree | undefined): tree is Part {
  return isBranch(tree) && !Array.isArray(tree);
}

/** The parts in a list, where it is one and each of them has a name; a list that is missing has none. */
export function partsIn(
  list: Tree | undefined,
  where: string,
): readonly (readonly [name: string, part: Part])[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return fail('malformed', `${where} has no list of parts.`);
  return (list as readonly Tree[]).map((part) => {
    const name = isPart(part) ? part['name'] : undefined;
    return typeof name === 'string'
      ? [name, part as Part]
      : fail('malformed', `${where} has a part without a name.`);
  });
}

function need(parts: Parts, name: string, where: string): Part {
  return parts.get(name) ?? fail('malformed', `${where} needs the part "${name}".`);
}

function textOf(parts: Parts, name: string, where: string): string {
  const part = need(parts, name, where);
  const text = part['valueString'] ?? part['valueCode'];
  return typeof text === 'string'
    ? text
    : fail('malformed', `${where}: "${name}" must be a valueString (type: a valueCode).`);
}

function placeOf(parts: Parts, name: string, where: string): number {
  const place = Number(numberText(need(parts, name, where)['valueInteger'] ?? null) ?? -1);
  const fits = Number.isSafeInteger(place) && place >= 0;
  return fits ? place : fail('malformed', `${where}: "${name}" must be a valueInteger, counted from 0.`);
}

function typeOf(parts: Parts, where: string): PatchOperation['type'] {
  const type = textOf(parts, 'type', where);
  const known = Object.hasOwn(PARTS, type);
  return known
    ? (type as PatchOperation['type'])
    : fail('malformed', `${where}: "type" must be one of ${Object.keys(PARTS).join(', ')}.`);
}

/** Each part once, and none that the type does not have: a part passed over would change what the patch means. */
function onlyItsOwn(type: PatchOperation['type'], names: readonly string[], where: string): void {
  const own: readonly string[] = ['type', 'path', ...PARTS[type]];
  if (new Set(names).size < names.length) fail('malformed', `${where} has a part twice.`);
  if (names.some((name) => !own.includes(name)))
    fail('malformed', `${where} has a part that "${type}" does not take: it takes ${own.join(', ')}.`);
}

const READ: Readonly<Record<PatchOperation['type'], (parts: Parts, at: Where) => PatchOperation>> = {
  add: (parts, at) => ({
    ...at,
    type: 'add',
    name: textOf(parts, 'name', at.where),
    value: need(parts, 'value', at.where),
  }),
  insert: (parts, at) => ({
    ...at,
    type: 'insert',
    index: placeOf(parts, 'index', at.where),
    value: need(parts, 'value', at.where),
  }),
  delete: (_parts, at) => ({ ...at, type: 'delete' }),
  replace: (parts, at) => ({ ...at, type: 'replace', value: need(parts, 'value', at.where) }),
  move: (parts, at) => ({
    ...at,
    type: 'move',
    source: placeOf(parts, 'source', at.where),
    destination: placeOf(parts, 'destination', at.where),
  }),
};

function operationOf(name: string, parameter: Part, where: string): PatchOperation {
  if (name !== 'operation') fail('malformed', `${where}: every parameter of a patch is named "operation".`);
  const named = partsIn(parameter['part'], where);
  const parts: Parts = new Map(named);
  const type = typeOf(parts, where);
  onlyItsOwn(
    type,
    named.map(([part]) => part),
    where,
  );
  return READ[type](parts, { where, path: textOf(parts, 'path', where) });
}

/** The operations, in order. Throws a Failure: malformed for what is no FHIRPath Patch, too-large beyond 1,000 operations. */
export function operationsOf(parameters: Tree): readonly PatchOperation[] {
  const isParameters = isPart(parameters) && parameters['resourceType'] === 'Parameters';
  if (!isParameters) return fail('malformed', 'A FHIRPath Patch is a Parameters resource.');
  const named = partsIn(parameters['parameter'], 'The patch');
  if (named.length > MAX_OPERATIONS) fail('too-large', `A patch has at most ${MAX_OPERATIONS} operations.`);
  return named.map(([name, parameter], place) => operationOf(name, parameter, `Operation ${place}`));
}
