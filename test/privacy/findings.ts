/**
 * Ways of looking for something, a line each: what comes back of whom the caller may see is all that it may see, and of
 * whom it may not, nothing. A channel that is added to the server is added here.
 */
import type { Known } from './generate.ts';
import { FACILITY, message, query } from './messages.ts';
import type { Dose } from './model.ts';
import type { Letter, Type } from './rights.ts';
import type { Sent } from './server.ts';

/** What it takes: a type and a letter of SMART's. */
export type Need = `${Type}.${Letter}`;

export interface Finding {
  readonly name: string;
  /** Without all of which it is refused. */
  readonly needs: readonly Need[];
  /** Doses that are to be told, and what it takes. */
  readonly doses?: Need;
  /** Which of the doses; all of them where it is not said. */
  readonly only?: (dose: Dose) => boolean;
  /** Whether the person is to be told, and what it takes. */
  readonly person?: Need;
  /** Whether the person is found by doses (`only` those), and not without one. */
  readonly byDoses?: true;
  readonly directives?: Need;
  /** Whether nothing is found by way of a person who is hidden. */
  readonly through?: true;
  /** Whether it looks through everybody's. */
  readonly browses?: true;
  /** Whether it is an operation on one record, which looks for its parts itself. */
  readonly isPart?: true;
  /** Whether the number of matches is told in Bundle.total, and nothing else. */
  readonly counts?: true;
  /** Whether it needs a token for everything: it touches types that are not told of here. */
  readonly wholeToken?: true;
  /** Whether it tells who looked at records, which those see who answer for that. */
  readonly logs?: true;
  /** Whether it is a list of people: nobody hidden is so much as referred to. */
  readonly namesPeople?: true;
  /** Roles that it is of, where it is not everybody's. */
  readonly roles?: readonly string[];
  readonly ask: (person: Known) => Sent;
}

const get = (path: string): Sent => ({ path });
export const SYSTEM = 'http://clinic.example.org/mrn';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const posted = (type: string, text: string): Sent => ({
  ...{ method: 'POST', path: `/${type}/_search`, headers: FORM, body: text },
});
export const bundle = (type: string, ...urls: string[]): Sent => ({
  method: 'POST',
  path: '',
  body: { resourceType: 'Bundle', type, entry: urls.map((url) => ({ request: { method: 'GET', url } })) },
});
const parameters = (path: string, ...parameter: object[]): Sent => ({
  ...{ method: 'POST', path, body: { resourceType: 'Parameters', parameter } },
});

const DOSES = { needs: ['Immunization.s'], doses: 'Immunization.s' } as const;
const PERSON = { needs: ['Patient.s'], person: 'Patient.s' } as const;
const WITH_PERSON = { ...DOSES, person: 'Patient.r', byDoses: true } as const;
const RECORD = { needs: ['Patient.r'], through: true, isPart: true } as const;
const of = ({ id }: Known): string => `patient=${id}`;
const number = ({ identifier }: Known): string => `identifier=${SYSTEM}|${identifier}`;
const isHpv = ({ vaccine }: Dose): boolean => vaccine === '62';

/** A search of the doses of a person, with something said beside. */
const doses = (name: string, more: string, only?: (dose: Dose) => boolean): Finding => ({
  ...{ name, ...DOSES, ...(only && { only }) },
  ask: (person) => get(`/Immunization?${of(person)}${more}`),
});
/** A search for the person by its number, with something said beside. */
const person = (name: string, more: string, shows: Partial<Finding> = {}): Finding => ({
  ...{ name, ...PERSON, ...shows },
  ask: (of_) => get(`/Patient?${number(of_)}${more}`),
});

