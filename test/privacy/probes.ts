/**
 * Ways of naming one thing, a line each: where the caller may not see it, the answer is the one for a thing that never
 * was, byte for byte; where it may, what `tells` shows it. A channel that is added to the server is added here.
 */
import { body, directive, dose, FHIRPATH_PATCH, merge, type Named } from './bodies.ts';
import { bundle, SYSTEM, type Need } from './findings.ts';
import { message, query, type V2Door } from './messages.ts';
import type { Sent } from './server.ts';

/** A thing as the probes name it, or one that never was. */
export interface Thing {
  readonly type: 'Patient' | 'Immunization' | 'Consent';
  readonly id: string;
  /** Whose record it is of. */
  readonly person: Named;
}

export interface Probe {
  readonly name: string;
  readonly of: readonly Thing['type'][];
  /** What it takes to be shown the thing, where that is what it is for. */
  readonly tells?: (type: Thing['type']) => Need;
  /** Whether it is about the doses of the person: it takes that none of them is seen. */
  readonly ofDoses?: true;
  /** Whether it reports on a person: that takes no sight of the person, only that no directive hides it. */
  readonly reports?: true;
  /** Roles whose sight of it goes further than what is asked here, by their work. */
  readonly not?: readonly string[];
  readonly ask: (thing: Thing) => Sent;
}

const ALL = ['Patient', 'Immunization', 'Consent'] as const;
const BOTH = ['Patient', 'Immunization'] as const;
const PERSON = ['Patient'] as const;
const PATCH = { 'content-type': 'application/json-patch+json' };
const ANSWERABLE = ['auditor', 'privacy-officer', 'registry-manager'];

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Sent => ({ path, headers });
const at = ({ type, id }: Thing): string => `/${type}/${id}`;
const reads = (type: Thing['type']): Need => `${type}.r`;
const number = ({ person }: Thing): string => `identifier=${SYSTEM}|${person.identifier}`;
const changes = (
  method: string,
  path: string,
  sent: object,
  headers: Readonly<Record<string, string>> = {},
): Sent => ({ method, path, body: sent, headers });
/** An entry of a bundle that changes something. */
const entry = (type: string, method: string, url: string, more: object = {}): Sent => ({
  ...{ method: 'POST', path: '' },
  body: { resourceType: 'Bundle', type, entry: [{ request: { method, url, ...more } }] },
});
const withResource = (type: string, url: string, resource: object, method = 'POST'): Sent => ({
  ...{ method: 'POST', path: '' },
  body: { resourceType: 'Bundle', type, entry: [{ resource, request: { method, url } }] },
});
const asks = (door: V2Door, profile: 'Z34' | 'Z44'): Probe => ({
  ...{ name: `${profile} by ${door}`, of: PERSON },
  ask: ({ person }) => message(door, query(profile, person)),
});
const given = (name: string, value: object): object => ({
  ...{ resourceType: 'Parameters' },
  parameter: [{ name, ...value }],
});
/** An operation on a task about the person: who may not know the person may not know that there is one. */
const ofTask = (operation: string, ask: (path: string) => Sent): Probe => ({
  ...{ name: `$${operation} of a task`, of: PERSON, reports: true },
  ask: ({ person }) => ask(`/Task/${person.task}/$${operation}`),
});

