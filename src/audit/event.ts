/**
 * What an access leaves behind: one AuditEvent a request
 * (https://hl7.org/fhir/R4/auditevent.html, patterns of IHE Basic Audit Log Patterns).
 */
import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from '@medplum/fhirtypes';
import type { Actor, Ask, QueryPair } from '../core/context.ts';
import { isId } from '../core/id.ts';
import { queryText } from '../core/query.ts';
import { withoutSecrets } from '../search/used.ts';
import * as words from './words.ts';

/** What an access touched, gathered while it runs. */
export interface Touched {
  /** `Type/id` or `Type/id/_history/version` of what was written or read by id. */
  readonly resources: readonly string[];
  /** Ids of the patients whose record was shown or changed. */
  readonly patients: readonly string[];
}

export interface Outcome {
  readonly status: number;
  readonly recorded: Date;
}

/** How many patients one event names; the rest go into events linked to it. */
const MOST_PATIENTS = 100;

export type Event = AuditEvent & { readonly id: string };

/** Makes the events of one request: the first, and as many linked ones as the patients need. */
export function eventsOf(ask: Ask, touched: Touched, outcome: Outcome, newId: () => string): Event[] {
  const groups = inGroups(touched.patients);
  const first = accessOf(ask, outcome, newId(), [
    ...touched.resources.map(resourceEntity),
    ...(groups[0] ?? []).map(patientEntity),
    ...queryEntities(ask),
  ]);
  const linked = groups
    .slice(1)
    .map((patients) => accessOf(ask, outcome, newId(), [...patients.map(patientEntity), linkEntity(first)]));
  return [first, ...linked];
}

const inGroups = (patients: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(patients.length / MOST_PATIENTS) }, (_, group) =>
    patients.slice(group * MOST_PATIENTS, (group + 1) * MOST_PATIENTS),
  );

function accessOf(ask: Ask, outcome: Outcome, id: string, entity: readonly AuditEventEntity[]): Event {
  return eventOf(id, outcome, {
    type: words.REST,
    subtype: [words.interactionWord(ask.interaction), ...operationWords(ask)],
    action: words.ACTIONS[ask.interaction],
    actor: ask.actor,
    isRead: words.ACTIONS[ask.interaction] === 'R',
    from: ask.from,
    entity: [...entity, requestEntity(ask.requestId)],
  });
}

/** The operation that was asked for, by its name. */
const operationWords = ({ operation }: Ask): Coding[] =>
  operation === undefined ? [] : [{ code: `$${operation}` }];

/** What is told of an event, whatever it is of. */
export interface Telling {
  readonly type: Coding;
  readonly subtype: Coding[];
  readonly action: NonNullable<AuditEvent['action']>;
  /** Nobody but the server itself where there is none. */
  readonly actor: Partial<Actor> | undefined;
  readonly isRead: boolean;
  readonly from: string | undefined;
  readonly entity: AuditEventEntity[];
}

/** Makes one event. */
export function eventOf(id: string, { status, recorded }: Outcome, telling: Telling): Event {
  const instant = recorded.toISOString();
  const { actor } = telling;
  const purpose = actor?.purpose === undefined ? [] : [{ coding: [words.purposeWord(actor.purpose)] }];
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { versionId: '1', lastUpdated: instant },
    type: telling.type,
    subtype: telling.subtype,
    action: telling.action,
    recorded: instant,
    outcome: status < 400 ? '0' : status < 500 ? '4' : '8',
    ...(purpose.length > 0 && { purposeOfEvent: purpose }),
    agent: agentsOf(telling, purpose),
    source: { observer: { display: 'fhir-iis' } },
    entity: telling.entity,
  };
}

/**
 * The client's software, the person who uses it where there is one (then it is the person who asks), the organisation
 * that they work for, and this server.
 */
function agentsOf(
  { actor, isRead, from }: Telling,
  purposeOfUse: AuditEventAgent['purposeOfUse'] & object,
): AuditEventAgent[] {
  const server: AuditEventAgent = {
    type: { coding: [actor === undefined ? words.APPLICATION : isRead ? words.SOURCE : words.DESTINATION] },
    who: { display: 'fhir-iis' },
    requestor: false,
  };
  if (actor === undefined) return [server];
  const { user, organization, through } = actor;
  const asking = {
    requestor: true,
    ...(actor.role !== undefined && { role: [{ text: actor.role }] }),
    ...(purposeOfUse.length > 0 && { purposeOfUse }),
  };
  return [
    clientAgent(actor, { isRead, from, asking: user === undefined ? asking : { requestor: false } }),
    ...(user === undefined
      ? []
      : [{ type: { coding: [words.RECIPIENT] }, who: { identifier: { value: user } }, ...asking }]),
    ...[organization, through].flatMap((each) => (each === undefined ? [] : [organizationAgent(each)])),
    server,
  ];
}

interface Asking {
  readonly isRead: boolean;
  readonly from: string | undefined;
  readonly asking: Omit<AuditEventAgent, 'who' | 'type'>;
}

const clientAgent = ({ client }: Partial<Actor>, { isRead, from, asking }: Asking): AuditEventAgent => ({
  type: { coding: [isRead ? words.DESTINATION : words.SOURCE] },
  who: client === undefined ? { display: 'unknown' } : { identifier: { value: client } },
  ...asking,
  ...(from !== undefined && { network: { address: from, type: '2' } }),
});

/** Where the organisation is one of the registry's, its resource; else the name that vouches for it. */
const organizationAgent = (organization: string): AuditEventAgent => ({
  type: { coding: [words.ORGANIZATION] },
  who: isId(organization)
    ? { reference: `Organization/${organization}` }
    : { identifier: { value: organization } },
  requestor: false,
});

export const patientEntity = (id: string): AuditEventEntity => ({
  what: { reference: `Patient/${id}` },
  type: words.PERSON,
  role: words.AS_PATIENT,
});

const resourceEntity = (reference: string): AuditEventEntity => ({
  what: { reference },
  type: words.OBJECT,
  role: words.AS_RESOURCE,
});

/** Ties the event to the log line and to the answer's X-Request-Id. */
export const requestEntity = (requestId: string): AuditEventEntity => ({
  type: words.REQUEST_ID,
  what: { identifier: { value: requestId } },
});

/** What was searched for, as it was asked; a number that may be a secret is not repeated. */
function queryEntities({ query }: Ask): AuditEventEntity[] {
  if (query.length === 0) return [];
  const told = query.map(([name, value]) => withoutSecrets(name, value)).map(withoutBareSecrets);
  return [
    {
      type: words.OBJECT,
      role: words.AS_QUERY,
      query: Buffer.from(queryText(told)).toString('base64'),
    },
  ];
}

/** A social security number that was sent without its system. */
const BARE_SECRET = /(?<=^|,)(\|?)\d{3}[\s.-]?\d{2}[\s.-]?\d{4}(?=,|$)/g;
const withoutBareSecrets = ([name, value]: QueryPair): QueryPair => [
  name,
  value.replace(BARE_SECRET, '$1***'),
];

const linkEntity = (first: { readonly id: string }): AuditEventEntity => ({
  what: { reference: `AuditEvent/${first.id}` },
  type: words.OTHER,
});
