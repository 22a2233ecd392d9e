/** VXU^V04: a person and vaccinations, read, placed, and filed as far as they are right. */
import { createHash } from 'node:crypto';
import type { Patient } from '@medplum/fhirtypes';
import { judge } from '../validation/check.ts';
import { DETECTIONS } from '../quality/detections.ts';
import { OWN } from '../terminology/tables.ts';
import type { Corridor } from './corridor.ts';
import { file, PlacedMeanwhile, type Filed, type Item, type Kept } from './filing.ts';
import { hasErrors, type Finding, type Findings } from './findings.ts';
import { recordOf, type VaccinationRecord } from './groups.ts';
import type { Header } from './header.ts';
import { integrate } from './integrate.ts';
import { guardianOf } from './mapping/guardian.ts';
import { observationsOf, type Observed } from './mapping/observations.ts';
import { orderOf, type EventNumber, type Order, type OrderReading } from './mapping/order.ts';
import { patientOf, type Reading } from './mapping/patient.ts';
import { SSN } from './mapping/systems.ts';
import type { Message } from './message.ts';
import { placeOf } from './place.ts';
import { directiveOf, protectionNumber, type Directive } from './protection.ts';
import { keepRejection, keptMessage, rejectedBefore } from './rejection.ts';
import { endEarlier, orderNumbers } from './resent.ts';
import type { Sender } from './senders.ts';
import { withoutForeign } from './sites.ts';

/** A message on its way through the registry. */
export interface Arrived {
  readonly corridor: Corridor;
  readonly message: Message;
  readonly header: Header;
  readonly findings: Findings;
  /** `Organization/id` of the sender. */
  readonly organization: string;
  /** Whether a message without any vaccination is taken. */
  readonly takesDemographics: boolean;
  /** Whose a site of an administration is; undefined where the sender may name any. */
  readonly whose?: Sender['whose'] & {};
}

/** Reads and files a VXU; what is to be said of it is in the findings. */
export async function receiveVxu(arrived: Arrived): Promise<void> {
  const { findings, message, header } = arrived;
  for (const line of message.strayLines.slice(0, 5)) findings.add(strayLine(line));
  const record = recordOf(message, findings);
  const told = await readRecord(arrived, record);
  if (told === undefined) await reject(arrived, record);
  else if (header.isTest) check(arrived, told);
  else await store(arrived, told);
}

const strayLine = (line: number): Finding => ({
  name: 'segment-invalid',
  severity: 'W',
  says: `Line ${line} of the message: ${DETECTIONS['segment-invalid'].says}`,
});

interface ToldRecord {
  readonly patient: Patient;
  readonly record: VaccinationRecord;
  readonly orders: readonly Order[];
  readonly observed: readonly Observed[];
  readonly reading: Reading;
  readonly directive?: Directive;
}

/** Everything the message says; undefined where nothing of it can be stored. */
async function readRecord(arrived: Arrived, record: VaccinationRecord): Promise<ToldRecord | undefined> {
  const { findings, header, organization, corridor } = arrived;
  const reading: Reading = { findings, now: corridor.rooms.now(), facility: header.facility, organization };
  const patient = personIn(reading, record);
  if (patient === undefined) return undefined;
  const orderReading = orderReadingOf(arrived, record, reading, patient);
  const read = record.orders.flatMap((group) => orderOf(orderReading, group) ?? []);
  const orders = await withoutForeign(arrived, withoutRepeats(findings, read));
  const observed = observationsOf(reading, record.observations);
  const directive = directiveTold(arrived, record, reading);
  const isBare = record.orders.length === 0;
  if (orders.length > 0 || (isBare && arrived.takesDemographics))
    return { patient, record, orders, observed, reading, ...(directive && { directive }) };
  findings.report(isBare ? 'no-order-wanted' : 'no-order', 'ORC');
  return undefined;
}

function directiveTold(
  { header, corridor }: Arrived,
  { pd1 }: VaccinationRecord,
  reading: Reading,
): Directive | undefined {
  const { now, pack } = corridor.rooms;
  return pd1 && directiveOf(reading, pack, pd1, header.sentOn ?? now().toISOString().slice(0, 10));
}

/** The person; without one, or with two, there is no message. */
function personIn(reading: Reading, { pid, pd1 }: VaccinationRecord): Patient | undefined {
  const { findings } = reading;
  const patient = pid && patientOf(reading, pid, pd1);
  if (patient === undefined) findings.report('pid-missing', 'PID');
  return findings.all.some(({ name }) => name === 'pid-repeated') ? undefined : patient;
}

