import { describe, expect, test } from '@jest/globals';
import type { ResourceEntry, SearchParameter } from '../../src/catalog/define.ts';
import { COMMON_SEARCH } from '../../src/catalog/common.ts';
import { catalog } from '../../src/catalog/index.ts';
import { codesOf, definitionOf, elementsAt, expressionsOf, pathsOf, systemsOf } from './definitions.ts';

const BASE = 'http://hl7.org/fhir/SearchParameter/';
/** R4 lists every type where it means any. */
const ANY = 100;

interface Case {
  readonly title: string;
  readonly entry: ResourceEntry;
  readonly name: string;
  readonly parameter: SearchParameter;
}

const cases: readonly Case[] = [...catalog.values()].flatMap((entry) =>
  Object.entries(entry.search)
    .filter(([, { canonical }]) => canonical?.startsWith(BASE) ?? true)
    .map(([name, parameter]) => ({ title: `${entry.type}:${name}`, entry, name, parameter })),
);

describe.each(cases)('$title', ({ entry: { type }, name, parameter }) => {
  const definition = definitionOf(type, name);

  test('is a parameter of the base specification, under its canonical', () => {
    expect(definition?.url).toBe(parameter.canonical ?? `${BASE}${type}-${name}`);
    expect(parameter.kind).toBe(definition?.type);
  });

  test('reads the elements that its expression names', () => {
    const meant = expressionsOf(type, definition!).map((expression) => pathsOf(type, expression));
    for (const path of parameter.paths) expect(meant.flat()).toContain(path);
    for (const alternatives of meant)
      expect(parameter.paths.some((path) => alternatives.includes(path))).toBe(true);
  });

  test('knows the data types and the repetitions of the elements', () => {
    for (const path of parameter.paths) {
      const elements = elementsAt(type, path);
      const types = (elements.at(-1)?.type ?? []).map(({ code }) =>
        code.replace(/^http:.*String$/, 'string'),
      );
      const repeats = elements.some(({ max }) => max === '*');
      if (parameter.kind === 'token') expect([...types, 'presence']).toContain(parameter.of);
      if (parameter.kind === 'string') expect([...types, 'string']).toContain(parameter.of);
      if (parameter.kind === 'date') {
        expect([path, parameter.many]).toEqual([path, repeats || parameter.paths.length > 1]);
      }
    }
  });

  if (parameter.kind === 'token' && parameter.of === 'code') {
    test('takes its codes from the system that the element is bound to', () => {
      const systems = parameter.paths.flatMap((path) => systemsOf(elementsAt(type, path).at(-1)!));
      expect(systems.length === 0 ? [undefined] : systems).toContain(parameter.system);
    });
  }

  if (parameter.kind === 'composite') {
    test('is composed of what the base composes it of', () => {
      const meant = (definition?.component ?? []).map(({ expression }) =>
        expression.split(' | ').flatMap((each) => pathsOf(type, each)),
      );
      expect(meant).toHaveLength(2);
      parameter.components.forEach(({ paths }, at) => {
        expect(paths.filter((path) => !meant[at]?.includes(path))).toEqual([]);
      });
    });
  }

  if (parameter.kind === 'reference') {
    test('leads where the base says it leads', () => {
      const targets = definition?.target ?? [];
      expect([...parameter.targets].sort()).toEqual(targets.length > ANY ? [] : [...targets].sort());
    });
  }
});

test.each(Object.entries<SearchParameter>(COMMON_SEARCH))(
  '%s is a parameter of every resource',
  (name, { canonical, kind }) => {
    expect(definitionOf('Resource', name)).toMatchObject({ url: canonical, type: kind });
  },
);

test.each(['Patient', 'Immunization', 'ImmunizationRecommendation', 'ImmunizationEvaluation', 'Consent'])(
  'no parameter of the base specification is left out of %s',
  (type) => {
    const known = Object.keys(catalog.get(type)?.search ?? {});
    expect(known).toEqual(expect.arrayContaining([...codesOf(type)]));
  },
);
