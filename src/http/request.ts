/** From an HTTP request to an Ask; what is wrong on the way is a Failure. */
import type { Resource } from '@medplum/fhirtypes';
import type { Request } from 'express';
import type { Actor, Ask, Body, Conditions, QueryPair } from '../core/context.ts';
import { Failure, fail } from '../core/failure.ts';
import { pairsOf } from '../core/query.ts';
import { decodeUtf8, isKeptNumber, parseJson } from '../fhir/json.ts';
import { conditionIn } from '../interactions/bundle-entry.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { route, type Target } from '../interactions/route.ts';
import { isControl } from '../search/controls.ts';
import { check } from '../validation/check.ts';
import { bytesOf, postedPairs, queryOf, withoutPresentation } from './form.ts';
import { bodyType, isForm } from './negotiate.ts';
import { preferOf } from './prefer.ts';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** Makes the ask of a request whose body has been read. */
export function askOf(rooms: Rooms, request: Request, actor: Actor, requestId: string): Ask {
  const target = route(rooms.catalog, request.method, pathOf(request));
  const inUrl = withoutPresentation(pairsOf(queryOf(request)));
  const isSearch = target.interaction === 'search-type';
  const inForm = isSearch && request.method === 'POST' ? searchForm(request) : [];
  const body = !isSearch && WITH_BODY.has(request.method) ? bodyOf(request) : undefined;
  const key = idempotencyKeyOf(request);
  return {
    ...withBundle(target, body),
    actor,
    requestId,
    door: 'http',
    query: [...inUrl, ...inForm, ...(target.interaction === 'operation' ? inputsOf(body) : [])],
    queryInUrl: inForm.length === 0 || inUrl.some(([name]) => !isControl(name)),
    conditions: conditionsOf(request),
    prefer: preferOf(request.get('prefer')),
    ...(body && { body, original: originalOf(request) }),
    ...(key !== undefined && { idempotencyKey: key }),
    ...(request.ip !== undefined && { from: request.ip }),
  };
}

const originalOf = (request: Request): NonNullable<Ask['original']> => ({
  contentType: request.get('content-type') ?? '',
  bytes: bytesOf(request),
});

/** What others send in a body has no meaning (RFC 9110, 9.3). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** The path below the base, without a slash at either end. */
export const pathOf = ({ url }: Request): string => (url.split('?')[0] ?? '').replace(/^\/+|\/+$/g, '');

/**
 * Simple inputs of an operation stand in its Parameters as they would in its URL
 * (https://hl7.org/fhir/R4/operations.html#request).
 * @throws Failure where the Parameters are no FHIR
 */
function inputsOf(body: Body | undefined): QueryPair[] {
  if (body?.kind !== 'resource' || body.resource.resourceType !== 'Parameters') return [];
  const [first, ...more] = check(body.resource, 'envelope');
  if (first !== undefined) throw new Failure(first, ...more);
  return (body.resource.parameter ?? []).flatMap(({ name, ...rest }): QueryPair[] => {
    const value: unknown = Object.entries(rest).find(([element]) => element.startsWith('value'))?.[1];
    const text = isKeptNumber(value) ? value.rawJSON : value;
    return SIMPLE.has(typeof text) ? [[name, String(text)]] : [];
  });
}
const SIMPLE: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);

/** A Bundle posted to the base says itself whether it is a batch or a transaction. */
function withBundle(target: Target, body: Body | undefined): Target {
  if (target.interaction !== 'transaction') return target;
  const type: unknown =
    body?.kind === 'resource' && body.resource.resourceType === 'Bundle' ? body.resource.type : undefined;
  if (type === 'batch' || type === 'transaction') return { ...target, interaction: type };
  return fail('malformed', 'The base takes a Bundle of type batch or transaction.', ['Bundle.type']);
}

/** @throws Failure `unsupported-media` for a body that is no form */
function searchForm(request: Request): readonly QueryPair[] {
  if (bytesOf(request).length > 0 && !isForm(request.get('content-type'))) {
    fail('unsupported-media', 'A _search is posted as application/x-www-form-urlencoded.');
  }
  return withoutPresentation(postedPairs(request));
}

function bodyOf(request: Request): Body | undefined {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  const kind = bodyType(request.get('content-type'), request.method);
  const value = parseJson(decodeUtf8(bytes));
  if (kind === 'json-patch') {
    if (Array.isArray(value)) return { kind, operations: value };
    return fail('malformed', 'A JSON Patch is a list of operations.');
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    'resourceType' in value &&
    typeof value.resourceType === 'string'
  ) {
    return { kind, resource: value as Resource };
  }
  return fail('malformed', 'The body is not a FHIR resource: an object with a resourceType.', [
    'resourceType',
  ]);
}

function conditionsOf(request: Request): Conditions {
  const [ifMatch, ifNoneMatch, ifNoneExist] = ['if-match', 'if-none-match', 'if-none-exist'].map((name) =>
    request.get(name),
  );
  const since = httpDate(request.get('if-modified-since'));
  return {
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(since !== undefined && { ifModifiedSince: since }),
    ...(ifNoneExist !== undefined && { ifNoneExist: conditionIn(ifNoneExist) }),
  };
}

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .* GMT$/;

/** What is no HTTP date is as if it were not there (RFC 9110, 13.1.3 and 5.6.7). */
function httpDate(text: string | undefined): Date | undefined {
  const date = text === undefined || !HTTP_DATE.test(text) ? undefined : new Date(text);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    fail('invalid-value', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  return key;
}
