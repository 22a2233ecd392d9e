/**
 * Taking secrets out of a resource before it is stored: a secret identifier's value becomes asterisks wherever it
 * stands; its ciphertext and a keyed hash for exact match stay beside the resource.
 */
import { isSecretSystem, isSecretType } from '../catalog/secret-systems.ts';
import { fail } from '../core/failure.ts';
import { digitsOf, type Secrets } from './secrets.ts';
import type { Sealed } from './store.ts';

const USE = 'identifier';
const MASK = '***-**-****';
const MASKED = /^[*\s-]*\*[*\s-]*$/;
/** Shorter values would strike words that only look like them. */
const MENTION_LENGTH = 9;

/** A resource without its secrets, and the secrets. */
export interface Masked<R> {
  readonly resource: R;
  /** In the order in which their masks stand in the resource. */
  readonly secrets: readonly Sealed[];
  readonly secretKeys: readonly string[];
}

/**
 * Takes the secret identifiers out of a resource, wherever they stand in it, and out of its texts (a narrative
 * that repeats the number). A value that comes back as asterisks keeps the secret that was stored before.
 * @param kept the secrets of the version before
 * @throws Failure `invalid` for asterisks where nothing is stored, or where it cannot be told for what they stand
 */
export function maskSecrets<R extends object>(
  secrets: Secrets,
  resource: R,
  kept: readonly Sealed[] = [],
): Masked<R> {
  const values: string[] = [];
  const masked = withoutSecrets(resource, (value) => values.push(value));
  if (values.length === 0) return { resource: masked, secrets: [], secretKeys: [] };
  const before = keptFor(values, kept);
  const plains = values.map((value, at) => plainOf(secrets, value, before[at]));
  return { resource: withoutMentions(masked, plains), ...sealed(secrets, plains, before) };
}

/** What is stored beside a resource that has these secrets; seals that the newest key made before stay as they are. */
function sealed(
  secrets: Secrets,
  plains: readonly string[],
  before: readonly (Sealed | undefined)[],
): Pick<Masked<never>, 'secrets' | 'secretKeys'> {
  const seal = (plain: string, at: number): Sealed => {
    const known = before[at];
    return known !== undefined && secrets.isCurrent(known) ? known : secrets.seal(USE, plain);
  };
  return {
    secrets: plains.map(seal),
    secretKeys: plains.flatMap((plain) => secrets.blind('', plain).slice(0, 1)),
  };
}

/** The same secrets under the newest key. */
export function resealed(
  secrets: Secrets,
  old: readonly Sealed[],
): Pick<Masked<never>, 'secrets' | 'secretKeys'> {
  return sealed(
    secrets,
    old.map((each) => secrets.open(USE, each)),
    old,
  );
}

const plainOf = (secrets: Secrets, value: string, before: Sealed | undefined): string =>
  before === undefined ? value : secrets.open(USE, before);

/** For each value that is asterisks the secret that it stands for: by its place, or the only one there is. */
function keptFor(values: readonly string[], kept: readonly Sealed[]): readonly (Sealed | undefined)[] {
  const masks = values.filter((value) => MASKED.test(value)).length;
  if (masks > 0 && kept.length === 0) fail('invalid', NOTHING_KEPT);
  const isOnly = masks === 1 && kept.length === 1;
  if (masks > 0 && !isOnly && kept.length !== values.length) fail('invalid', WHICH_ONE);
  return values.map((value, at) => (MASKED.test(value) ? kept[isOnly ? 0 : at] : undefined));
}
const NOTHING_KEPT =
  'An identifier of a secret system has a value of asterisks, and no value is stored that they could stand for; send the value itself or leave the identifier out.';
const WHICH_ONE =
  'The resource has another number of secret identifiers than the stored version, so that it cannot be told which of them the asterisks stand for; send the values themselves.';

/** A copy with every secret value masked; parts without secrets are shared with the original. */
function withoutSecrets<T extends object>(node: T, take: (value: string) => void): T {
  const isSecret = secretPartsOf(node);
  return mapParts(node, (part, name) => {
    if (typeof part === 'object' && part !== null) return withoutSecrets(part, take);
    if (typeof part !== 'string' || !isSecret(name)) return part;
    take(part);
    return MASK;
  });
}

const NONE = (): boolean => false;
const VALUE_OR_CODE = (name: string): boolean => name === 'value' || name === 'code';
const ANY_VALUE = (name: string): boolean => /^value[A-Z]/.test(name);

/**
 * Which parts of a node are secret: the value of an identifier or the code of a coding by its system, the value of an
 * identifier by its type (SS of HL7 v2 table 0203) where a sender has a system of its own, that of an extension by its URL.
 */
function secretPartsOf(node: object): (name: string) => boolean {
  if (isSecretName(node, 'system')) return VALUE_OR_CODE;
  if ('value' in node && 'type' in node && hasSecretType(node.type)) return VALUE_OR_CODE;
  return isSecretName(node, 'url') ? ANY_VALUE : NONE;
}

function isSecretName(node: object, name: 'system' | 'url'): boolean {
  const value: unknown = name in node ? (node as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' && isSecretSystem(value);
}

function hasSecretType(type: unknown): boolean {
  const codings: unknown =
    typeof type === 'object' && type !== null && 'coding' in type ? type.coding : undefined;
  return Array.isArray(codings) && codings.some((coding: unknown) => isSecretCoding(coding));
}

const isSecretCoding = (coding: unknown): boolean =>
  typeof coding === 'object' &&
  coding !== null &&
  'code' in coding &&
  isSecretType('system' in coding ? coding.system : undefined, coding.code);

/** A copy in which no text repeats a secret, however its digits are set apart. */
function withoutMentions<T extends object>(node: T, plains: readonly string[]): T {
  const patterns = plains.flatMap(mentionsOf);
  const strike = (text: string): string =>
    patterns.reduce<string>((rest, each) => rest.replaceAll(each, MASK), text);
  const struck = <N extends object>(inner: N): N =>
    mapParts(inner, (part) => {
      if (typeof part === 'object' && part !== null) return struck(part);
      return typeof part === 'string' ? strike(part) : part;
    });
  return patterns.length === 0 ? node : struck(node);
}

/** What may stand between the groups of a number: a space, a dot, a dash of any kind, or one of them as an entity. */
const APART = '(?:[\\s.\\-\\u2010-\\u2015\\u2212]|&#?\\w+;)?';

function mentionsOf(plain: string): readonly (string | RegExp)[] {
  const digits = digitsOf(plain);
  if (digits !== undefined) {
    const groups = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)].join(APART);
    // Not within a longer number: that is another one.
    return [new RegExp(`(?<!\\d)${groups}(?!\\d)`, 'g')];
  }
  return plain.length < MENTION_LENGTH ? [] : [plain];
}

function mapParts<T extends object>(node: T, map: (part: unknown, name: string) => unknown): T {
  let copy: T | undefined;
  for (const [name, part] of Object.entries(node) as [keyof T & string, unknown][]) {
    const mapped = map(part, name);
    if (mapped !== part) (copy ??= shallow(node))[name] = mapped as T[keyof T & string];
  }
  return copy ?? node;
}

const shallow = <T extends object>(node: T): T =>
  (Array.isArray(node) ? [...(node as unknown[])] : { ...node }) as T;
