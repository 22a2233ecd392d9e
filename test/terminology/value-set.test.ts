import { describe, expect, test } from '@jest/globals';
import type { ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes';
import { byUri, type CodeSystem } from '../../src/terminology/code-system.ts';
import { membersOf } from '../../src/terminology/value-set.ts';

const system = (url: string, more: Partial<CodeSystem> = {}): CodeSystem => ({
  url,
  name: 'S',
  title: 'S',
  version: '1',
  isComplete: true,
  origin: 'a test',
  licence: 'none',
  aliases: [],
  concepts: new Map(
    [
      { code: 'all', isAbstract: true as const },
      { code: 'a', parent: 'all', properties: { kind: 'x' } },
      { code: 'b', parent: 'all', properties: { kind: ['x', 'y'] } },
      { code: 'b1', parent: 'b' },
      { code: 'old', isInactive: true as const },
    ].map((concept) => [concept.code, concept]),
  ),
  ...more,
});

const set = (include: ValueSetComposeInclude[], exclude: ValueSetComposeInclude[] = []): ValueSet => ({
  resourceType: 'ValueSet',
  status: 'draft',
  compose: { include, ...(exclude.length > 0 && { exclude }) },
});
const sources = {
  systems: byUri([system('urn:s', { aliases: ['urn:oid:1'] }), system('urn:part', { isComplete: false })]),
  valueSets: new Map<string, ValueSet>([
    ['urn:named', set([{ system: 'urn:s', concept: [{ code: 'a' }, { code: 'b1' }] }])],
    ['urn:circle', { ...set([{ valueSet: ['urn:circle'] }]), url: 'urn:circle' }],
  ]),
};
const codes = (...parts: Parameters<typeof set>): readonly string[] | undefined => {
  const members = membersOf(sources, set(...parts));
  return members && [...members.values()].map(({ code }) => code);
};
const filtered = (property: string, op: 'is-a' | 'descendent-of' | 'is-not-a' | '=' | 'in', value: string) =>
  codes([{ system: 'urn:s', filter: [{ property, op, value }] }]);

describe('a value set holds', () => {
  test('all codes of a system but those that only group others', () => {
    expect(codes([{ system: 'urn:s' }])).toEqual(['a', 'b', 'b1', 'old']);
    expect(codes([{ system: 'urn:oid:1' }])).toEqual(['a', 'b', 'b1', 'old']);
  });

  test('what its filters pick', () => {
    expect(filtered('concept', 'is-a', 'all')).toEqual(['a', 'b', 'b1']);
    expect(filtered('concept', 'is-a', 'b')).toEqual(['b', 'b1']);
    expect(filtered('concept', 'descendent-of', 'b')).toEqual(['b1']);
    expect(filtered('concept', 'is-not-a', 'b')).toEqual(['a', 'old']);
    expect(filtered('kind', '=', 'x')).toEqual(['a', 'b']);
    expect(filtered('kind', 'in', 'y,z')).toEqual(['b']);
    expect(filtered('concept', 'in', 'a,old')).toEqual(['a', 'old']);
  });

  test('the codes that it names, of whatever system', () => {
    expect(codes([{ system: 'urn:unknown', concept: [{ code: 'q', display: 'Q' }] }])).toEqual(['q']);
  });

  test('what is both in its system and in its value sets', () => {
    expect(codes([{ valueSet: ['urn:named'] }])).toEqual(['a', 'b1']);
    expect(
      codes([{ system: 'urn:s', concept: [{ code: 'a' }, { code: 'b' }], valueSet: ['urn:named'] }]),
    ).toEqual(['a']);
  });

  test('nothing of what it excludes', () => {
    expect(codes([{ system: 'urn:s' }], [{ valueSet: ['urn:named|1'] }])).toEqual(['b', 'old']);
  });

  test('what it lists, where it comes ready expanded', () => {
    const expanded: ValueSet = {
      resourceType: 'ValueSet',
      status: 'active',
      expansion: { timestamp: '2026-01-01', contains: [{ system: 'urn:x', code: 'c' }] },
    };
    expect([...(membersOf(sources, expanded)?.keys() ?? [])]).toEqual(['urn:x|c']);
  });
});

describe('what a value set holds is left open', () => {
  test.each<[string, ValueSetComposeInclude]>([
    ['by a system that is not known', { system: 'urn:unknown' }],
    ['by a system of which a part is known', { system: 'urn:part' }],
    ['by a value set that is not known', { valueSet: ['urn:unknown'] }],
    ['by a value set that includes itself', { valueSet: ['urn:circle'] }],
    [
      'by a filter that is not known',
      { system: 'urn:s', filter: [{ property: 'code', op: 'regex', value: '.*' }] },
    ],
  ])('%s', (_why, include) => {
    expect(codes([include])).toBeUndefined();
    expect(codes([{ system: 'urn:s' }], [include])).toBeUndefined();
  });
});
