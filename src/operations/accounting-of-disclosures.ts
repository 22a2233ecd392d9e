/**
 * Patient/[id]/$accounting-of-disclosures: who has seen or changed a record, and for what purpose (45 CFR 164.528 gives
 * people the right to ask). It answers from the audit log: auditors and the registry's managers see its records as they
 * are; a patient or guardian sees of each what concerns this one patient, and which organisation and software it was.
 */
import type { AuditEvent, AuditEventAgent, AuditEventEntity, Bundle } from '@medplum/fhirtypes';
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { absent } from '../interactions/read.ts';
import type { Handler, Rooms } from '../interactions/rooms.ts';
import { search } from '../interactions/search.ts';
import { Denied, decide } from '../policy/decide.ts';
import { inputsOf } from './inputs.ts';

const NAME = 'accounting-of-disclosures';
const PARAMETERS = ['start', 'end', '_count', '_page'];
/** Who asks for a record as its own. */
const OWN: ReadonlySet<string> = new Set(['patient', 'guardian']);

export const accountingOfDisclosures: Handler = async (rooms, ask, grant, entry) => {
  const { id } = ask;
  if (ask.type !== 'Patient' || id === undefined) {
    return fail('unknown-operation', `$${NAME} is asked of one patient: [base]/Patient/[id]/$${NAME}.`);
  }
  entry.concerns([id]);
  const asked = searchOf(ask, id);
  // What others did to others is no part of what this one asked for.
  const unnamed: Entry = { ...entry, concerns: () => undefined };
  if (grant.may('search-type', 'AuditEvent') && !OWN.has(grant.actor.role)) {
    return relinked(rooms, id, await search(rooms, asked, grant, unnamed));
  }
  if (!OWN.has(grant.actor.role)) throw new Denied('insufficient_scope');
  const patient = await rooms.store.read(grant, 'read', 'Patient', id);
  if (patient === undefined) return absent(rooms, grant, 'Patient', id);
  const own = decide([() => ({})], asked, grant.known);
  return relinked(rooms, id, await search(rooms, asked, own, unnamed), (event) => ownPart(event, id));
};

/** The search in the patient's record that finds what was done; what was refused disclosed nothing. */
function searchOf(ask: Ask, id: string): Ask {
  const inputs = inputsOf(ask, PARAMETERS);
  const pairs = (name: string, to: (value: string) => QueryPair): QueryPair[] => {
    const value = inputs.text(name);
    return value === undefined ? [] : [to(value)];
  };
  const page = pairs('_page', (value) => ['_page', value]);
  const first: QueryPair[] = [
    ['outcome', '0'],
    ...pairs('start', (value): QueryPair => ['date', `ge${value}`]),
    ...pairs('end', (value): QueryPair => ['date', `le${value}`]),
  ];
  return {
    ...ask,
    interaction: 'search-type',
    type: 'AuditEvent',
    compartment: { type: 'Patient', id },
    query: [...(page.length > 0 ? page : first), ...pairs('_count', (value) => ['_count', value])],
    queryInUrl: true,
    prefer: {},
  };
}

/** The answer of the search as the operation's own: its pages are asked of the operation. */
function relinked(
  { baseUrl }: Rooms,
  id: string,
  answer: Answer,
  shown: (event: AuditEvent) => AuditEvent = (event) => event,
): Answer {
  const bundle = JSON.parse(answer.body ?? '{}') as Bundle<AuditEvent>;
  const [from, to] = [`${baseUrl}/Patient/${id}/AuditEvent`, `${baseUrl}/Patient/${id}/$${NAME}`];
  const link = (bundle.link ?? [])
    .filter(({ relation }) => relation !== 'self')
    .map((each) => ({ ...each, url: each.url.replace(from, to) }));
  const entry = (bundle.entry ?? []).map((each) =>
    each.resource?.resourceType === 'AuditEvent' ? { ...each, resource: shown(each.resource) } : each,
  );
  const body = JSON.stringify({
    ...bundle,
    link: [{ relation: 'self', url: to }, ...link],
    ...(entry.length > 0 && { entry }),
  });
  return { ...answer, body };
}

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/**
 * Of an event what concerns one patient: others who were shown with it are not named, nor what was searched for, nor
 * the person who did it and where from; the organisation and the software are.
 */
function ownPart(event: AuditEvent, id: string): AuditEvent {
  const { resourceType, meta, type, subtype, action, recorded, outcome, purposeOfEvent, source } = event;
  return {
    ...{ resourceType, type, recorded, source },
    ...(action && { action }),
    ...(outcome && { outcome }),
    ...(event.id !== undefined && { id: event.id }),
    meta: { ...meta, tag: [SUBSETTED] },
    ...(subtype && { subtype }),
    ...(purposeOfEvent && { purposeOfEvent }),
    agent: event.agent.map((agent) => ownAgent(agent, id)),
    entity: [...kindsIn(event), ...(event.entity ?? []).filter((entity) => isOf(entity, id))],
  };
}

const PERSON_TYPE = 'IRCP';

function ownAgent({ network: _network, who, ...agent }: AuditEventAgent, id: string): AuditEventAgent {
  const isPerson = agent.type?.coding?.some(({ code }) => code === PERSON_TYPE) ?? false;
  const isSelf = who?.reference === `Patient/${id}`;
  return {
    ...agent,
    ...(who && (!isPerson || isSelf) ? { who } : { who: { display: 'a user of the client' } }),
  };
}

const isOf = ({ what }: AuditEventEntity, id: string): boolean =>
  what?.reference?.replace(/\/_history\/.*$/, '') === `Patient/${id}`;

/** What kinds of resources were touched; whose they are is known only where the event names one patient. */
function kindsIn({ entity = [] }: AuditEvent): AuditEventEntity[] {
  const references = entity.map(({ what }) => what?.reference ?? '').filter((each) => each !== '');
  const patients = new Set(references.filter((each) => /^Patient\/[^/]+$/.test(each)));
  if (patients.size > 1) return [];
  const types = new Set(references.map((each) => each.split('/')[0]).filter((type) => type !== 'Patient'));
  return [...types].map((code = '') => ({ type: { system: 'http://hl7.org/fhir/resource-types', code } }));
}