function orderReadingOf(
  { header }: Arrived,
  { pv1 }: VaccinationRecord,
  reading: Reading,
  { birthDate = '', deceasedDateTime }: Patient,
): OrderReading {
  return {
    ...reading,
    person: {
      birthDate,
      ...(deceasedDateTime !== undefined && { deathDate: deceasedDateTime.slice(0, 10) }),
    },
    isOld: header.version < '2.5',
    ...(header.sentOn !== undefined && { sentOn: header.sentOn }),
    visitEligibility: pv1?.value(20) ?? '',
  };
}

/** Two vaccinations of one number cannot both be that event. */
function withoutRepeats(findings: Findings, orders: readonly Order[]): readonly Order[] {
  const seen = new Set<string>();
  return orders.filter(({ number, group }) => {
    if (number === undefined) return true;
    const key = `${number.system} ${number.value}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    if (!isFirst) findings.report('order-id-repeated', group.orc ?? 'ORC', { field: 3 });
    return isFirst;
  });
}

/** What a test message would have come to. */
function check({ findings, corridor, header }: Arrived, told: ToldRecord): void {
  const circumstances = { id: 'test', now: corridor.rooms.now() };
  for (const { dose, group } of told.orders) {
    if (dose === undefined) continue;
    const { issues } = judge({ ...dose, patient: { reference: 'Patient/test' } }, circumstances);
    const location = { segment: 'RXA', sequence: group.rxa?.sequence ?? 1 };
    for (const { message } of issues)
      findings.add({ name: 'rule-broken', severity: 'E', location, says: message });
  }
  findings.report('test-only', header.msh, { field: 11 });
}

async function store(arrived: Arrived, told: ToldRecord): Promise<void> {
  const { findings } = arrived;
  const [first, earlier] = await Promise.all([
    fileTwice(arrived, told),
    rejectedBefore(arrived, told.record),
  ]);
  findings.add(...first.findings);
  if (first.waits === true) findings.report('patient-waits', 'PID');
  const isLost = told.orders.length > 0 && told.orders.every(({ group }) => first.lost.has(group.at));
  if (isLost) findings.report('no-order', 'ORC');
  else if (first.joined !== undefined) await fileJoined(arrived, told);
  const taken = new Set(
    orderNumbers(told.orders.map(({ group }) => group).filter(({ at }) => !first.lost.has(at))),
  );
  const lost = orderNumbers(told.record.orders).filter((number) => !taken.has(number));
  const rejection = hasErrors(findings.all) ? { rejection: await keepRejection(arrived, lost) } : {};
  await endEarlier(arrived.corridor, earlier, { taken, filed: first.filed ?? [], ...rejection });
}

/** Facts about a person who turned out to be on file. */
async function fileJoined(arrived: Arrived, told: ToldRecord): Promise<void> {
  await placedAgain(async () => {
    const stored = await placeOf(arrived.corridor, told.patient);
    if (stored === undefined) return;
    const items = itemsOf(arrived, told, `Patient/${stored.id ?? ''}`);
    await fileItems(arrived, told, stored, { items });
  });
}

/** The same message at the same time may have made the person: then it is somebody who is there. */
async function fileTwice(arrived: Arrived, told: ToldRecord): Promise<Filed> {
  const { corridor } = arrived;
  const fileFor = async (isSure: boolean): Promise<Filed> => {
    const stored = await placeOf(corridor, told.patient);
    const reference =
      stored === undefined ? `urn:uuid:${corridor.rooms.newId()}` : `Patient/${stored.id ?? ''}`;
    return fileItems(arrived, told, stored ?? reference, {
      items: itemsOf(arrived, told, reference),
      isSure,
    });
  };
  return placedAgain(fileFor);
}

const TRIES = 5;

/** Does again, with the person as stored by then, what met another writer of the same person. */
async function placedAgain<T>(work: (isSure: boolean) => Promise<T>, tries = 1): Promise<T> {
  try {
    return await work(tries > 1);
  } catch (error) {
    if (!(error instanceof PlacedMeanwhile)) throw error;
    if (tries === TRIES) throw error.cause instanceof Error ? error.cause : error;
    return placedAgain(work, tries + 1);
  }
}

/** @param person the person as stored, or the name of one who is new */
function fileItems(
  arrived: Arrived,
  told: ToldRecord,
  person: Patient | string,
  { items, isSure = true }: { readonly items: readonly Item[]; readonly isSure?: boolean },
): Promise<Filed> {
  const { corridor, organization } = arrived;
  const patient =
    typeof person === 'string'
      ? { reference: person, resource: told.patient }
      : {
          reference: `Patient/${person.id ?? ''}`,
          resource: integrate(person, told.patient),
          stored: person,
        };
  return file({
    ...{ corridor, organization, patient, items, isSure },
    message: (more) => keptMessage(arrived, more),
  });
}

/** A message of which nothing was stored is kept as such. */
async function reject(arrived: Arrived, record: VaccinationRecord): Promise<void> {
  if (arrived.header.isTest) return;
  const earlier = await rejectedBefore(arrived, record);
  const rejection = await keepRejection(arrived, orderNumbers(record.orders));
  await endEarlier(arrived.corridor, earlier, { taken: new Set(), filed: [], rejection });
}

const digest = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);

/** Whom things are of: as what refers to the person, and as what their numbers are made from. */
interface Of {
  readonly patient: { readonly reference: string };
  readonly key: string;
}

/** The sender's own number of the person, hashed with a key: it is the same before and after the person has an id here. */
function personKey({ corridor, organization }: Arrived, { identifier = [] }: Patient): string {
  const number = identifier.find(({ system }) => system !== SSN);
  const text = JSON.stringify([organization, number?.system, number?.value]);
  return (corridor.rooms.secrets.hash('v2 person', text)[0] ?? '').slice(0, 32);
}

/** Everything to be kept, with the person it is of and the number by which it is known again. */
function itemsOf(arrived: Arrived, told: ToldRecord, reference: string): readonly Item[] {
  const { orders, observed } = told;
  const of: Of = { patient: { reference }, key: personKey(arrived, told.patient) };
  return [
    ...orders.flatMap((order) => doseItem(arrived, order, of)),
    ...orders.flatMap((order) =>
      order.observed.map((each) => observationItem(arrived, each, of, order.group.at)),
    ),
    ...observed.map((each) => observationItem(arrived, each, of)),
    ...guardianItems(arrived, told, of),
    ...directiveItems(arrived, told, of),
  ];
}

function doseItem({ header }: Arrived, { dose, group, action, number }: Order, { patient, key }: Of): Item[] {
  if (dose === undefined) return [];
  const event: EventNumber = number ?? {
    system: `${OWN}sid/v2-event/${encodeURIComponent(header.facility.namespace)}`,
    value: digest(
      key,
      dose.status,
      dose.occurrenceDateTime,
      dose.vaccineCode.coding?.map(({ code }) => code),
    ),
  };
  const identifier = number === undefined ? [event, ...(dose.identifier ?? [])] : dose.identifier;
  const resource = { ...dose, identifier, patient } as Kept;
  const location = { segment: 'RXA', sequence: group.rxa?.sequence ?? 1 };
  return [{ order: group.at, location, action, number: event, resource }];
}

function observationItem(
  { header }: Arrived,
  { segment, resource }: Observed,
  { patient: subject, key }: Of,
  order?: number,
): Item {
  const number = {
    system: `${OWN}sid/v2-observation/${encodeURIComponent(header.facility.namespace)}`,
    value: digest(key, factsOf(resource)),
  };
  return {
    ...(order !== undefined && { order }),
    location: { segment: 'OBX', sequence: segment.sequence },
    action: 'A',
    number,
    resource: { ...resource, identifier: [number], subject },
  };
}

/** What makes it another observation. */
const factsOf = (resource: Observed['resource']): readonly unknown[] => [
  resource.code.coding?.[0]?.code,
  resource.valueCodeableConcept ?? resource.valueString ?? resource.valueQuantity ?? resource.valueDateTime,
  resource.effectiveDateTime ?? resource.effectivePeriod,
];

/** Names are personal: the number of a guardian is a keyed hash of them. */
function guardianItems({ corridor }: Arrived, { record, reading }: ToldRecord, { patient, key }: Of): Item[] {
  return record.nk1.flatMap((segment): Item[] => {
    const guardian = guardianOf(reading, segment);
    if (guardian === undefined) return [];
    const [name] = guardian.name ?? [];
    const of = JSON.stringify([key, segment.value(3), name?.family, name?.given]);
    const value = (corridor.rooms.secrets.hash('guardian', of)[0] ?? '').slice(0, 32);
    const number = { system: `${OWN}sid/v2-guardian`, value };
    const resource: Kept = { ...guardian, identifier: [number], patient };
    return [{ location: { segment: 'NK1', sequence: segment.sequence }, action: 'A', number, resource }];
  });
}

function directiveItems({ organization }: Arrived, { directive }: ToldRecord, { patient, key }: Of): Item[] {
  if (directive === undefined) return [];
  const number = protectionNumber(organization, key);
  const resource = { ...directive, identifier: [number], patient } as Kept;
  const location = { segment: 'PD1', sequence: 1, field: 12 };
  const isEnded = directive.status === 'inactive';
  return [{ location, action: 'A', number, resource, ...(isEnded && { onlyIfThere: true }) }];
}
