/**
 * Every way in, a line each. `finds` tells all that the caller may see of what it names, and no more; `probes` names one
 * thing, and where the caller may not see that, the answer is the one for a thing that never was, byte for byte.
 */
import type { Sent } from './server.ts';

/** A person as the channels name it. */
export interface Named {
  readonly person: string;
  /** The value of an identifier that only this person has. */
  readonly identifier: string;
}

export interface Finding {
  readonly name: string;
  /** What it may show of the person. */
  readonly shows: 'doses' | 'person' | 'both' | 'neither';
  /** Whether the number of matches is told in Bundle.total, and nothing else. */
  readonly counts?: true;
  readonly ask: (named: Named) => Sent;
}

const get = (path: string): Sent => ({ path });
const SYSTEM = 'http://clinic.example.org/mrn';
const bundle = (type: string, ...urls: string[]): Sent => ({
  method: 'POST',
  path: '',
  body: { resourceType: 'Bundle', type, entry: urls.map((url) => ({ request: { method: 'GET', url } })) },
});
const form = (path: string, patient: string): Sent => get(`${path}/_search?patient=${patient}`);

export const FINDINGS: readonly Finding[] = [
  { name: 'search by patient', shows: 'doses', ask: ({ person }) => get(`/Immunization?patient=${person}`) },
  {
    name: 'search with a total',
    shows: 'doses',
    ask: ({ person }) => get(`/Immunization?patient=${person}&_total=accurate`),
  },
  {
    name: 'search in order',
    shows: 'doses',
    ask: ({ person }) => get(`/Immunization?patient=${person}&_sort=date`),
  },
  {
    name: 'search in pages of one',
    shows: 'doses',
    ask: ({ person }) => get(`/Immunization?patient=${person}&_count=1`),
  },
  {
    name: 'search of a compartment',
    shows: 'doses',
    ask: ({ person }) => get(`/Patient/${person}/Immunization`),
  },
  {
    name: 'search by a chain',
    shows: 'doses',
    ask: ({ identifier }) => get(`/Immunization?patient.identifier=${SYSTEM}|${identifier}`),
  },
  {
    name: 'a count',
    shows: 'doses',
    counts: true,
    ask: ({ person }) => get(`/Immunization?patient=${person}&_summary=count`),
  },
  {
    name: 'search with what it refers to',
    shows: 'both',
    ask: ({ person }) => get(`/Immunization?patient=${person}&_include=Immunization:patient`),
  },
  { name: 'a person', shows: 'person', ask: ({ person }) => get(`/Patient?_id=${person}`) },
  {
    name: 'a person by identifier',
    shows: 'person',
    ask: ({ identifier }) => get(`/Patient?identifier=${SYSTEM}|${identifier}`),
  },
  {
    name: 'a person with what refers to it',
    shows: 'both',
    ask: ({ person }) => get(`/Patient?_id=${person}&_revinclude=Immunization:patient`),
  },
  {
    name: 'a person by what refers to it',
    shows: 'person',
    ask: ({ identifier }) =>
      get(`/Patient?identifier=${SYSTEM}|${identifier}&_has:Immunization:patient:status=completed`),
  },
  { name: 'the whole record', shows: 'both', ask: ({ person }) => get(`/Patient/${person}/$everything`) },
  {
    name: 'a batch',
    shows: 'both',
    ask: ({ person }) => bundle('batch', `Immunization?patient=${person}`, `Patient/${person}`),
  },
  {
    name: 'a transaction',
    shows: 'both',
    ask: ({ person }) => bundle('transaction', `Immunization?patient=${person}`, `Patient?_id=${person}`),
  },
  {
    name: 'recommendations',
    shows: 'neither',
    ask: ({ person }) => get(`/ImmunizationRecommendation?patient=${person}`),
  },
  {
    name: 'evaluations',
    shows: 'neither',
    ask: ({ person }) => get(`/ImmunizationEvaluation?patient=${person}`),
  },
  { name: 'a forecast', shows: 'neither', ask: ({ person }) => get(`/Patient/${person}/$immds-forecast`) },
  { name: 'where it came from', shows: 'neither', ask: ({ person }) => get(`/Provenance?patient=${person}`) },
  { name: 'directives', shows: 'neither', ask: ({ person }) => get(`/Consent?patient=${person}`) },
];

/** A thing as the probes name it, or one that never was. */
export interface Thing {
  readonly type: 'Patient' | 'Immunization';
  readonly id: string;
  /** Of a Patient. */
  readonly identifier: string;
  readonly person: string;
}

