/**
 * Reference search: the keys a reference is stored under, and the forms in which a query may name its target.
 * https://hl7.org/fhir/R4/search.html#reference
 */
import type { ReferenceParameter } from '../../catalog/define.ts';
import { isSecretSystem } from '../../catalog/secret-systems.ts';
import { isId } from '../../core/id.ts';
import { fail } from '../../core/failure.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { NOTHING, type Clause } from '../clause.ts';
import { cutAt, unescaped } from '../escape.ts';
import { keyOf } from '../key.ts';
import { textOf } from '../values.ts';
import { keysOfToken } from './token.ts';

/** A literal reference to a resource: where its server is (nothing: here), its type and id. */
export interface Target {
  readonly server: string;
  readonly type: string;
  readonly id: string;
}

const LITERAL =
  /^(?:(https?:\/\/.+)\/)?([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** The target of a literal reference; its version is left out, because what is asked for is the resource. */
export function targetOf(reference: string): Target | undefined {
  const [, server = '', type, id] = LITERAL.exec(reference) ?? [];
  return type === undefined || id === undefined ? undefined : { server, type, id };
}

const textOfTarget = ({ server, type, id }: Target): string =>
  (server === '' ? '' : `${server}/`) + `${type}/${id}`;

const isAdmitted = ({ targets }: ReferenceParameter, type: string): boolean =>
  targets.length === 0 || targets.includes(type);

/** Literal, canonical and other references; what is contained has no address of its own. */
function keysOfReference(parameter: ReferenceParameter, reference: string): readonly string[] {
  if (reference.startsWith('#')) return [];
  const target = targetOf(reference);
  if (target !== undefined) return isAdmitted(parameter, target.type) ? [textOfTarget(target)] : [];
  const [url = '', version] = reference.split('|');
  return version === undefined ? [reference] : [reference, url];
}

/** The keys of a Reference or canonical by what it says literally. */
export function literalKeys(parameter: ReferenceParameter, value: unknown): readonly string[] {
  const reference = typeof value === 'string' ? value : textOf(value, 'reference');
  return reference === undefined ? [] : keysOfReference(parameter, reference);
}

const keysOfValue = (name: string, parameter: ReferenceParameter, value: unknown): readonly string[] => [
  ...literalKeys(parameter, value).map((key) => keyOf(name, key)),
  ...(parameter.literal === true ? [] : logicalKeys(name, value)),
];

/** `Reference.identifier`, for `:identifier`. */
function logicalKeys(name: string, value: unknown): readonly string[] {
  const identifier =
    typeof value === 'object' && value !== null && 'identifier' in value ? value.identifier : undefined;
  const token = { system: textOf(identifier, 'system'), code: textOf(identifier, 'value') };
  if (token.code === undefined || isSecretSystem(token.system)) return [];
  return keysOfToken(token).map((key) => keyOf(`${name}:identifier`, key));
}

export function index(name: string, parameter: ReferenceParameter, values: readonly unknown[]): Written {
  return { tokens: values.flatMap((value) => keysOfValue(name, parameter, value)) };
}

/** The forms of one target: as this server writes it, and as one who writes whole URLs does. */
const formsOf = (base: string, type: string, id: string): readonly string[] => [
  `${type}/${id}`,
  `${base}/${type}/${id}`,
];

/** The types that a bare id may be of. */
function typesOf(asked: Asked<ReferenceParameter>, type: string | undefined): readonly string[] {
  if (type !== undefined) return [type];
  if (asked.parameter.targets.length > 0) return asked.parameter.targets;
  return refuseValue(asked, 'a bare id is not enough where any type may be meant; send Type/id');
}

/** The keys that one alternative asks for. */
export function keysAsked(asked: Asked<ReferenceParameter>, value: string): readonly string[] {
  const { base } = asked.setting;
  const text = unescaped(value);
  if (isId(text)) return typesOf(asked, asked.modifier).flatMap((type) => formsOf(base, type, text));
  const target = targetOf(text);
  if (target === undefined) return /^[a-z][a-z0-9+.-]*:/i.test(text) ? [text] : refuseForm(asked);
  if (asked.modifier !== undefined && target.type !== asked.modifier) return [];
  const isHere = target.server === '' || target.server === base;
  return isHere ? formsOf(base, target.type, target.id) : [textOfTarget(target)];
}

const refuseForm = (asked: Asked): never =>
  refuseValue(asked, 'a reference is Type/id, an id or an absolute URL');

function clauseOfIdentifiers(asked: Asked<ReferenceParameter>): Clause {
  const keys = asked.values.map((value) => {
    const parts = cutAt('|', value).map(unescaped);
    if (parts.length > 2) return refuseValue(asked, 'an identifier is system|value, |value or value');
    if (parts.length === 2 && isSecretSystem(parts[0])) {
      return fail('forbidden', 'A social security number is no criterion of a reference.');
    }
    return keyOf(`${asked.name}:identifier`, parts.join('|'));
  });
  return { op: 'in', field: 'tokens', keys };
}

const PATIENT = 'Patient/';

/** Patients of this server, where the parameter says whose record a resource is part of: hot indexes begin with them. */
function clauseOfRecords({ name, record }: Asked<ReferenceParameter>, references: readonly string[]): Clause {
  const byKey: Clause = { op: 'in', field: 'tokens', keys: references.map((each) => keyOf(name, each)) };
  const patients = references
    .filter((each) => each.startsWith(PATIENT))
    .map((each) => each.slice(PATIENT.length));
  if (record === undefined || patients.length === 0) return byKey;
  const byRecord: Clause = { op: 'in', field: 'patients', keys: patients };
  return record === 'alone' ? byRecord : { op: 'and', of: [byRecord, byKey] };
}

/** Modifiers are `:identifier` and the types of targets (`subject:Patient=1`). */
export function compile(asked: Asked<ReferenceParameter>): Clause {
  const { modifier, parameter } = asked;
  if (modifier === 'identifier' && parameter.literal !== true) return clauseOfIdentifiers(asked);
  const isType = modifier === undefined || (/^[A-Z]/.test(modifier) && isAdmitted(parameter, modifier));
  if (!isType) return refuseModifier(asked);
  const references = asked.values.flatMap((value) => keysAsked(asked, value));
  return references.length === 0 ? NOTHING : clauseOfRecords(asked, references);
}
