/** The status of a person, as far as it follows from the record: a death, its correction, and silence. */
import { expect, test } from '@jest/globals';
import type { Extension, Patient } from '@medplum/fhirtypes';
import { withStatuses } from '../../../src/validation/registry/patient-status.ts';

const OWN = 'https://fhir-iis.org/fhir/StructureDefinition/';
const TODAY = '2026-11-22';

const part = (code: string) => ({
  url: 'status',
  valueCodeableConcept: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0441', code }] },
});
const atProvider = (code: string): Extension => ({
  url: `${OWN}provider-status`,
  extension: [{ url: 'organization', valueReference: { reference: 'Organization/a' } }, part(code)],
});
const inRegistry = (code: string): Extension => ({ url: `${OWN}registry-status`, extension: [part(code)] });
const person = (more: Partial<Patient> = {}): Patient => ({ resourceType: 'Patient', ...more });

/** `kind code date` of every status. */
const said = ({ extension = [] }: Patient): string[] =>
  extension.map(({ url, extension: parts = [] }) => {
    const code = parts.find((each) => each.url === 'status')?.valueCodeableConcept?.coding?.[0]?.code ?? '';
    const date = parts.find((each) => each.url === 'date')?.valueDate ?? '';
    return `${url.slice(OWN.length)} ${code} ${date}`.trim();
  });

test('a person of whom nothing is said is left as it is', () => {
  expect(withStatuses(person(), undefined, TODAY)).toEqual(person());
});

test('a death makes it permanently inactive in the registry and with every provider, from its day on', () => {
  const dead = person({ deceasedDateTime: '2026-10-01T08:00:00Z', extension: [atProvider('A')] });
  const next = withStatuses(dead, person({ extension: [atProvider('A')] }), TODAY);
  expect(said(next)).toEqual(['provider-status P 2026-10-01', 'registry-status P 2026-10-01']);
  expect(next.extension?.[0]?.extension?.[0]).toEqual(atProvider('A').extension?.[0]);
  expect(withStatuses(next, next, '2026-12-01')).toEqual(next);
});

test('a death without a day counts from the day it was told', () => {
  expect(said(withStatuses(person({ deceasedBoolean: true }), person(), TODAY))).toEqual([
    `registry-status P ${TODAY}`,
  ]);
});

test('nothing but the correction of the death takes that back', () => {
  const dead = withStatuses(
    person({ deceasedBoolean: true, extension: [atProvider('A')] }),
    undefined,
    TODAY,
  );
  const active = { ...dead, extension: [atProvider('A'), inRegistry('A')] };
  expect(said(withStatuses(active, dead, TODAY)).map((each) => each.split(' ')[1])).toEqual(['P', 'P']);
  const corrected = withStatuses({ ...dead, deceasedBoolean: false }, dead, '2026-11-30');
  expect(said(corrected)).toEqual(['provider-status A 2026-11-30', 'registry-status A 2026-11-30']);
});

test('an update that does not speak of it leaves it, one that does changes it', () => {
  const before = person({ extension: [atProvider('A'), inRegistry('M')] });
  expect(said(withStatuses(person(), before, TODAY))).toEqual(['provider-status A', 'registry-status M']);
  const moved = person({ extension: [atProvider('I')] });
  expect(said(withStatuses(moved, before, TODAY))).toEqual(['provider-status I', 'registry-status M']);
});