export interface Probe {
  readonly name: string;
  readonly of: readonly Thing['type'][];
  readonly ask: (thing: Thing) => Sent;
}

const BOTH = ['Patient', 'Immunization'] as const;
const PATCH = { 'content-type': 'application/json-patch+json' };

export const PROBES: readonly Probe[] = [
  { name: 'read', of: BOTH, ask: ({ type, id }) => get(`/${type}/${id}`) },
  { name: 'vread', of: BOTH, ask: ({ type, id }) => get(`/${type}/${id}/_history/1`) },
  { name: 'history', of: BOTH, ask: ({ type, id }) => get(`/${type}/${id}/_history`) },
  { name: 'head', of: BOTH, ask: ({ type, id }) => ({ method: 'HEAD', path: `/${type}/${id}` }) },
  {
    name: 'conditional read',
    of: BOTH,
    ask: ({ type, id }) => ({ path: `/${type}/${id}`, headers: { 'if-none-match': 'W/"1"' } }),
  },
  {
    name: 'read since',
    of: BOTH,
    ask: ({ type, id }) => ({
      path: `/${type}/${id}`,
      headers: { 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
    }),
  },
  { name: 'meta', of: BOTH, ask: ({ type, id }) => get(`/${type}/${id}/$meta`) },
  { name: 'delete', of: BOTH, ask: ({ type, id }) => ({ method: 'DELETE', path: `/${type}/${id}` }) },
  {
    name: 'delete of a version',
    of: BOTH,
    ask: ({ type, id }) => ({ method: 'DELETE', path: `/${type}/${id}`, headers: { 'if-match': 'W/"1"' } }),
  },
  {
    name: 'patch with a test',
    of: BOTH,
    ask: ({ type, id }) => ({
      method: 'PATCH',
      path: `/${type}/${id}`,
      headers: PATCH,
      body: [{ op: 'test', path: '/id', value: id }],
    }),
  },
  {
    name: 'update of a version',
    of: ['Patient'],
    ask: ({ id }) => ({
      method: 'PUT',
      path: `/Patient/${id}`,
      headers: { 'if-match': 'W/"1"' },
      body: { resourceType: 'Patient', id, name: [{ family: 'X' }], birthDate: '2015-01-01' },
    }),
  },
  {
    name: 'validation against what is stored',
    of: ['Patient'],
    ask: ({ id }) => ({
      method: 'POST',
      path: `/Patient/${id}/$validate`,
      body: { resourceType: 'Patient', id, name: [{ family: 'X' }], birthDate: '2015-01-01' },
    }),
  },
  {
    name: 'a dose for the person',
    of: ['Patient'],
    ask: ({ id }) => ({ method: 'POST', path: '/Immunization', body: dose(id) }),
  },
  {
    name: 'update by a condition',
    of: ['Patient'],
    ask: ({ identifier }) => ({
      method: 'PATCH',
      path: `/Patient?identifier=${SYSTEM}|${identifier}`,
      headers: PATCH,
      body: [{ op: 'test', path: '/active', value: true }],
    }),
  },
  { name: 'search by id', of: BOTH, ask: ({ type, id }) => get(`/${type}?_id=${id}`) },
  { name: 'search by person', of: ['Patient'], ask: ({ person }) => form('/Immunization', person) },
  { name: 'the whole record', of: ['Patient'], ask: ({ id }) => get(`/Patient/${id}/$everything`) },
  { name: 'forecast', of: ['Patient'], ask: ({ id }) => get(`/Patient/${id}/$immds-forecast`) },
  {
    name: 'in a batch',
    of: BOTH,
    ask: ({ type, id }) => bundle('batch', `${type}/${id}`, `${type}/${id}/_history`),
  },
  { name: 'in a transaction', of: BOTH, ask: ({ type, id }) => bundle('transaction', `${type}/${id}`) },
  {
    name: 'a reference of a transaction',
    of: ['Patient'],
    ask: ({ identifier }) => ({
      method: 'POST',
      path: '',
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            resource: dose('', { reference: `Patient?identifier=${SYSTEM}|${identifier}` }),
            request: { method: 'POST', url: 'Immunization' },
          },
        ],
      },
    }),
  },
];

function dose(person: string, patient: object = { reference: `Patient/${person}` }): object {
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140' }] },
    patient,
    occurrenceDateTime: '2024-03-01',
  };
}
