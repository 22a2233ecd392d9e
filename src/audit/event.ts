/**
 * What an access leaves behind: one AuditEvent a request
 * (https://hl7.org/fhir/R4/auditevent.html, patterns of IHE Basic Audit Log Patterns).
 */
import type { AuditEvent, AuditEventAgent, AuditEventEntity } from '@medplum/fhirtypes';
import type { Ask, Interaction, QueryPair } from '../core/context.ts';
import { queryText } from '../core/query.ts';
import { withoutSecrets } from '../search/used.ts';

/** DICOM's code for the kind of event, and the letter of the action, by FHIR's interaction. */
const ACTIONS: Readonly<Record<Interaction, AuditEvent['action']>> = {
  read: 'R',
  vread: 'R',
  create: 'C',
  update: 'U',
  patch: 'U',
  delete: 'D',
  'search-type': 'E',
  'search-system': 'E',
  'history-instance': 'R',
  'history-type': 'R',
  'history-system': 'R',
  batch: 'E',
  transaction: 'E',
  capabilities: 'R',
  operation: 'E',
};

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
  const first = eventOf(ask, outcome, newId(), [
    ...touched.resources.map(resourceEntity),
    ...(groups[0] ?? []).map(patientEntity),
    ...queryEntities(ask),
    requestEntity(ask),
  ]);
  const linked = groups
    .slice(1)
    .map((patients) =>
      eventOf(ask, outcome, newId(), [...patients.map(patientEntity), linkEntity(first), requestEntity(ask)]),
    );
  return [first, ...linked];
}

const inGroups = (patients: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(patients.length / MOST_PATIENTS) }, (_, group) =>
    patients.slice(group * MOST_PATIENTS, (group + 1) * MOST_PATIENTS),
  );

function eventOf(ask: Ask, { status, recorded }: Outcome, id: string, entity: AuditEventEntity[]): Event {
  const instant = recorded.toISOString();
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { versionId: '1', lastUpdated: instant },
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'rest',
      display: 'RESTful Operation',
    },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: ask.interaction }],
    action: ACTIONS[ask.interaction] ?? 'E',
    recorded: instant,
    outcome: status < 400 ? '0' : status < 500 ? '4' : '8',
    purposeOfEvent: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: ask.actor.purpose }] },
    ],
    agent: agentsOf(ask),
    source: { observer: { display: 'fhir-iis' } },
    entity,
  };
}

/** The client's software, and the person who uses it where there is one: then it is the person who asks. */
function agentsOf({ actor: { client, user }, from }: Ask): AuditEventAgent[] {
  const software: AuditEventAgent = {
    type: {
      coding: [
        { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110153', display: 'Source Role ID' },
      ],
    },
    who: { identifier: { value: client } },
    requestor: user === undefined,
    ...(from !== undefined && { network: { address: from, type: '2' } }),
  };
  return user === undefined ? [software] : [software, personAgent(user)];
}

const personAgent = (user: string): AuditEventAgent => ({
  type: {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
        code: 'IRCP',
        display: 'information recipient',
      },
    ],
  },
  who: { identifier: { value: user } },
  requestor: true,
});

const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';

const patientEntity = (id: string): AuditEventEntity => ({
  what: { reference: `Patient/${id}` },
  type: { system: ENTITY_TYPE, code: '1', display: 'Person' },
  role: { system: OBJECT_ROLE, code: '1', display: 'Patient' },
});

const resourceEntity = (reference: string): AuditEventEntity => ({
  what: { reference },
  type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
  role: { system: OBJECT_ROLE, code: '4', display: 'Domain Resource' },
});

/** Ties the event to the log line and to the answer's X-Request-Id. */
const requestEntity = (ask: Ask): AuditEventEntity => ({
  type: { system: ENTITY_TYPE, code: '4', display: 'Other' },
  detail: [{ type: 'X-Request-Id', valueString: ask.requestId }],
});

/** What was searched for, as it was asked; a number that may be a secret is not repeated. */
function queryEntities({ query }: Ask): AuditEventEntity[] {
  if (query.length === 0) return [];
  const told = query.map(([name, value]) => withoutSecrets(name, value)).map(withoutBareSecrets);
  return [
    {
      type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
      role: { system: OBJECT_ROLE, code: '24', display: 'Query' },
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
  type: { system: ENTITY_TYPE, code: '4', display: 'Other' },
});
