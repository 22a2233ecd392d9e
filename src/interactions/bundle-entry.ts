/** An entry of a batch or transaction as an ask, and its answer as an entry (https://hl7.org/fhir/R4/bundle.html). */
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Answer, Ask, Body, Conditions } from '../core/context.ts';
import { FAILURES, Failure, fail } from '../core/failure.ts';
import { pairsOf } from '../core/query.ts';
import { outcomeText } from '../fhir/outcome.ts';
import type { Rooms } from './rooms.ts';
import { route } from './route.ts';

/** The Bundle in the body, with no more entries than one request may have. */
export function entriesOf(rooms: Rooms, ask: Ask): BundleEntry[] {
  const bundle = ask.body?.kind === 'resource' ? (ask.body.resource as Bundle) : undefined;
  const entries = bundle?.entry ?? [];
  if (!Array.isArray(entries)) return fail('malformed', 'Bundle.entry must be a list.', ['Bundle.entry']);
  if (entries.length > rooms.limits.entries) {
    fail('too-large', `A Bundle may have at most ${rooms.limits.entries} entries here; send it in parts.`, [
      'Bundle.entry',
    ]);
  }
  return entries;
}

/**
 * The ask that an entry makes on behalf of the Bundle's sender.
 * @throws Failure where the entry's request cannot be understood
 */
export function askOf(rooms: Rooms, outer: Ask, entry: BundleEntry): Ask {
  const { method, url } = entry.request ?? {};
  if (typeof method !== 'string' || typeof url !== 'string') {
    return fail('required', 'Every entry needs request.method and request.url.', ['request']);
  }
  const [path = '', query = ''] = split(relative(rooms, url), '?');
  const target = route(rooms.catalog, method, path);
  const body = bodyOf(target.interaction, entry.resource);
  const { requestId, actor, from } = outer;
  return {
    ...target,
    requestId,
    actor,
    door: 'bundle',
    query: pairsOf(query),
    queryInUrl: true,
    conditions: conditionsOf(entry),
    prefer: outer.prefer,
    ...(body && { body }),
    ...(from !== undefined && { from }),
  };
}

function relative(rooms: Rooms, url: string): string {
  const path = url.startsWith(`${rooms.baseUrl}/`) ? url.slice(rooms.baseUrl.length) : url;
  return path.replace(/^\//, '');
}

/** The part before the first separator, and the part after it. */
function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A Binary in a PATCH entry is a JSON Patch (https://hl7.org/fhir/R4/http.html#patch). */
function bodyOf(interaction: string, resource: Resource | undefined): Body | undefined {
  if (resource === undefined) return undefined;
  if (interaction !== 'patch' || resource.resourceType !== 'Binary') return { kind: 'resource', resource };
  const text = Buffer.from(resource.data ?? '', 'base64').toString('utf8');
  try {
    const operations: unknown = JSON.parse(text);
    if (Array.isArray(operations)) return { kind: 'json-patch', operations };
  } catch {
    // Falls through: text that is no JSON is no list of operations either.
  }
  return fail(
    'malformed',
    'The Binary of a PATCH entry holds a JSON Patch: a list of operations, in base64.',
    ['resource.data'],
  );
}

function conditionsOf({ request }: BundleEntry): Conditions {
  const since = request?.ifModifiedSince === undefined ? undefined : new Date(request.ifModifiedSince);
  return {
    ...(request?.ifMatch !== undefined && { ifMatch: request.ifMatch }),
    ...(request?.ifNoneMatch !== undefined && { ifNoneMatch: request.ifNoneMatch }),
    ...(request?.ifNoneExist !== undefined && {
      ifNoneExist: pairsOf(request.ifNoneExist.replace(/^.*\?/, '')),
    }),
    ...(since !== undefined && { ifModifiedSince: since }),
  };
}

/** An answer as a response entry, in JSON text. */
export function responseEntry(rooms: Rooms, answer: Answer): string {
  const { status, version, lastUpdated, location, body } = answer;
  const response = {
    status: String(status),
    ...(location !== undefined && { location: `${rooms.baseUrl}/${location}` }),
    ...(version !== undefined && { etag: `W/"${version}"` }),
    ...(lastUpdated !== undefined && { lastModified: lastUpdated.toISOString() }),
  };
  const text = `{"response":${JSON.stringify(response)}`;
  const fullUrl =
    location === undefined
      ? ''
      : `"fullUrl":${JSON.stringify(`${rooms.baseUrl}/${location.replace(/\/_history\/.*/, '')}`)},`;
  return body === undefined ? `${text}}` : `{${fullUrl}"resource":${body},${text.slice(1)}}`;
}

/** A fault as a response entry. */
export function failureEntry(failure: Failure): string {
  const response = JSON.stringify({ status: String(FAILURES[failure.kind].status) });
  return `{"response":${response.slice(0, -1)},"outcome":${outcomeText(failure.issues)}}}`;
}

/** The Bundle of the response entries. */
export const responseBundle = (
  type: 'batch-response' | 'transaction-response',
  entries: readonly string[],
): string =>
  `{"resourceType":"Bundle","type":"${type}"${entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`}}`;
