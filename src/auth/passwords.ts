/** Passwords: argon2id at OWASP's least cost, and as slow for an account that is not there. */
import { argon2id, hash, verify } from 'argon2';

const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashOf = (password: string): Promise<string> => hash(password, COST);

/** Whether the password is the hash's; without a hash, no, but not sooner. */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashOf('');
  const isRight = await verify(stored ?? (await nobody), password);
  return isRight && stored !== undefined;
}
let nobody: Promise<string> | undefined;
