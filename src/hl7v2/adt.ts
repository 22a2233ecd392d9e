/**
 * ADT: who a person is, without any vaccination (HL7 v2.5.1 chapter 3). A04, A08, A28 and A31 say the same of one
 * person, and are taken like the first part of a VXU: what they leave out stays. A40 and A34 say which numbers are one person's.
 */
import type { Arrived } from './arrived.ts';
import { personAlone } from './groups.ts';
import { receiveMerge } from './merge.ts';
import { receiveRecord } from './vxu.ts';

const MERGES: ReadonlySet<string> = new Set(['A34', 'A40']);

/** Reads and files an ADT; what is to be said of it is in the findings. */
export async function receiveAdt(arrived: Arrived): Promise<void> {
  const { message, findings, header } = arrived;
  const asPerson = { ...arrived, takesDemographics: true };
  if (MERGES.has(header.trigger)) await receiveMerge(asPerson);
  else await receiveRecord(asPerson, personAlone(message, findings));
}
