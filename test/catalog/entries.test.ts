import { describe, expect, test } from '@jest/globals';
import { parameterOf } from '../../src/catalog/common.ts';
import { catalog } from '../../src/catalog/index.ts';
import { compartmentOf, elementsAt } from './definitions.ts';

/** Where the record that a resource is part of is not what R4's compartment says, and why. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  // A patient is its own record; a link to another says nothing of whose data these are.
  Patient: ['id'],
  // A task names people who may be one: who does not see each of them does not see it.
  Task: ['focus', 'for', 'input.value'],
  // R4 has no compartment for Binary, but says in securityContext whose document it is.
  Binary: ['securityContext'],
};

describe.each([...catalog.values()].map((entry) => ({ entry, type: entry.type })))(
  '$type',
  ({ entry, type }) => {
    test("is part of a patient's record as the base's compartment says", () => {
      const meant = compartmentOf(type).flatMap(
        (name) => parameterOf(entry, name)?.paths ?? [`nothing for ${name}`],
      );
      expect([...entry.patient].sort()).toEqual([...(OTHERWISE[type] ?? new Set(meant))].sort());
    });

    test('names its custodians by elements that are references', () => {
      for (const path of entry.custodians ?? []) {
        const types =
          elementsAt(type, path)
            .at(-1)
            ?.type?.map(({ code }) => code) ?? [];
        expect(path === 'id' ? ['Reference'] : types).toContain('Reference');
      }
    });

    test('is sorted only by parameters of one value', () => {
      for (const name of entry.sort ?? []) {
        const parameter = parameterOf(entry, name);
        expect(parameter?.kind === 'date' ? parameter.many : parameter?.kind).not.toBe(true);
        expect(parameter).toBeDefined();
      }
    });

    test('has its own order at the end of a hot index, or none', () => {
      const ends = (entry.hot ?? []).map((parts) => parts.at(-1));
      if (entry.defaultSort !== undefined) expect(ends).toContain(entry.defaultSort);
    });

    test('has hot indexes of known parts', () => {
      const known = (part: string): boolean =>
        part === 'patients' || parameterOf(entry, part.replace(/^-/, '')) !== undefined;
      expect((entry.hot ?? []).flat().filter((part) => !known(part))).toEqual([]);
    });
  },
);