export const FINDINGS: readonly Finding[] = [
  doses('doses by patient', ''),
  doses('doses with a total', '&_total=accurate'),
  doses('doses in order', '&_sort=date'),
  doses('doses in order, last first', '&_sort=-date'),
  doses('doses in pages of one', '&_count=1'),
  doses('doses in pages of one, in order', '&_count=1&_sort=-_lastUpdated'),
  doses('doses by vaccine', '&vaccine-code=62', isHpv),
  doses('doses of a time', '&date=lt2024-05-01', ({ day }) => day < '2024-05-01'),
  doses('doses of another state', '&status:not=not-done'),
  doses('doses in summary', '&_summary=true'),
  doses('doses in part', '&_elements=vaccineCode'),
  { ...doses('a count of doses', '&_summary=count'), counts: true },
  { ...doses('a page of none', '&_count=0&_total=accurate'), counts: true },
  { ...doses('a count by vaccine', '&vaccine-code=62&_summary=count', isHpv), counts: true },
  { name: 'doses by POST', ...DOSES, ask: (p) => posted('Immunization', of(p)) },
  { name: 'doses by reference', ...DOSES, ask: ({ id }) => get(`/Immunization?patient=Patient/${id}`) },
  { name: 'doses of a compartment', ...DOSES, ask: ({ id }) => get(`/Patient/${id}/Immunization`) },
  {
    ...{ name: 'doses by ids', ...DOSES },
    ask: ({ doses: all }) => get(`/Immunization?_id=${['none', ...all.map(({ id }) => id)].join(',')}`),
  },
  {
    ...{ name: 'doses by a chain', needs: ['Immunization.s', 'Patient.s'], through: true },
    doses: 'Immunization.s',
    ask: (p) => get(`/Immunization?patient.${number(p)}`),
  },
  {
    ...{ name: 'doses by a chain of POST', needs: ['Immunization.s', 'Patient.s'], through: true },
    doses: 'Immunization.s',
    ask: (p) => posted('Immunization', `patient:Patient.${number(p)}&_sort=date`),
  },
  { ...doses('doses with the person', '&_include=Immunization:patient'), ...WITH_PERSON },
  {
    ...doses('doses with all around', '&_include=Immunization:patient&_revinclude=Provenance:target'),
    ...WITH_PERSON,
  },
  {
    ...doses('doses by iteration', '&_include=Immunization:patient&_revinclude:iterate=Immunization:patient'),
    ...WITH_PERSON,
  },
  { name: 'a person', ...PERSON, ask: ({ id }) => get(`/Patient?_id=${id}`) },
  person('a person by number', ''),
  person('a person in order', '&_sort=family'),
  person('a person in summary', '&_summary=true'),
  {
    ...{ name: 'a person by name', ...PERSON },
    ask: ({ family, birthDate }) => get(`/Patient?family=${family}&birthdate=${birthDate}`),
  },
  { name: 'a person by POST', ...PERSON, ask: (p) => posted('Patient', number(p)) },
  {
    ...person('a person with doses', '&_revinclude=Immunization:patient', { doses: 'Immunization.s' }),
    through: true,
  },
  person('a person by having doses', '&_has:Immunization:patient:status=completed', {
    ...{ needs: ['Patient.s', 'Immunization.s'], byDoses: true },
  }),
  person('a person by having a vaccine', '&_has:Immunization:patient:vaccine-code=62', {
    ...{ needs: ['Patient.s', 'Immunization.s'], byDoses: true, only: isHpv },
  }),
  {
    ...{ name: 'a person by match', ...PERSON, isPart: true },
    ask: ({ family, given, birthDate }) =>
      parameters('/Patient/$match', {
        name: 'resource',
        resource: { resourceType: 'Patient', name: [{ family, given: [given] }], birthDate },
      }),
  },
  {
    ...{ name: 'the whole record', ...RECORD, person: 'Patient.r', doses: 'Immunization.s' },
    ask: ({ id }) => get(`/Patient/${id}/$everything`),
  },
  {
    ...{ name: 'the whole record in pages', ...RECORD, person: 'Patient.r', doses: 'Immunization.s' },
    ask: ({ id }) => get(`/Patient/${id}/$everything?_count=2`),
  },
  {
    ...{ name: 'each dose once', ...RECORD, needs: ['Patient.r', 'Immunization.s'] },
    // Reports of one dose are told as one.
    ask: ({ id }) => get(`/Patient/${id}/$immunization-history`),
  },
  {
    ...{ name: 'a batch', needs: [], doses: 'Immunization.s', person: 'Patient.r' },
    ask: ({ id }) => bundle('batch', `Immunization?patient=${id}`, `Patient/${id}`),
  },
  {
    ...{ name: 'a transaction', needs: ['Immunization.s', 'Patient.s'] },
    ...{ doses: 'Immunization.s', person: 'Patient.s' },
    ask: ({ id }) => bundle('transaction', `Immunization?patient=${id}`, `Patient?_id=${id}`),
  },
  {
    ...{ name: 'all past doses', ...DOSES, browses: true },
    ask: () => get('/Immunization/_history?_count=50'),
  },
  {
    ...{ name: 'all past people', ...PERSON, browses: true },
    ask: () => get('/Patient/_history?_count=50'),
  },
  {
    ...{ name: 'all of the past', needs: [], browses: true },
    ...{ doses: 'Immunization.s', person: 'Patient.s' },
    ask: () => get('/_history?_count=100'),
  },
  {
    ...{ name: 'a history by message', needs: ['Patient.s', 'Immunization.s'], wholeToken: true },
    ...{ doses: 'Immunization.s', through: true, roles: ['provider'] },
    ask: (p) => message('http', query('Z34', p)),
  },
  {
    ...{ name: 'an evaluated history by message', needs: ['Patient.s', 'Immunization.s'], wholeToken: true },
    ...{ doses: 'Immunization.s', through: true, roles: ['provider'] },
    ask: (p) => message('http', query('Z44', p)),
  },
  {
    ...{ name: 'a history by SOAP', needs: ['Patient.s', 'Immunization.s'], wholeToken: true },
    ...{ doses: 'Immunization.s', through: true, roles: ['provider'] },
    ask: (p) => message('soap', query('Z34', p)),
  },
  {
    ...{ name: 'a history by MLLP', needs: ['Patient.s', 'Immunization.s'], wholeToken: true },
    ...{ doses: 'Immunization.s', through: true, roles: ['provider'] },
    ask: (p) => message('mllp', query('Z34', p)),
  },
  {
    ...{ name: 'recommendations', needs: [] },
    ask: (p) => get(`/ImmunizationRecommendation?${of(p)}`),
  },
  { name: 'evaluations', needs: [], ask: (p) => get(`/ImmunizationEvaluation?${of(p)}`) },
  { name: 'a forecast', needs: [], ask: ({ id }) => get(`/Patient/${id}/$immds-forecast`) },
  { name: 'where it came from', needs: [], ask: (p) => get(`/Provenance?${of(p)}`) },
  {
    ...{ name: 'where doses came from', needs: [] },
    ask: ({ doses: all }) => get(`/Provenance?target=Immunization/${all[0]?.id ?? 'none'}`),
  },
  {
    ...{ name: 'directives', needs: ['Consent.s'], directives: 'Consent.s' },
    ask: (p) => get(`/Consent?${of(p)}`),
  },
  {
    ...{ name: 'directives by reference', needs: [] },
    ask: ({ directives }) => get(`/Consent?data=Consent/${directives[0]?.id ?? 'none'}`),
  },
  {
    ...{ name: 'a panel', needs: [], namesPeople: true },
    ask: () => get(`/Organization/${FACILITY}/$panel`),
  },
  {
    ...{ name: 'what waits', needs: [] },
    ask: (p) => get(`/Task?${of(p)}`),
  },
  { name: 'what was rejected', needs: [], ask: () => get('/Task?code=message-rejected') },
  { name: 'what senders are told', needs: [], ask: () => get('/Communication') },
  {
    ...{ name: 'who looked', needs: ['AuditEvent.s'], logs: true },
    ask: (p) => get(`/AuditEvent?${of(p)}&_count=20`),
  },
  {
    ...{ name: 'who looked, of the compartment', needs: ['AuditEvent.s'], logs: true },
    ask: ({ id }) => get(`/Patient/${id}/AuditEvent?_count=20`),
  },
];
