/** What a server answers, as subjects for the validator: every resource it stores, and a Bundle or outcome of each kind. */
import { parseJson, serialize } from '../../src/fhir/json.ts';
import type { Sandbox } from './server.ts';
import type { Subject } from './judge.ts';

const PAGE = 200;
/** Every request leaves an event, those of this reading too. */
const AUDIT_PAGES = 3;
const FHIR_JSON = 'application/fhir+json';

interface Page {
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly fullUrl?: string; readonly resource: { readonly id?: string } }[];
}

interface Request {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answer(url: string, request: Request = {}): Promise<string> {
  const response = await fetch(url, {
    ...request,
    headers: { 'Content-Type': FHIR_JSON, ...request.headers },
  });
  return response.text();
}

/** Every stored resource of a type, each with the profile that the registry has for the type. */
async function* stored(url: string, type: string, profiles: readonly string[]): AsyncGenerator<Subject> {
  let pages = 0;
  let next: string | undefined = `${url}/${type}?_count=${PAGE}`;
  while (next !== undefined) {
    const page = parseJson(await answer(next)) as Page;
    for (const { resource } of page.entry ?? [])
      yield { name: `${type}/${resource.id ?? ''}`, profiles, json: serialize(resource) };
    pages += 1;
    const isEnough = type === 'AuditEvent' && pages === AUDIT_PAGES;
    next = isEnough ? undefined : page.link?.find(({ relation }) => relation === 'next')?.url;
  }
}

async function idOf(url: string, query: string): Promise<string> {
  const page = parseJson(await answer(`${url}/${query}`)) as Page;
  return page.entry?.[0]?.resource.id ?? 'none';
}

const body = (value: unknown): Request => ({ method: 'POST', body: JSON.stringify(value) });

const aPatient = {
  resourceType: 'Patient',
  name: [{ family: 'Validator', given: ['Ana'] }],
  birthDate: '2020-02-29',
  gender: 'female',
};
const urn = 'urn:uuid:6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const aDose = {
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '03' }] },
  patient: { reference: urn },
  occurrenceDateTime: '2021-03-01',
};
const bundle = (type: 'batch' | 'transaction') => ({
  resourceType: 'Bundle',
  type,
  entry: [
    { fullUrl: urn, resource: aPatient, request: { method: 'POST', url: 'Patient' } },
    ...(type === 'transaction'
      ? [{ resource: aDose, request: { method: 'POST', url: 'Immunization' } }]
      : [{ request: { method: 'GET', url: 'Patient/nobody' } }]),
    { request: { method: 'GET', url: 'Patient?_count=1' } },
  ],
});

const CVX = 'http://hl7.org/fhir/sid/cvx';

/** A dose that counts, one that was too early, and one of the future, which is set aside. */
const forecastAsked = {
  resourceType: 'Parameters',
  parameter: [
    { name: 'assessmentDate', valueDate: '2026-03-01' },
    { name: 'patient', resource: { ...aPatient, birthDate: '2025-01-10' } },
    ...['2025-01-11', '2025-01-20', '2027-01-01'].map((occurrenceDateTime) => ({
      name: 'immunization',
      resource: {
        ...aDose,
        vaccineCode: { coding: [{ system: CVX, code: '08' }] },
        patient: { reference: 'Patient/1' },
        occurrenceDateTime,
      },
    })),
  ],
};

/** One request of each kind that has an answer of its own. */
function requests(patient: string): readonly (readonly [path: string, request?: Request])[] {
  return [
    ['metadata'],
    ['Patient?_count=3'],
    ['Patient?_count=2&_total=accurate&_summary=true'],
    ['Patient?_summary=count'],
    [`Immunization?patient=${patient}&_include=Immunization:patient&_count=5`],
    [`Patient?_id=${patient}&_revinclude=Immunization:patient`],
    ['Patient?nonsense=1'],
    ['Patient?nonsense=1&_count=1', { headers: { Prefer: 'handling=lenient' } }],
    [`Patient/${patient}/_history`],
    ['Immunization/_history?_count=5'],
    ['_history?_count=5'],
    [`Patient/${patient}/$everything?_count=20`],
    [`Patient/${patient}/$meta`],
    ['Patient/nobody'],
    ['Nonsense/1'],
    ['Patient', body({ resourceType: 'Patient', birthDate: '2021-02-30', colour: 'red' })],
    ['Patient', { ...body(aPatient), headers: { Prefer: 'return=OperationOutcome' } }],
    ['Patient', body(aPatient)],
    ['', body(bundle('transaction'))],
    ['', { ...body(bundle('transaction')), headers: { Prefer: 'return=representation' } }],
    ['', body(bundle('batch'))],
    ['Patient/$validate', body(aPatient)],
    ['Immunization/$validate', body({ ...aDose, status: 'given' })],
    [`Patient/${patient}/$validate`],
    [`Patient/${patient}/$immds-forecast`],
    [`Patient/${patient}/$immds-forecast?explain=MMR`],
    ['$immds-forecast', body(forecastAsked)],
    ['$immds-forecast', body({ resourceType: 'Parameters', parameter: [] })],
    [`CodeSystem/$lookup?system=${CVX}&code=03`],
    [`CodeSystem/$lookup?system=${CVX}&code=none`],
    [`CodeSystem/$validate-code?url=${CVX}&code=03`],
    [`ValueSet/$expand?url=https://fhir-iis.org/fhir/ValueSet/vaccine-active&count=10`],
    ['ValueSet/$validate-code?url=https://fhir-iis.org/fhir/ValueSet/route&system=urn:nobody&code=IM'],
    [
      `ConceptMap/$translate?system=${CVX}&code=110&targetsystem=https://fhir-iis.org/fhir/CodeSystem/vaccine-group`,
    ],
  ];
}

/** Everything a sandbox stores and answers. */
export async function* answers(
  { url, types }: Sandbox,
  profileOf: (type: string) => readonly string[],
): AsyncGenerator<Subject> {
  const patient = await idOf(url, 'Immunization?_count=1&_include=Immunization:patient')
    .then((dose) => answer(`${url}/Immunization/${dose}`))
    .then((text) => (JSON.parse(text) as { patient?: { reference?: string } }).patient?.reference ?? '')
    .then((reference) => reference.replace('Patient/', ''));
  for (const [path, request] of requests(patient)) {
    const name = `${request?.method ?? 'GET'} /${path.replace(patient, '[id]')}`;
    yield { name, json: await answer(`${url}/${path}`, request) };
  }
  for (const type of types) yield* stored(url, type, profileOf(type));
}
