/**
 * Which purpose of use a request asks for: by the parameter `purpose_of_use`, by a scope word `purpose/CODE`, or by the
 * hl7-b2b extension of a client's assertion (UDAP Security 1.0, "B2B Authorization Extension Object"). It can be one only.
 */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { onePurpose } from '../purpose-words.ts';

/** A scope word that asks for a purpose and opens nothing. */
const PURPOSE_WORD = /^purpose\/(\S+)$/;

/** What the library forgets of a request: words of its scope that it does not know, extensions of an assertion. */
const said = new WeakMap<object, unknown[]>();

/** Notes what a request says of its purpose elsewhere than in the parameter. */
export function notePurpose(ctx: KoaContextWithOIDC, ...words: readonly unknown[]): void {
  said.set(ctx, [...(said.get(ctx) ?? []), ...words]);
}

/** The purposes that the words of a scope ask for. */
export const purposesIn = (scope: string): readonly string[] =>
  scope.split(' ').flatMap((word) => PURPOSE_WORD.exec(word)?.[1] ?? []);

/**
 * The purpose that a request asks for; undefined where it leaves it to the role.
 * @throws InvalidRequest for several, or one that there is not
 */
export function askedPurpose(ctx: KoaContextWithOIDC): string | undefined {
  const { params, body } = ctx.oidc;
  const parameter =
    params?.['purpose_of_use'] ?? (body as Record<string, unknown> | undefined)?.['purpose_of_use'];
  return purposeFrom([parameter, ...(said.get(ctx) ?? [])]);
}

/** @throws InvalidRequest for several, or one that there is not */
function purposeFrom(words: readonly unknown[]): string | undefined {
  const purpose = onePurpose(words);
  if (!('fault' in purpose)) return purpose.code;
  throw new errors.InvalidRequest(
    purpose.fault === 'several'
      ? 'a token is for one purpose of use only'
      : 'there is no such purpose of use',
  );
}

const VERSION = '1';

/**
 * Reads the extension of an assertion, where it has one. What it says of the organisation and the person is not
 * believed: the client's registration says it.
 * @throws InvalidGrant for one that lacks what it must have
 */
export function readB2b(ctx: KoaContextWithOIDC, claims: Readonly<Record<string, unknown>>): void {
  const extensions = claims['extensions'] as Readonly<Record<string, unknown>> | undefined;
  const b2b = typeof extensions === 'object' ? extensions['hl7-b2b'] : undefined;
  if (b2b === undefined) return;
  const { version, organization_id, purpose_of_use } = (b2b ?? {}) as Readonly<Record<string, unknown>>;
  const isWhole =
    version === VERSION &&
    typeof organization_id === 'string' &&
    URL.canParse(organization_id) &&
    Array.isArray(purpose_of_use) &&
    purpose_of_use.length > 0;
  if (!isWhole) {
    throw new errors.InvalidGrant('hl7-b2b needs version 1, organization_id (a URI) and purpose_of_use');
  }
  notePurpose(ctx, purpose_of_use);
}
