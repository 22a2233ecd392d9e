/**
 * Secrets at rest: what must never be stored or shown as it is (a social security number), and the keys it is
 * kept under. A secret identifier leaves the resource before it is stored: its value becomes asterisks, its
 * ciphertext (AES-256-GCM) and a keyed hash for exact match stay beside the resource.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { isSecretSystem, isSecretType } from '../catalog/secret-systems.ts';
import { fail } from '../core/failure.ts';
import type { Sealed } from './store.ts';

const SECRET_DIGITS = 9;
const MASK = '***-**-****';
const MASKED = /^[*\s-]*\*[*\s-]*$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A master key of 32 random bytes and its name; the last of a ring makes new secrets, all open old ones. */
export interface MasterKey {
  readonly name: string;
  readonly bytes: Uint8Array;
}
export type Keyring = readonly [MasterKey, ...MasterKey[]];

export interface Secrets {
  /** Encrypts for one use; text made for a use opens only for that use. */
  readonly seal: (use: string, plain: string) => Sealed;
  /** @throws Error where the text was changed or its key is not in the ring */
  readonly open: (use: string, sealed: Sealed) => string;
  /** The hashes under which a value may be stored: one for each key of the ring. */
  readonly blind: (system: string, value: string) => readonly string[];
}

/** Derives what each use needs from the ring: no two uses share a key. */
export function secretsOf(ring: Keyring): Secrets {
  const derived = new Map<string, Buffer>();
  const keyFor = (master: MasterKey, use: string): Buffer => {
    const label = `${master.name} ${use}`;
    const known = derived.get(label);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', master.bytes, master.name, use, 32));
    derived.set(label, key);
    return key;
  };
  const current = ring.at(-1) ?? ring[0];
  return {
    seal: (use, plain) => ({ key: current.name, cipher: encrypt(keyFor(current, use), plain) }),
    open: (use, sealed) => {
      const master = ring.find(({ name }) => name === sealed.key);
      if (master === undefined) throw new Error(`No key named ${sealed.key} in the keyring`);
      return decrypt(keyFor(master, use), sealed.cipher);
    },
    // The newest key's hash first: it is the one that new documents are stored under.
    blind: (system, value) =>
      [...ring].reverse().map((master) => blind(keyFor(master, 'blind'), system, value)),
  };
}

/** Sealing of one use as text: the key's name, a dot, the ciphertext. */
export function sealingOf(
  secrets: Secrets,
  use: string,
): { seal: (plain: string) => string; open: (text: string) => string } {
  return {
    seal: (plain) => {
      const { key, cipher } = secrets.seal(use, plain);
      return `${key}.${cipher}`;
    },
    open: (text) => {
      const dot = text.lastIndexOf('.');
      return secrets.open(use, { key: text.slice(0, dot), cipher: text.slice(dot + 1) });
    },
  };
}

function encrypt(key: Buffer, plain: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function decrypt(key: Buffer, text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

/** Digits only, so that 123-45-6789 and 123456789 are one number. */
const normal = (value: string): string => value.replace(/[\s-]/g, '');

const blind = (key: Buffer, system: string, value: string): string =>
  createHmac('sha256', key)
    .update(`${system}|${normal(value)}`)
    .digest('base64url');

/** A resource without its secrets, and the secrets. */
export interface Masked<R> {
  readonly resource: R;
  readonly secrets: readonly Sealed[];
  readonly secretKeys: readonly string[];
}

/**
 * Takes the secret identifiers out of a resource, wherever they stand in it, and out of its texts (a narrative
 * that repeats the number). A value that comes back as asterisks keeps the secret stored before (the same one,
 * counted from the start of the resource).
 * @throws Failure `invalid` for asterisks where nothing is stored
 */
export function maskSecrets<R extends object>(
  secrets: Secrets,
  resource: R,
  kept: readonly Sealed[] = [],
): Masked<R> {
  const sealed: Sealed[] = [];
  const secretKeys: string[] = [];
  const plains: string[] = [];
  const masked = withoutSecrets(resource, (system, value) => {
    const before = MASKED.test(value) ? (kept[sealed.length] ?? fail('invalid', NOTHING_KEPT)) : undefined;
    const plain = before === undefined ? value : secrets.open('identifier', before);
    sealed.push(before ?? secrets.seal('identifier', plain));
    secretKeys.push(...secrets.blind(system, plain).slice(0, 1));
    plains.push(plain);
  });
  return {
    resource: plains.length === 0 ? masked : withoutMentions(masked, plains),
    secrets: sealed,
    secretKeys,
  };
}
const NOTHING_KEPT =
  'An identifier of a secret system has a value of asterisks, and no value is stored that they could stand for; send the value itself or leave the identifier out.';

/** A copy with every secret value masked; parts without secrets are shared with the original. */
function withoutSecrets<T extends object>(node: T, take: (system: string, value: string) => void): T {
  if (isSecretIdentifier(node)) {
    take(node.system ?? '', node.value);
    return { ...node, value: MASK };
  }
  return mapParts(node, (part) =>
    typeof part === 'object' && part !== null ? withoutSecrets(part, take) : part,
  );
}

/** A copy in which no text repeats a secret, with or without its hyphens. */
function withoutMentions<T extends object>(node: T, plains: readonly string[]): T {
  return mapParts(node, (part) => {
    if (typeof part === 'object' && part !== null) return withoutMentions(part, plains);
    return typeof part === 'string' ? plains.reduce(withoutMention, part) : part;
  });
}

function withoutMention(text: string, plain: string): string {
  const digits = normal(plain);
  // Shorter texts than a number has digits would strike words that only look like it.
  if (digits.length < SECRET_DIGITS) return text;
  const dashed = `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`;
  return [plain, dashed, digits].reduce((rest, form) => rest.replaceAll(form, MASK), text);
}

function mapParts<T extends object>(node: T, map: (part: unknown) => unknown): T {
  let copy: T | undefined;
  for (const [name, part] of Object.entries(node) as [keyof T, unknown][]) {
    const mapped = map(part);
    if (mapped !== part) (copy ??= shallow(node))[name] = mapped as T[keyof T];
  }
  return copy ?? node;
}

const shallow = <T extends object>(node: T): T =>
  (Array.isArray(node) ? [...(node as unknown[])] : { ...node }) as T;

/** By its system, or by its type (SS of HL7 v2 table 0203) where a sender has a system of its own. */
function isSecretIdentifier(node: object): node is { system?: string; value: string } {
  if (!('value' in node) || typeof node.value !== 'string') return false;
  if ('system' in node && typeof node.system === 'string' && isSecretSystem(node.system)) return true;
  return 'type' in node && hasSecretType(node.type);
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
