/** What of a message is to be kept, each thing with the person it is of and the number by which it is known again. */
import { createHash } from 'node:crypto';
import type { Identifier, Patient, Resource } from '@medplum/fhirtypes';
import { OWN } from '../terminology/tables.ts';
import type { Arrived } from './arrived.ts';
import type { Location } from './findings.ts';
import { guardianOf } from './mapping/guardian.ts';
import type { Observed } from './mapping/observations.ts';
import type { Action, EventNumber, Order } from './mapping/order.ts';
import { SSN, systemOf } from './mapping/systems.ts';
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
  /** By which it is known where it came under a number of the person that is given up since. */
  readonly former: readonly EventNumber[];
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
  /** Of the numbers that are given up. */
  readonly formerKeys: readonly string[];
}

/** The number of a thing, and those it would have had before. */
const numbered = (
  { key, formerKeys }: Of,
  numberOf: (key: string) => EventNumber,
): Pick<Item, 'number' | 'former'> => ({ number: numberOf(key), former: formerKeys.map(numberOf) });

/** The sender's own number of the person, hashed with a key: it is the same before and after the person has an id here. */
function personKey(
  { corridor, organization }: Arrived,
  number: Pick<Identifier, 'system' | 'value'> | undefined,
): string {
  const text = JSON.stringify([organization, number?.system, number?.value]);
  return (corridor.rooms.secrets.hash('v2 person', text)[0] ?? '').slice(0, 32);
}

const MOST_FORMER = 10;
const isOld = ({ use, system }: Identifier): boolean => use === 'old' && system !== SSN;

/**
 * Everything to be kept, with the person it is of and the number by which it is known again.
 * @param stored the person, where that is on file
 */
export function itemsOf(
  arrived: Arrived,
  told: Told,
  reference: string,
  { identifier: known = [] }: Pick<Patient, 'identifier'> = {},
): readonly Item[] {
  const { orders, observed, patient } = told;
  const { identifier: sent = [] } = patient;
  // In whatever order the numbers come, that of the sender's own tells; without one, the first.
  const own = sent.find(({ system }) => system === systemOf(arrived.header.facility));
  const of: Of = {
    patient: { reference },
    key: personKey(arrived, own ?? sent.find(({ system }) => system !== SSN)),
    formerKeys: [...sent, ...known]
      .filter(isOld)
      .slice(0, MOST_FORMER)
      .map((number) => personKey(arrived, number)),
  };
  return [
    ...orders.flatMap((order) => doseItem(arrived, order, of)),
    ...orders.flatMap((order) => order.observed.map((each) => observationItem(arrived, each, of, order))),
    ...observed.map((each) => observationItem(arrived, each, of)),
    ...guardianItems(arrived, told, of),
    ...directiveItems(arrived, told, of),
  ];
}

function doseItem({ header }: Arrived, order: Order, of: Of): Item[] {
  const { dose, reported, group, action, number: sent } = order;
  if (dose === undefined) return [];
  const { patient } = of;
  const byItself = (key: string): EventNumber => ({
    system: `${OWN}sid/v2-event/${encodeURIComponent(header.facility.namespace)}`,
    value: digest(
      key,
      reported,
      dose.occurrenceDateTime,
      dose.vaccineCode.coding?.map(({ code }) => code),
    ),
  });
  const { number, former } = sent === undefined ? numbered(of, byItself) : { number: sent, former: [] };
  const identifier = sent === undefined ? [number, ...(dose.identifier ?? [])] : dose.identifier;
  const resource = { ...dose, identifier, patient } as Kept;
  const location = { segment: 'RXA', sequence: group.rxa?.sequence ?? 1 };
  return [{ order: group.at, location, action, number, former, resource }];
}

function observationItem(
  { header }: Arrived,
  { segment, resource, isWithdrawn }: Observed,
  of: Of,
  order?: Order,
): Item {
  const { number, former } = numbered(of, (key) => ({
    system: `${OWN}sid/v2-observation/${encodeURIComponent(header.facility.namespace)}`,
    value: digest(key, factsOf(resource)),
  }));
  const isDeleted = isWithdrawn || order?.action === 'D';
  return {
    ...(order !== undefined && { order: order.group.at }),
    location: { segment: 'OBX', sequence: segment.sequence },
    action: isDeleted ? 'D' : 'A',
    ...{ number, former },
    resource: { ...resource, identifier: [number], subject: of.patient },
    // A dose is withdrawn whether or not what was told under it is known.
    ...(isDeleted && order?.dose !== undefined && { onlyIfThere: true }),
  };
}

/** What makes it another observation. */
const factsOf = (resource: Observed['resource']): readonly unknown[] => [
  resource.code.coding?.[0]?.code,
  resource.valueCodeableConcept ?? resource.valueString ?? resource.valueQuantity ?? resource.valueDateTime,
  resource.effectiveDateTime ?? resource.effectivePeriod,
];

/** Names are personal: the number of a guardian is a keyed hash of them. */
function guardianItems({ corridor }: Arrived, { record, reading }: Told, of: Of): Item[] {
  const { patient } = of;
  return record.nk1.flatMap((segment): Item[] => {
    const guardian = guardianOf(reading, segment);
    if (guardian === undefined) return [];
    const [name] = guardian.name ?? [];
    const { number, former } = numbered(of, (key) => {
      const text = JSON.stringify([key, segment.value(3), name?.family, name?.given]);
      const value = (corridor.rooms.secrets.hash('guardian', text)[0] ?? '').slice(0, 32);
      return { system: `${OWN}sid/v2-guardian`, value };
    });
    const resource: Kept = { ...guardian, identifier: [number], patient };
    const location = { segment: 'NK1', sequence: segment.sequence };
    return [{ location, action: 'A', number, former, resource }];
  });
}

function directiveItems({ organization }: Arrived, { directive }: Told, of: Of): Item[] {
  if (directive === undefined) return [];
  const { number, former } = numbered(of, (key) => protectionNumber(organization, key));
  const resource = { ...directive, identifier: [number], patient: of.patient } as Kept;
  const location = { segment: 'PD1', sequence: 1, field: 12 };
  const isEnded = directive.status === 'inactive';
  return [{ location, action: 'A', number, former, resource, ...(isEnded && { onlyIfThere: true }) }];
}
