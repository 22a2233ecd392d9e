import { describe, expect, test } from '@jest/globals';
import { dosesOf, patientOf, recordsIn, world } from './worlds.ts';

const records = recordsIn(world(11, 3000));
const byPerson = Map.groupBy(records, (step) => step.truth.person);
const share = <T>(list: readonly T[], is: (each: T) => boolean): number =>
  list.filter(is).length / list.length;

describe('The truth beside a record', () => {
  test('names the Patient by its medical record number, which no other record has', () => {
    const keys = records.map(({ truth }) => `${truth.record.system} ${truth.record.value}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const step of records) {
      const numbers = patientOf(step).identifier?.map((each) => `${each.system ?? ''} ${each.value ?? ''}`);
      expect(numbers).toContain(`${step.truth.record.system} ${step.truth.record.value}`);
    }
  });

  test('and no medical record number is on records of two people', () => {
    const numbers = new Map<string, Set<string>>();
    for (const step of records) {
      for (const { system = '', value = '' } of patientOf(step).identifier ?? []) {
        const key = `${system} ${value.replaceAll('-', '')}`;
        numbers.set(key, (numbers.get(key) ?? new Set()).add(step.truth.person));
      }
    }
    expect([...numbers.values()].filter((people) => people.size > 1)).toEqual([]);
  });

  test('names every dose by its number, which no other dose has', () => {
    const numbers = records.flatMap(({ truth }) =>
      truth.doses.map((dose) => `${dose.identifier.system} ${dose.identifier.value}`),
    );
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('says of true doses that they are of the person', () => {
    const strange = records.flatMap(({ truth }) =>
      truth.doses.filter((dose) => dose.dose !== undefined && !dose.dose.startsWith(`${truth.person}/`)),
    );
    expect(strange).toEqual([]);
  });

  test('says given, known or refused as the dose does', () => {
    for (const step of records) {
      const told = dosesOf(step).map((dose) =>
        dose.status === 'not-done' ? 'refused' : dose.primarySource === true ? 'given' : 'known',
      );
      expect(told).toEqual(step.truth.doses.map((dose) => dose.as));
    }
  });

  test('has one first record of each person, and further ones by other organisations', () => {
    for (const of of byPerson.values()) {
      expect(of.map((step) => step.truth.first)).toEqual(of.map((_, at) => at === 0));
      expect(new Set(of.map((step) => step.truth.source)).size).toBe(of.length);
    }
  });

  test('has true doses that are reported more than once', () => {
    const reports = records.flatMap(({ truth }) => truth.doses.flatMap((dose) => dose.dose ?? []));
    expect(reports.length / new Set(reports).size).toBeGreaterThan(1.03);
  });

  test('never has one dose reported as given by two', () => {
    const given = records.flatMap(({ truth }) =>
      truth.doses.filter((dose) => dose.as === 'given').map((dose) => dose.dose),
    );
    expect(new Set(given).size).toBe(given.length);
  });

  test('has further records that share doses with the first', () => {
    const pairs = [...byPerson.values()].filter((of) => of.length > 1);
    const names = (step: (typeof records)[number] | undefined): readonly string[] =>
      step?.truth.doses.flatMap((dose) => dose.dose ?? []) ?? [];
    expect(
      share(pairs, ([first, second]) => names(second).some((name) => names(first).includes(name))),
    ).toBeGreaterThan(0.4);
  });
});
