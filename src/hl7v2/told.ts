/** What a VXU tells: the person, the vaccinations, what was observed, and whether the record is to be kept from others. */
import type { Patient } from '@medplum/fhirtypes';
import type { Arrived } from './arrived.ts';
import type { Findings } from './findings.ts';
import type { VaccinationRecord } from './groups.ts';
import { observationsOf, type Observed } from './mapping/observations.ts';
import { orderOf, type Order, type OrderReading } from './mapping/order.ts';
import { patientOf, type Reading } from './mapping/patient.ts';
import { directiveOf, type Directive } from './protection.ts';
import { withoutForeign } from './sites.ts';

/** What a message tells of a person. */
export interface Told {
  readonly patient: Patient;
  readonly record: VaccinationRecord;
  readonly orders: readonly Order[];
  readonly observed: readonly Observed[];
  readonly reading: Reading;
  readonly directive?: Directive;
}

/** Everything the message says; undefined where nothing of it can be stored. */
export async function readRecord(arrived: Arrived, record: VaccinationRecord): Promise<Told | undefined> {
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
