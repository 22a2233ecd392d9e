/** How an answer is to be written: its type, its looks (https://hl7.org/fhir/R4/http.html#parameters). */
import type { Request } from 'express';
import type { QueryPair } from '../core/context.ts';
import { pairsOf } from '../core/query.ts';
import { decodeUtf8 } from '../fhir/json.ts';
import { answerType, FHIR_JSON, isForm } from './negotiate.ts';

export interface Form {
  readonly contentType: string;
  readonly pretty: boolean;
  readonly baseUrl: string;
}

/** Parameters that say how to answer and not what. */
const PRESENTATION: ReadonlySet<string> = new Set(['_format', '_pretty']);

/** The pairs that ask for something. */
export const withoutPresentation = (pairs: readonly QueryPair[]): readonly QueryPair[] =>
  pairs.filter(([name]) => !PRESENTATION.has(name));

/** The answer to one whose wishes cannot be read. */
export const plainForm = (baseUrl: string): Form => ({ contentType: FHIR_JSON, pretty: false, baseUrl });

/**
 * The form that a request asks for, in its URL, in the form that it posts, or in its Accept header.
 * @throws Failure `not-acceptable`
 */
export function formOf(request: Request, baseUrl: string): Form {
  const pairs = [...pairsOf(queryOf(request)), ...postedPairs(request)];
  const valueOf = (name: string): string | undefined => pairs.find(([each]) => each === name)?.[1];
  return {
    contentType: answerType(request.get('accept'), valueOf('_format')),
    pretty: valueOf('_pretty') === 'true',
    baseUrl,
  };
}

/** What follows the first question mark. */
export function queryOf({ originalUrl }: Request): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at + 1);
}

/** The bytes of a body, once they were read. */
export function bytesOf(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/**
 * The pairs of a posted form; none where something else was posted.
 * @throws Failure `malformed` where they are not UTF-8
 */
export const postedPairs = (request: Request): readonly QueryPair[] =>
  isForm(request.get('content-type')) ? pairsOf(decodeUtf8(bytesOf(request))) : [];
