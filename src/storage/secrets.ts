/**
 * Secrets at rest: ciphertext (AES-256-GCM) and keyed hashes (HMAC-SHA-256), under keys derived (HKDF) from the
 * master keys of a ring, one for each use.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealed } from './store.ts';

const SECRET_DIGITS = 9;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MARK_BYTES = 12;

/** A master key of 32 random bytes and its name; the last of a ring makes new secrets, all open old ones. */
export interface MasterKey {
  readonly name: string;
  readonly bytes: Uint8Array;
}
export type Keyring = readonly [MasterKey, ...MasterKey[]];

/** A master key by its name, and what tells it from another of that name without telling the key. */
export interface KeyMark {
  readonly name: string;
  readonly mark: string;
}

export interface Secrets {
  /** The keys of the ring, oldest first. */
  readonly keys: readonly KeyMark[];
  /** Encrypts for one use; text made for a use opens only for that use. */
  readonly seal: (use: string, plain: string) => Sealed;
  /** @throws Error where the text was changed or its key is not in the ring */
  readonly open: (use: string, sealed: Sealed) => string;
  /** Whether the newest key made it. */
  readonly isCurrent: (sealed: Pick<Sealed, 'key'>) => boolean;
  /** Hashes of a text for one use, one for each key of the ring, the newest key's first: nobody without a key can try texts out. */
  readonly hash: (use: string, text: string) => readonly string[];
  /**
   * The hashes under which a value may be stored, one for each key of the ring, the newest key's first. The system
   * does not matter: all that is secret is one kind of number, and who looks for it does not know what its sender
   * called it.
   */
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
  const hash = (use: string, text: string): readonly string[] =>
    ring
      .toReversed()
      .map((master) => createHmac('sha256', keyFor(master, use)).update(text).digest('base64url'));
  return {
    keys: ring.map((master) => ({
      name: master.name,
      mark: keyFor(master, 'mark').subarray(0, MARK_BYTES).toString('base64url'),
    })),
    seal: (use, plain) => ({ key: current.name, cipher: encrypt(keyFor(current, use), plain) }),
    open: (use, sealed) => {
      const master = ring.find(({ name }) => name === sealed.key);
      if (master === undefined) throw new Error(`No key named ${sealed.key} in the keyring`);
      return decrypt(keyFor(master, use), sealed.cipher);
    },
    isCurrent: ({ key }) => key === current.name,
    hash,
    blind: (_system, value) => hash('blind', digitsOf(value) ?? value.replace(/[\s-]/g, '')),
  };
}

/** Sealing of one use as text: the key's name, a dot, the ciphertext. */
export interface Sealing {
  readonly seal: (plain: string) => string;
  /** @throws Error where the text is not what was sealed */
  readonly open: (text: string) => string;
}

/** Makes the sealing of one use. */
export function sealingOf(secrets: Secrets, use: string): Sealing {
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

/**
 * The digits of a value that is a number as long as a secret, however they are set apart: 123-45-6789 and
 * 123456789 are one. Undefined for any other value.
 */
export function digitsOf(value: string): string | undefined {
  const digits = value.replace(/\D/g, '');
  return digits.length === SECRET_DIGITS ? digits : undefined;
}
