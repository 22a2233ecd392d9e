/** PD1-11, 16 and their dates: whether reminders may be sent, and the patient's status with the sender. */
import type { Extension } from '@medplum/fhirtypes';
import { OWN_EXTENSION } from '../../catalog/shared.ts';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Segment } from '../message.ts';
import { dayOf } from '../time.ts';
import type { Reading } from './patient.ts';
import { coding, PUBLICITY, table } from './systems.ts';

export function pd1Of(reading: Reading, pd1: Segment): Extension[] {
  return [...publicityOf(reading, pd1), ...statusOf(reading, pd1)];
}

/** @returns the date of a field, where there is one that is a date */
export function pd1Date({ findings }: Reading, pd1: Segment, field: number): string | undefined {
  const text = pd1.value(field);
  const date = dayOf(text);
  if (text !== '' && date === undefined) findings.report('pd1-date-invalid', pd1, { field });
  return date;
}

const dateParts = (date: string | undefined): Extension[] =>
  date === undefined ? [] : [{ url: 'date', valueDate: date }];

function publicityOf(reading: Reading, pd1: Segment): Extension[] {
  const code = pd1.value(11);
  if (code === '') return [];
  const known = codeIn(terminology(), 'publicity', code);
  if (known === undefined) {
    reading.findings.report('publicity-unrecognized', pd1, { field: 11 });
    return [];
  }
  const extension = [
    { url: 'code', valueCodeableConcept: { coding: [coding(PUBLICITY, code, known.label)] } },
    ...dateParts(pd1Date(reading, pd1, 18)),
  ];
  return [{ url: `${OWN_EXTENSION}reminder-recall`, extension }];
}

/** A status is between the patient and who sends it. */
function statusOf(reading: Reading, pd1: Segment): Extension[] {
  const code = pd1.value(16).toUpperCase();
  if (code === '') return [];
  const known = codeIn(terminology(), 'registry-status', code);
  if (known?.status !== 'Valid') {
    reading.findings.report('registry-status-unrecognized', pd1, { field: 16 });
    return [];
  }
  const extension = [
    { url: 'status', valueCodeableConcept: { coding: [coding(table('0441'), code, known.label)] } },
    ...dateParts(pd1Date(reading, pd1, 17)),
    { url: 'organization', valueReference: { reference: reading.organization } },
  ];
  return [{ url: `${OWN_EXTENSION}provider-status`, extension }];
}
