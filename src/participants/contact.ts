/**
 * Where a participant is told of things: an e-mail address, which counts when who reads it has sent back the code that
 * went there. Until then the one before it counts.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fail } from '../core/failure.ts';
import type { Act, Contact, Participant } from '../policy/participant.ts';
import type { Secrets } from '../storage/secrets.ts';
import { isAddress } from './smtp.ts';

const CODE_LETTERS = 12;

/**
 * An address that is given and not yet confirmed.
 * @throws Failure `invalid-value`
 */
export function newContactOf(email: string, { at, by }: Act): Contact {
  return isAddress(email)
    ? { email, at, by }
    : fail('invalid-value', 'email must be one e-mail address, such as registry@clinic.example.org.');
}

/** The codes that confirm the address, the one that is sent first; kept nowhere. */
export function codesOf(secrets: Secrets, { _id, newContact }: Participant): readonly string[] {
  if (newContact === undefined) return [];
  const { email, at } = newContact;
  const text = JSON.stringify([_id, email, at.toISOString()]);
  return secrets.hash('contact', text).map((hash) => hash.slice(0, CODE_LETTERS));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether somebody knows one of the codes. */
export const isCode = (codes: readonly string[], said: string): boolean =>
  codes.some((code) => timingSafeEqual(digest(code), digest(said)));

/** The address that counts: the participant's own, else that of its organisation. */
export const addressing =
  (find: (id: string) => Promise<Participant | undefined>) =>
  async (id: string): Promise<string | undefined> => {
    const participant = await find(id);
    if (participant?.contact !== undefined || participant?.organization === undefined)
      return participant?.contact?.email;
    return (await find(`organization:${participant.organization}`))?.contact?.email;
  };
