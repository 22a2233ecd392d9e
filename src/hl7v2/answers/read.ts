/**
 * Answers of other systems in FHIR: acknowledgements (Z23), candidates (Z31), histories (Z32), nobody or too many (Z33),
 * evaluated histories with their forecast (Z42). What they tell is read as what they sent would be; what cannot be
 * read is named with its place, and nothing is left out without a word.
 */
import type {
  Bundle,
  Immunization,
  ImmunizationEvaluation,
  OperationOutcome,
  Organization,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import { fail } from '../../core/failure.ts';
import type { Pack } from '../../jurisdictions/pack.ts';
import { noFindings, type Findings } from '../findings.ts';
import { recordOf, type VaccinationRecord } from '../groups.ts';
import { headerOf, type Header } from '../header.ts';
import { guardianOf } from '../mapping/guardian.ts';
import { observationsOf } from '../mapping/observations.ts';
import { orderOf, type Order, type OrderReading } from '../mapping/order.ts';
import { patientOf, type Reading } from '../mapping/patient.ts';
import { systemOf, type Authority } from '../mapping/systems.ts';
import type { Message, Segment } from '../message.ts';
import { directiveOf } from '../protection.ts';
import { dateTimeOf } from '../time.ts';
import { evaluationsOf, recommendationOf, type Subject } from './evaluated.ts';
import { outcomeOf, readingOutcome } from './outcome.ts';

/** What reading needs beside the answer. */
export interface Circumstances {
  readonly newId: () => string;
  readonly now: Date;
  /** Whose directives a protected person has. */
  readonly pack: Pack;
}

/** A resource with the name by which the others refer to it. */
export interface Named {
  readonly fullUrl: string;
  readonly resource: Resource;
}

/** What an answer says. */
export interface Answer {
  /** The control id of the message that is answered (MSA-2). */
  readonly answers: string;
  /** `Z32`, where the answer says it. */
  readonly profile: string;
  /** What the other system says of the message or query. */
  readonly outcome: OperationOutcome;
  /** What was found wrong in reading; undefined where nothing was. */
  readonly reading?: OperationOutcome;
  /** The system that answered, then each person with what is told of the person. */
  readonly told: readonly Named[];
}

const ANSWERS: ReadonlySet<string> = new Set(['ACK', 'RSP', 'VXR', 'VXX']);

/**
 * Reads an answer.
 * @throws Failure `not-understood` for a message that answers nothing
 */
export function readAnswer(message: Message, circumstances: Circumstances): Answer {
  const header = headerOf(message);
  const { segments } = message;
  if (!ANSWERS.has(header.type) || !segments.some(({ name }) => name === 'MSA'))
    fail('not-understood', 'This message is no answer: an ACK or RSP with an MSA segment is read here.');
  const findings = noFindings();
  const people = peopleIn(segments);
  const told = people.length === 0 ? [] : toldIn(message, header, { ...circumstances, findings });
  const reading = readingOutcome(findings.all);
  return {
    answers: segments.find(({ name }) => name === 'MSA')?.value(2) ?? '',
    profile: header.msh.value(21),
    outcome: outcomeOf(segments),
    ...(reading && { reading }),
    told,
  };
}

/** The segments of each person: from one PID to the next. */
function peopleIn(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  const starts = segments.flatMap(({ name }, at) => (name === 'PID' ? [at] : []));
  return starts.map((start, at) => segments.slice(start, starts[at + 1]));
}

type Work = Circumstances & { readonly findings: Findings };

function toldIn(message: Message, header: Header, work: Work): readonly Named[] {
  const named = (resource: Resource): Named => {
    const id = work.newId();
    return { fullUrl: `urn:uuid:${id}`, resource: { ...resource, id } };
  };
  const facility = answererOf(header);
  const organization = named(organizationOf(facility));
  const reading: Reading = {
    findings: work.findings,
    now: work.now,
    facility,
    organization: organization.fullUrl,
    takesAll: true,
  };
  const people = peopleIn(message.segments).flatMap((segments) =>
    personIn(recordOf({ ...message, segments }, work.findings), { header, reading, work, named }),
  );
  return [organization, ...people];
}

/** Who answers: the responsible organization or facility, else the application. */
function answererOf({ facility, msh }: Header): Authority {
  return facility.namespace === '' ? { ...facility, namespace: msh.value(3) } : facility;
}

const organizationOf = (facility: Authority): Organization => ({
  resourceType: 'Organization',
  ...(facility.namespace !== '' && {
    identifier: [{ system: systemOf(facility), value: facility.namespace }],
    name: facility.namespace,
  }),
});

interface Telling {
  readonly header: Header;
  readonly reading: Reading;
  readonly work: Work;
  readonly named: (resource: Resource) => Named;
}

function personIn(record: VaccinationRecord, telling: Telling): readonly Named[] {
  const { reading, named } = telling;
  const patient = record.pid && patientOf(reading, record.pid, record.pd1);
  if (patient === undefined) {
    reading.findings.report('pid-missing', record.pid ?? 'PID');
    return [];
  }
  const { managingOrganization: _answerer, ...person } = patient;
  const whose = named(person);
  const subject: Subject = { patient: { reference: whose.fullUrl } };
  return [whose, ...factsIn(record, telling, subject), ...ordersIn(record, telling, { patient, subject })];
}

/** Guardians, the directive, and what is observed of the person. */
function factsIn(record: VaccinationRecord, telling: Telling, { patient }: Subject): readonly Named[] {
  const { header, reading, work, named } = telling;
  const sentOn = header.sentOn ?? work.now.toISOString().slice(0, 10);
  const said = record.pd1 && directiveOf(reading, work.pack, record.pd1, sentOn);
  // That nothing is objected to is no directive.
  const directive = said?.status === 'active' ? said : undefined;
  return [
    ...record.nk1.flatMap((nk1) => guardianOf(reading, nk1) ?? []).map((each) => named({ ...each, patient })),
    ...(directive === undefined ? [] : [named({ ...directive, patient })]),
    ...observationsOf(reading, record.observations).map(({ resource }) =>
      named({ ...resource, subject: patient }),
    ),
  ];
}

interface Whose {
  readonly patient: Patient;
  readonly subject: Subject;
}

/** Doses with their evaluations, what is observed under other orders, and what is due. */
function ordersIn(record: VaccinationRecord, telling: Telling, { patient, subject }: Whose): Named[] {
  const { header, reading, work, named } = telling;
  const orderReading: OrderReading = {
    ...reading,
    person: { birthDate: patient.birthDate ?? '' },
    // Of an answer it says nothing that an order has no ORC.
    isOld: true,
    visitEligibility: record.pv1?.value(20) ?? '',
  };
  const orders = record.orders.flatMap((group) => orderOf(orderReading, group) ?? []);
  const all = [...record.orders.map(({ observations }) => observations), record.observations];
  const made = dateTimeOf(header.msh.value(7)) ?? work.now.toISOString();
  const recommendation = recommendationOf(all, subject, made);
  return [
    ...orders.flatMap((order) => orderIn(order, subject, named)),
    ...(recommendation === undefined ? [] : [named(recommendation)]),
  ];
}

function orderIn({ dose, group, observed }: Order, { patient }: Subject, named: Telling['named']): Named[] {
  const observations = observed.map(({ resource }) => named({ ...resource, subject: patient }));
  if (dose === undefined) return observations;
  const given = named({ ...withoutAnswerer(dose), patient });
  const evaluations = evaluationsOf(group.observations, { patient }, { reference: given.fullUrl });
  return [given, ...evaluations.map((each: ImmunizationEvaluation) => named(each)), ...observations];
}

/** Who answers has a dose on record, and has not given it. */
function withoutAnswerer({ performer = [], ...dose }: Order['dose'] & {}): Omit<Immunization, 'patient'> {
  const people = performer.filter(({ actor: { reference = '' } }) => reference.startsWith('#'));
  return people.length === 0 ? dose : { ...dose, performer: people };
}

/** The answer as one Bundle: what is said of the message, what reading found, and what is told. */
export function bundleOf({ answers, outcome, reading, told }: Answer, newId: () => string): Bundle {
  const outcomes = [outcome, ...(reading === undefined ? [] : [reading])];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    ...(answers !== '' && { identifier: { system: MESSAGES, value: answers } }),
    entry: [
      ...outcomes.map((resource) => ({ fullUrl: `urn:uuid:${newId()}`, resource })),
      ...told.map(({ fullUrl, resource }) => ({ fullUrl, resource })),
    ],
  };
}

/** Control ids of messages that were answered. */
const MESSAGES = 'https://fhir-iis.org/fhir/sid/v2-message';
