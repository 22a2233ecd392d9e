/** Passwords: argon2id at OWASP's least cost, and as slow for an account that is not there. */
import { argon2id, hash, verify } from 'argon2';

const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashOf = (password: string): Promise<string> => hash(password, COST);

/** Whether the password is the hash's; without a hash, no, but not sooner. */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashOf('');
  // An account that was enrolled has none until it is set.
  const known = stored === '' ? undefined : stored;
  const isRight = await verify(known ?? (await nobody), password);
  return isRight && known !== undefined;
}
let nobody: Promise<string> | undefined;
