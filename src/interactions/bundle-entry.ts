/** An entry of a batch or transaction as an ask, and its answer as an entry (https://hl7.org/fhir/R4/bundle.html). */
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Answer, Ask, Body, Conditions, Interaction } from '../core/context.ts';
import { FAILURES, Failure, fail } from '../core/failure.ts';
import { pairsOf } from '../core/query.ts';
import { parseJson } from '../fhir/json.ts';
import { outcomeText } from '../fhir/outcome.ts';
import { check } from '../validation/check.ts';
import type { Rooms } from './rooms.ts';
import { route } from './route.ts';

/**
 * The entries of the Bundle in the body.
 * @throws Failure where the Bundle itself is no FHIR, or has more entries than one request may have
 */
export function entriesOf(rooms: Rooms, ask: Ask): readonly BundleEntry[] {
  if (ask.body?.kind !== 'resource') return fail('malformed', 'The request needs a Bundle in its body.');
  const bundle = ask.body.resource as Bundle;
  const count = Array.isArray(bundle.entry) ? bundle.entry.length : 0;
  // Before the rest is looked at: what is too large is not to be walked through.
  if (count > rooms.limits.entries) {
    fail('too-large', `A Bundle may have at most ${rooms.limits.entries} entries here; send it in parts.`, [
      'Bundle.entry',
    ]);
  }
  const [first, ...more] = check(bundle, 'envelope');
  if (first !== undefined) throw new Failure(first, ...more);
  return bundle.entry ?? [];
}

/**
 * The ask that an entry makes on behalf of the Bundle's sender.
 * @throws Failure where the entry's request cannot be understood
 */
export function askOf(rooms: Rooms, outer: Ask, { request, resource }: BundleEntry): Ask {
  const { method = '', url = '' } = request ?? {};
  const [path, query] = cutAt(relative(rooms, url), '?');
  const target = route(rooms.catalog, method, path);
  if (target.interaction === 'transaction') return fail('malformed', 'A Bundle cannot hold another one.');
  const body = bodyOf(target.interaction, resource);
  const { requestId, actor, from, prefer } = outer;
  return {
    ...target,
    requestId,
    actor,
    door: 'bundle',
    query: pairsOf(query).filter(([name]) => name !== '_format' && name !== '_pretty'),
    queryInUrl: true,
    conditions: conditionsOf(request),
    prefer,
    ...(body && { body }),
    ...(from !== undefined && { from }),
  };
}

function relative(rooms: Rooms, url: string): string {
  const path = url.startsWith(`${rooms.baseUrl}/`) ? url.slice(rooms.baseUrl.length) : url;
  return path.replace(/^\//, '');
}

/** The part before the first separator, and the part after it. */
function cutAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A Binary in a PATCH entry is a JSON Patch (https://hl7.org/fhir/R4/http.html#patch). */
function bodyOf(interaction: Interaction, resource: Resource | undefined): Body | undefined {
  if (resource === undefined || !WITH_BODY.has(interaction)) return undefined;
  if (interaction !== 'patch' || resource.resourceType !== 'Binary') return { kind: 'resource', resource };
  const operations = parseJson(Buffer.from(resource.data ?? '', 'base64').toString('utf8'));
  if (Array.isArray(operations)) return { kind: 'json-patch', operations };
  return fail(
    'malformed',
    'The Binary of a PATCH entry holds a JSON Patch: a list of operations, in base64.',
    ['resource.data'],
  );
}
const WITH_BODY: ReadonlySet<Interaction> = new Set(['create', 'update', 'patch', 'operation']);

function conditionsOf(request: BundleEntry['request']): Conditions {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifNoneExist } = request ?? {};
  return {
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(ifModifiedSince !== undefined && { ifModifiedSince: new Date(ifModifiedSince) }),
    ...(ifNoneExist !== undefined && { ifNoneExist: conditionIn(ifNoneExist) }),
  };
}

/** Some clients send the whole URL; only its query counts. */
export const conditionIn = (text: string): ReturnType<typeof pairsOf> =>
  pairsOf(text.replace(/^[^?]*\?/, ''));

const WRITES: ReadonlySet<Interaction> = new Set(['create', 'update', 'patch', 'delete']);
export const isWrite = ({ interaction }: Ask): boolean => WRITES.has(interaction);

/** An answer as a response entry, in JSON text. */
export function responseEntry(rooms: Rooms, ask: Ask, answer: Answer, isHead: boolean): string {
  const { status, version, lastUpdated, location } = answer;
  const { resource, outcome } = contentOf(ask, isHead ? {} : answer);
  const response = {
    status: String(status),
    ...(location !== undefined && { location: `${rooms.baseUrl}/${location}` }),
    ...(version !== undefined && { etag: `W/"${version}"` }),
    ...(lastUpdated !== undefined && { lastModified: lastUpdated.toISOString() }),
  };
  const told = outcome === undefined ? '' : `,"outcome":${outcome}`;
  const text = `"response":${JSON.stringify(response).slice(0, -1)}${told}}`;
  if (resource === undefined) return `{${text}}`;
  const of = location?.replace(/\/_history\/.*/, '') ?? readUrl(ask);
  const fullUrl = of === undefined ? '' : `"fullUrl":${JSON.stringify(`${rooms.baseUrl}/${of}`)},`;
  return `{${fullUrl}"resource":${resource},${text}}`;
}

const readUrl = ({ interaction, type, id }: Ask): string | undefined =>
  interaction === 'read' || interaction === 'vread' ? `${type ?? ''}/${id ?? ''}` : undefined;

/** Writes give resources back only where that is asked for: a Bundle of a thousand would double on its way. */
function contentOf(
  ask: Ask,
  { body, warnings }: Pick<Answer, 'body' | 'warnings'>,
): { resource?: string; outcome?: string } {
  if (body !== undefined && !isWrite(ask)) return { resource: body };
  if (body !== undefined && ask.prefer.return === 'OperationOutcome') return { outcome: body };
  const told = warnings && { outcome: outcomeText(warnings, '', 'warning') };
  return body !== undefined && ask.prefer.return === 'representation'
    ? { resource: body, ...told }
    : { ...told };
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
