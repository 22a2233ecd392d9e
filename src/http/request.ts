/** From an HTTP request to an Ask; what is wrong on the way is a Failure. */
import type { Resource } from '@medplum/fhirtypes';
import type { Request } from 'express';
import type { Actor, Ask, Body, Conditions, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { decodeUtf8, parseJson } from '../fhir/json.ts';
import { pairsOf } from '../core/query.ts';
import type { Rooms } from '../interactions/rooms.ts';
import { route, type Target } from '../interactions/route.ts';
import { bodyType, isForm } from './negotiate.ts';
import { preferOf } from './prefer.ts';

/** Parameters that say how to answer and not what. */
export const PRESENTATION: ReadonlySet<string> = new Set(['_format', '_pretty']);

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** Makes the ask of a request whose body has been read. */
export function askOf(rooms: Rooms, request: Request, actor: Actor, requestId: string): Ask {
  const [path, query] = splitUrl(request.url);
  const target = route(rooms.catalog, request.method, path);
  const inUrl = pairsOf(query).filter(([name]) => !PRESENTATION.has(name));
  const isSearchPost = target.interaction === 'search-type' && request.method === 'POST';
  const inForm = isSearchPost ? formOf(request) : [];
  const body = isSearchPost ? undefined : bodyOf(request);
  const key = idempotencyKeyOf(request);
  return {
    ...withBundle(target, body),
    actor,
    requestId,
    door: 'http',
    query: [...inUrl, ...inForm, ...(target.interaction === 'operation' ? inputsOf(body) : [])],
    queryInUrl: inForm.length === 0,
    conditions: conditionsOf(request),
    prefer: preferOf(request.get('prefer')),
    ...(body && { body }),
    ...(key !== undefined && { idempotencyKey: key }),
    ...(request.ip !== undefined && { from: request.ip }),
  };
}

function splitUrl(url: string): [string, string] {
  const [path = '', ...query] = url.split('?');
  return [path.replace(/^\/+|\/+$/g, ''), query.join('?')];
}

/** Simple inputs of an operation stand in its Parameters as they would in its URL (https://hl7.org/fhir/R4/operations.html#request). */
function inputsOf(body: Body | undefined): QueryPair[] {
  if (body?.kind !== 'resource' || body.resource.resourceType !== 'Parameters') return [];
  return (body.resource.parameter ?? []).flatMap(({ name, ...rest }) => {
    const value = Object.entries(rest).find(([element]) => element.startsWith('value'))?.[1] as unknown;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)]]
      : [];
  });
}

/** A Bundle posted to the base says itself whether it is a batch or a transaction. */
function withBundle(target: Target, body: Body | undefined): Target {
  if (target.interaction !== 'transaction') return target;
  const type: unknown =
    body?.kind === 'resource' && body.resource.resourceType === 'Bundle' ? body.resource.type : undefined;
  if (type === 'batch' || type === 'transaction') return { ...target, interaction: type };
  return fail('malformed', 'The base takes a Bundle of type batch or transaction.', ['Bundle.type']);
}

const bytesOf = (request: Request): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

function formOf(request: Request): QueryPair[] {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return [];
  if (!isForm(request.get('content-type'))) {
    return fail('unsupported-media', 'A _search is posted as application/x-www-form-urlencoded.');
  }
  return pairsOf(decodeUtf8(bytes)).filter(([name]) => !PRESENTATION.has(name));
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
    // Some clients send the whole URL; only its query counts.
    ...(ifNoneExist !== undefined && { ifNoneExist: pairsOf(ifNoneExist.replace(/^[^?]*\?/, '')) }),
  };
}

/** A date that cannot be read is as if it were not there (RFC 9110, 13.1.3). */
function httpDate(text: string | undefined): Date | undefined {
  const date = text === undefined ? undefined : new Date(text);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    fail('invalid-value', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  return key;
}
