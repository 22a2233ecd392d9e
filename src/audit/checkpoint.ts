/**
 * Checkpoints: how far every chain of the log had come at one moment, signed (Ed25519, RFC 8032), each one naming the
 * one before. What stood in the log by then can neither be changed nor left out afterwards. A cut is one of them: it
 * says up to which checkpoint records were removed because their time of retention was over.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { ChainPlace } from '../storage/chain.ts';
import type { KeptText } from '../storage/kept-texts.ts';

/** How far a chain has come: its last record and that one's hash. */
export interface Head extends ChainPlace {
  readonly hash: string;
}

export interface Statement {
  /** From 1 on. */
  readonly number: number;
  readonly at: Date;
  /** The fingerprint of the one before; empty for the first. */
  readonly before: string;
  /** Chains that have moved since the one before. */
  readonly heads: readonly Head[];
  /** Of a cut: the checkpoint up to which records were removed. */
  readonly cutTo?: number;
}

export interface Checkpoint extends Statement {
  /** Ed25519 over textOf(), base64url. */
  readonly signature: string;
}

/** What is signed. */
const textOf = ({ number, at, before, heads, cutTo }: Statement): string =>
  JSON.stringify([
    'fhir-iis audit checkpoint',
    number,
    at.toISOString(),
    before,
    cutTo ?? null,
    heads.map(({ strand, n, hash }) => [strand, n, hash]),
  ]);

/** By which a checkpoint can be known outside of the store. */
export const fingerprintOf = (checkpoint: Checkpoint): string =>
  createHash('sha256')
    .update(`${textOf(checkpoint)}${checkpoint.signature}`)
    .digest('base64url');

export interface Signer {
  readonly sign: (statement: Statement) => Checkpoint;
  readonly isSigned: (checkpoint: Checkpoint) => boolean;
  /** The public key (SPKI, PEM), for auditors. */
  readonly publicKey: string;
}

const KEY_NAME = 'audit checkpoint key';
const made = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/** The signer of a store; its key is made once and kept sealed under the master keys. */
export async function storeSigner(kept: KeptText): Promise<Signer> {
  return signerOf(createPrivateKey(await kept(KEY_NAME, made)));
}

/** Makes a signer of an Ed25519 key. */
export function signerOf(key: KeyObject): Signer {
  const open = createPublicKey(key);
  return {
    sign: (statement) => ({
      ...statement,
      signature: sign(null, Buffer.from(textOf(statement)), key).toString('base64url'),
    }),
    isSigned: (checkpoint) =>
      verify(null, Buffer.from(textOf(checkpoint)), open, Buffer.from(checkpoint.signature, 'base64url')),
    publicKey: open.export({ format: 'pem', type: 'spki' }).toString(),
  };
}

/** How far every chain is known to have come, by the last checkpoint that names it. */
export function headsOf(checkpoints: readonly Checkpoint[]): ReadonlyMap<string, Head> {
  return new Map(checkpoints.flatMap(({ heads }) => heads.map((head) => [head.strand, head] as const)));
}

/** Behind which records the log begins, chain by chain, after the cuts. */
export function basesOf(checkpoints: readonly Checkpoint[]): ReadonlyMap<string, Head> {
  const cutTo = Math.max(0, ...checkpoints.map((checkpoint) => checkpoint.cutTo ?? 0));
  return headsOf(checkpoints.filter(({ number }) => number <= cutTo));
}