export const PROBES: readonly Probe[] = [
  { name: 'read', of: ALL, tells: reads, ask: (thing) => get(at(thing)) },
  { name: 'vread', of: ALL, ask: (thing) => get(`${at(thing)}/_history/1`) },
  { name: 'vread of a version to come', of: ALL, ask: (thing) => get(`${at(thing)}/_history/9`) },
  { name: 'history', of: ALL, tells: reads, ask: (thing) => get(`${at(thing)}/_history`) },
  { name: 'history since', of: ALL, ask: (thing) => get(`${at(thing)}/_history?_since=2100-01-01`) },
  { name: 'head', of: ALL, ask: (thing) => ({ method: 'HEAD', path: at(thing) }) },
  {
    ...{ name: 'read of part', of: BOTH, tells: reads },
    ask: (thing) => get(`${at(thing)}?_elements=identifier`),
  },
  { name: 'read in summary', of: BOTH, tells: reads, ask: (thing) => get(`${at(thing)}?_summary=true`) },
  { name: 'read unless it is', of: ALL, ask: (thing) => get(at(thing), { 'if-none-match': 'W/"1"' }) },
  { name: 'read unless it is any', of: ALL, ask: (thing) => get(at(thing), { 'if-none-match': '*' }) },
  {
    ...{ name: 'read since', of: ALL },
    ask: (thing) => get(at(thing), { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' }),
  },
  { name: 'meta', of: BOTH, ask: (thing) => get(`${at(thing)}/$meta`) },
  { name: 'delete', of: ALL, ask: (thing) => ({ method: 'DELETE', path: at(thing) }) },
  {
    ...{ name: 'delete of a version', of: BOTH },
    ask: (thing) => ({ method: 'DELETE', path: at(thing), headers: { 'if-match': 'W/"1"' } }),
  },
  {
    ...{ name: 'delete of another version', of: BOTH },
    ask: (thing) => ({ method: 'DELETE', path: at(thing), headers: { 'if-match': 'W/"7"' } }),
  },
  {
    ...{ name: 'delete by a condition', of: PERSON },
    ask: (thing) => ({ method: 'DELETE', path: `/Patient?${number(thing)}` }),
  },
  {
    ...{ name: 'delete of doses by a condition', of: PERSON, ofDoses: true },
    ask: ({ id }) => ({ method: 'DELETE', path: `/Immunization?patient=${id}` }),
  },
  {
    ...{ name: 'patch with a test', of: BOTH },
    ask: (thing) => changes('PATCH', at(thing), [{ op: 'test', path: '/id', value: thing.id }], PATCH),
  },
  {
    ...{ name: 'patch with a test that fails', of: BOTH },
    ask: (thing) => changes('PATCH', at(thing), [{ op: 'test', path: '/status', value: 'x' }], PATCH),
  },
  {
    ...{ name: 'patch of a version', of: BOTH },
    ask: (thing) =>
      changes('PATCH', at(thing), [{ op: 'test', path: '/id', value: 'x' }], {
        ...PATCH,
        'if-match': 'W/"1"',
      }),
  },
  {
    ...{ name: 'FHIRPath Patch', of: PERSON },
    ask: (thing) => changes('PATCH', at(thing), FHIRPATH_PATCH),
  },
  {
    ...{ name: 'patch by a condition', of: PERSON },
    ask: (thing) =>
      changes('PATCH', `/Patient?${number(thing)}`, [{ op: 'test', path: '/active', value: true }], PATCH),
  },
  {
    ...{ name: 'patch of doses by a chain', of: PERSON, ofDoses: true },
    ask: (thing) =>
      changes(
        'PATCH',
        `/Immunization?patient.${number(thing)}`,
        [{ op: 'test', path: '/status', value: 'x' }],
        PATCH,
      ),
  },
  {
    ...{ name: 'update of a version', of: PERSON },
    ask: (thing) => changes('PUT', at(thing), body(thing.person, thing.id), { 'if-match': 'W/"1"' }),
  },
  {
    ...{ name: 'update unless it is', of: PERSON },
    ask: (thing) => changes('PUT', at(thing), body(thing.person, thing.id), { 'if-none-match': '*' }),
  },
  {
    ...{ name: 'update of a dose of a version', of: ['Immunization'] },
    ask: (thing) =>
      changes(
        'PUT',
        at(thing),
        { ...dose({ reference: `Patient/${thing.person.id}` }), id: thing.id },
        { 'if-match': 'W/"1"' },
      ),
  },
  {
    ...{ name: 'validation against what is stored', of: PERSON },
    ask: (thing) => changes('POST', `${at(thing)}/$validate`, body(thing.person, thing.id)),
  },
  {
    ...{ name: 'validation of a deletion', of: BOTH },
    ask: (thing) =>
      changes('POST', `${at(thing)}/$validate?mode=delete`, { resourceType: 'Parameters', parameter: [] }),
  },
  {
    ...{ name: 'validation of a dose', of: PERSON, reports: true },
    ask: ({ id }) => changes('POST', '/Immunization/$validate', dose({ reference: `Patient/${id}` })),
  },
  {
    ...{ name: 'a dose for the person', of: PERSON, reports: true },
    ask: ({ id }) => changes('POST', '/Immunization', dose({ reference: `Patient/${id}` })),
  },
  {
    ...{ name: 'a dose for the person by a condition', of: PERSON, reports: true },
    ask: ({ id }) =>
      changes('POST', '/Immunization', dose({ reference: `Patient/${id}` }), {
        'if-none-exist': `patient=${id}`,
      }),
  },
  {
    ...{ name: 'a directive for the person', of: PERSON, reports: true, not: ['patient', 'guardian'] },
    ask: ({ id }) => changes('POST', '/Consent', directive(id)),
  },
  { name: 'search by id', of: ALL, ask: ({ type, id }) => get(`/${type}?_id=${id}`) },
  {
    ...{ name: 'search by id, whole', of: BOTH },
    ask: ({ type, id }) => get(`/${type}?_id=${id}&_total=accurate&_sort=_lastUpdated&_include=*`),
  },
  {
    ...{ name: 'search by person', of: PERSON, ofDoses: true },
    ask: ({ id }) => ({
      ...{ method: 'POST', path: '/Immunization/_search', body: `patient=${id}` },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  },
  { name: 'search by number', of: PERSON, ask: (thing) => get(`/Patient?${number(thing)}`) },
  {
    ...{ name: 'search by what hangs on it', of: PERSON },
    ask: (thing) => get(`/Patient?${number(thing)}&_has:Immunization:patient:status=completed`),
  },
  {
    ...{ name: 'match', of: PERSON },
    ask: ({ person }) =>
      changes('POST', '/Patient/$match', {
        ...{ resourceType: 'Parameters' },
        parameter: [{ name: 'resource', resource: body(person) }],
      }),
  },
  {
    ...{ name: 'certain match', of: PERSON },
    ask: ({ person }) =>
      changes('POST', '/Patient/$match', {
        ...{ resourceType: 'Parameters' },
        parameter: [
          { name: 'resource', resource: body(person) },
          { name: 'onlyCertainMatches', valueBoolean: true },
        ],
      }),
  },
  { name: 'the whole record', of: PERSON, ask: (thing) => get(`${at(thing)}/$everything`) },
  { name: 'forecast', of: PERSON, ask: (thing) => get(`${at(thing)}/$immds-forecast`) },
  { name: 'each dose once', of: PERSON, ask: (thing) => get(`${at(thing)}/$immunization-history`) },
  {
    ...{ name: 'accounting of disclosures', of: PERSON, not: ANSWERABLE },
    ask: (thing) => get(`${at(thing)}/$accounting-of-disclosures`),
  },
  {
    ...{ name: 'explanation of access', of: PERSON, not: ANSWERABLE },
    ask: (thing) => get(`${at(thing)}/$explain-access`),
  },
  {
    ...{ name: 'merge', of: PERSON },
    ask: ({ id }) => changes('POST', '/Patient/$merge', merge(id, 'nobody')),
  },
  {
    ...{ name: 'merge into', of: PERSON },
    ask: ({ id }) => changes('POST', '/Patient/$merge', merge('nobody', id)),
  },
  {
    ...{ name: 'settling of doses', of: PERSON },
    ask: (thing) => changes('POST', `${at(thing)}/$settle-doses`, given('outcome', { valueCode: 'same' })),
  },
  {
    ...{ name: 'a wish to amend', of: PERSON, not: ['patient', 'guardian'] },
    ask: (thing) =>
      changes('POST', `${at(thing)}/$request-amendment`, given('text', { valueString: 'Please.' })),
  },
  ofTask('original', (path) => get(path)),
  ofTask('resend', (path) => changes('POST', path, given('message', { valueBase64Binary: 'TVNIfA==' }))),
  ofTask('settle', (path) => changes('POST', path, given('outcome', { valueCode: 'reject' }))),
  ofTask('review', (path) => get(path)),
  ofTask('answer-amendment', (path) => changes('POST', path, given('outcome', { valueString: 'accept' }))),
  // Whose work it is sees that, whether or not the purpose opens the person.
  { name: 'what waits', of: PERSON, reports: true, ask: ({ id }) => get(`/Task?patient=${id}`) },
  {
    ...{ name: 'who looked', of: BOTH, not: ANSWERABLE },
    ask: ({ type, id }) => get(`/AuditEvent?entity=${type}/${id}`),
  },
  { name: 'where it came from', of: BOTH, ask: ({ type, id }) => get(`/Provenance?target=${type}/${id}`) },
  {
    ...{ name: 'in a batch', of: ALL },
    ask: ({ type, id }) => bundle('batch', `${type}/${id}`, `${type}/${id}/_history`, `${type}?_id=${id}`),
  },
  { name: 'in a transaction', of: ALL, ask: ({ type, id }) => bundle('transaction', `${type}/${id}`) },
  {
    ...{ name: 'delete in a transaction', of: BOTH },
    ask: ({ type, id }) => entry('transaction', 'DELETE', `${type}/${id}`),
  },
  {
    ...{ name: 'delete in a batch by a condition', of: PERSON },
    ask: (thing) => entry('batch', 'DELETE', `Patient?${number(thing)}`),
  },
  {
    ...{ name: 'read unless it is, in a batch', of: ALL },
    ask: ({ type, id }) => entry('batch', 'GET', `${type}/${id}`, { ifNoneMatch: 'W/"1"' }),
  },
  {
    ...{ name: 'a reference of a transaction', of: PERSON, reports: true },
    ask: (thing) =>
      withResource('transaction', 'Immunization', dose({ reference: `Patient?${number(thing)}` })),
  },
  {
    ...{ name: 'a dose in a batch', of: PERSON, reports: true },
    ask: ({ id }) => withResource('batch', 'Immunization', dose({ reference: `Patient/${id}` })),
  },
  {
    ...{ name: 'update in a transaction', of: PERSON },
    ask: ({ id, person }) => withResource('transaction', `Patient/${id}`, body(person, id), 'PUT'),
  },
  asks('http', 'Z34'),
  asks('http', 'Z44'),
  asks('soap', 'Z34'),
  asks('soap', 'Z44'),
  asks('mllp', 'Z34'),
  asks('mllp', 'Z44'),
];
