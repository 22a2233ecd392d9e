/** How a caller that nobody vouches for is told so (RFC 6750, 3: https://www.rfc-editor.org/rfc/rfc6750#section-3). */
import { Failure } from '../core/failure.ts';

/** Nobody proved who asks; `challenge` is the WWW-Authenticate header that says how to. */
export class Unproven extends Failure {
  readonly challenge: string;
  constructor(message: string, error?: 'invalid_token' | 'invalid_request') {
    super({ kind: 'unknown-actor', message });
    this.challenge = challengeOf(error, message);
  }
}

/** A challenge of RFC 6750; a description has no quotes of its own. */
export const challengeOf = (error?: string, description?: string): string =>
  error === undefined
    ? 'Bearer realm="fhir"'
    : `Bearer realm="fhir", error="${error}"${description === undefined ? '' : `, error_description="${description}"`}`;

/** @throws Unproven: a token was sent, and it does not count */
export function refuseToken(why: string): never {
  throw new Unproven(`${why} Ask the authorization server for a new token.`, 'invalid_token');
}
