/** What of a message is to be kept, each thing with the person it is of and the number by which it is known again. */
import { createHash } from 'node:crypto';
import type { Patient, Resource } from '@medplum/fhirtypes';
import { OWN } from '../terminology/tables.ts';
import type { Arrived } from './arrived.ts';
import type { Location } from './findings.ts';
import { guardianOf } from './mapping/guardian.ts';
import type { Observed } from './mapping/observations.ts';
import type { Action, EventNumber, Order } from './mapping/order.ts';
import { SSN } from './mapping/systems.ts';
import { protectionNumber } from './protection.ts';
import type { Told } from './told.ts';

/** A resource that a message asks for, by the number under which the registry keeps it. */
export interface Item {
  /** Which order it belongs to; undefined for what is of the person. */
  readonly order?: number;
  /** Where the message says it. */
  readonly location: Location;
  readonly action: Action;
  readonly number: EventNumber;
  readonly resource: Kept;
  /** What only changes something that is there already. */
  readonly onlyIfThere?: boolean;
}

/** What is filed about a person. */
export type Kept = Resource & { readonly resourceType: KeptType };
export type KeptType = 'Immunization' | 'Observation' | 'RelatedPerson' | 'Consent';
export const KEPT_TYPES: readonly KeptType[] = ['Immunization', 'Observation', 'RelatedPerson', 'Consent'];

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
export function itemsOf(arrived: Arrived, told: Told, reference: string): readonly Item[] {
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
function guardianItems({ corridor }: Arrived, { record, reading }: Told, { patient, key }: Of): Item[] {
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

function directiveItems({ organization }: Arrived, { directive }: Told, { patient, key }: Of): Item[] {
  if (directive === undefined) return [];
  const number = protectionNumber(organization, key);
  const resource = { ...directive, identifier: [number], patient } as Kept;
  const location = { segment: 'PD1', sequence: 1, field: 12 };
  const isEnded = directive.status === 'inactive';
  return [{ location, action: 'A', number, resource, ...(isEnded && { onlyIfThere: true }) }];
}
