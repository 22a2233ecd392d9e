/** What a write of a unit is to a patient's record. */
import type { Sight, Stored } from '../storage/store.ts';
import type { Write } from '../storage/write.ts';

/** Where doses are that count; past versions do not. */
export const CURRENT_DOSES: readonly string[] = ['Immunization'];

/** Whether a write leaves something of the collections in a patient's record. */
export const isOf = (write: Write, collections: readonly string[], patient: string | undefined): boolean =>
  patient !== undefined &&
  collections.includes(write.in) &&
  write.do !== 'delete' &&
  (write.doc as Stored & Sight).patients.includes(patient);

/** Organizations that administered a stored dose. */
export const giversOf = (doc: Pick<Stored, 'facts'> | undefined): readonly string[] =>
  (doc?.facts ?? []).flatMap(({ administered = [] }) => administered);

/** Organizations that administered the dose that is written. */
export const administeredIn = (write: Write): readonly string[] =>
  write.do === 'delete' ? [] : giversOf(write.doc as Stored);
