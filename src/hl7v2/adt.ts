/**
 * ADT: who a person is, without any vaccination (HL7 v2.5.1 chapter 3). A04, A08, A28 and A31 say the same of one
 * person, and are taken like the first part of a VXU: what they leave out stays.
 */
import type { Arrived } from './arrived.ts';
import { recordOf, type VaccinationRecord } from './groups.ts';
import type { Findings } from './findings.ts';
import { receiveRecord } from './vxu.ts';

/** Reads and files an ADT; what is to be said of it is in the findings. */
export async function receiveAdt(arrived: Arrived): Promise<void> {
  const { message, findings } = arrived;
  await receiveRecord(
    { ...arrived, takesDemographics: true },
    withoutOrders(recordOf(message, findings), findings),
  );
}

/** An ADT has no place for vaccinations: nobody is to believe that they were taken. */
function withoutOrders(record: VaccinationRecord, { report }: Findings): VaccinationRecord {
  for (const { orc, rxa } of record.orders) report('order-unexpected', rxa ?? orc ?? 'RXA');
  return { ...record, orders: [] };
}
