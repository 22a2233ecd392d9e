/** What stands beside the reports of a record leaves out none that the derivation would find to be of one dose with another. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Immunization } from '@medplum/fhirtypes';
import { factsOf } from '../../../src/consent/facts.ts';
import { dosesOf, type Dose } from '../../../src/interactions/doses/consolidated.ts';
import { mayRepeat } from '../../../src/interactions/doses/gate.ts';
import type { Stored } from '../../../src/storage/store.ts';

const CODES = ['08', '45', '110', '20', '107', '03', '140', '88', '49'];
const date = fc.oneof(
  fc
    .integer({ min: 0, max: 400 })
    .map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)),
  fc.constantFrom('2026-03', '2026'),
);
const dose = fc.record({
  code: fc.constantFrom(...CODES),
  date,
  number: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
  lot: fc.constantFrom('A1', 'B2', undefined),
  source: fc.boolean(),
});

interface Sent {
  readonly code: string;
  readonly date: string;
  readonly number: string | undefined;
  readonly lot: string | undefined;
  readonly source: boolean;
}

const immunizationOf = ({ code, date: day, number, lot, source }: Sent, at: number): Immunization => ({
  resourceType: 'Immunization',
  id: `d${at}`,
  status: 'completed',
  ...(number !== undefined && { identifier: [{ system: 'urn:n', value: number }] }),
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] },
  patient: { reference: 'Patient/p' },
  occurrenceDateTime: day,
  primarySource: source,
  ...(lot !== undefined && { lotNumber: lot }),
});

const stored = (each: Immunization): Stored =>
  ({
    _id: each.id,
    json: JSON.stringify(each),
    patients: ['p'],
    facts: [factsOf(each)],
  }) as unknown as Stored;

const found = (doses: readonly Dose[]): readonly unknown[] =>
  doses
    .filter(({ sources, uncertain }) => sources.length > 1 || uncertain.length > 0)
    .map(({ primary, sources, uncertain }) => ({ primary, sources, uncertain }));

test('of the reports that it leaves, the same is found as of all', () => {
  fc.assert(
    fc.property(fc.array(dose, { maxLength: 6 }), (some) => {
      const reports = some.map(immunizationOf);
      const left = new Set(mayRepeat(reports.map(stored)).map(({ _id }) => _id));
      const none = { same: [], different: [] };
      const those = reports.filter(({ id = '' }) => left.has(id));
      expect(found(dosesOf(those, none))).toEqual(found(dosesOf(reports, none)));
    }),
  );
});

test('it leaves out doses that have nothing to do with each other, and none beside one that says too little', () => {
  const [one, other] = [
    immunizationOf({ code: '08', date: '2026-01-10', number: '1', lot: undefined, source: true }, 1),
    immunizationOf({ code: '08', date: '2026-03-10', number: '2', lot: undefined, source: true }, 2),
  ];
  expect(mayRepeat([one, other].map(stored))).toEqual([]);
  const uncoded = { ...other, vaccineCode: { text: 'hepatitis B' } };
  expect(mayRepeat([one, uncoded].map(stored))).toHaveLength(2);
});
