import { describe, expect, test } from '@jest/globals';
import { catalog } from '../../src/catalog/index.ts';
import { holds } from '../../src/search/holds.ts';
import { referrersTo, targetsOf } from '../../src/search/include.ts';
import { ask, BASE, keyed, OPTIONS, refusalOf } from './asking.ts';

const immunization = catalog.get('Immunization')!;
const provenance = catalog.get('Provenance')!;

describe('_include and _revinclude (R4 search.html#include)', () => {
  test('name a type, a reference and, if one is meant, its target', () => {
    const { includes, revincludes } = ask(
      'Immunization',
      '_include=Immunization:performer:Organization&_include:iterate=Patient:organization&_revinclude=Provenance:target',
    );
    expect(includes).toEqual([
      { source: 'Immunization', parameter: 'performer', target: 'Organization', iterate: false },
      { source: 'Patient', parameter: 'organization', iterate: true },
    ]);
    expect(revincludes).toEqual([{ source: 'Provenance', parameter: 'target', iterate: false }]);
  });

  test('name every reference of a type by a star', () => {
    const named = (text: string) => {
      const { includes, revincludes } = ask('Immunization', text);
      return [...includes, ...revincludes].map(({ source, parameter }) => `${source}:${parameter}`);
    };
    expect(named('_include=Immunization:*')).toEqual([
      'Immunization:location',
      'Immunization:manufacturer',
      'Immunization:patient',
      'Immunization:performer',
      'Immunization:reaction',
      'Immunization:reason-reference',
      'Immunization:reporting-organization',
    ]);
    expect(named('_include=Immunization:*:Patient')).toEqual(['Immunization:patient']);
    expect(named('_revinclude=Provenance:*')).toEqual(['Provenance:entity', 'Provenance:target']);
  });

  test.each([
    ['_include=Immunization', 'invalid-value'],
    ['_include=*', 'invalid-value'],
    ['_include=Nothing:*', 'not-understood'],
    ['_include=Patient:*', 'invalid-value'],
    ['_revinclude=Binary:*', 'not-understood'],
    ['_include=Immunization:status', 'not-understood'],
    ['_include=Immunization:colour', 'not-understood'],
    ['_include=Nothing:patient', 'not-understood'],
    ['_include=Immunization:patient:Group', 'not-understood'],
    ['_include=Patient:organization', 'invalid-value'],
    ['_revinclude=Patient:organization', 'not-understood'],
    ['_include:sometimes=Immunization:patient', 'not-understood'],
  ])('%s is refused as %s', (text, kind) => {
    expect(refusalOf(() => ask('Immunization', text))).toBe(kind);
  });

  test('lead from a resource to what it refers to on this server', () => {
    const dose = {
      performer: [
        { actor: { reference: 'Organization/1' } },
        { actor: { reference: `${BASE}/Practitioner/2` } },
        { actor: { reference: 'http://elsewhere.example/Practitioner/3' } },
        { actor: { reference: '#contained' } },
      ],
    };
    const include = { source: 'Immunization', parameter: 'performer', iterate: false };
    const names = (target?: string): readonly string[] =>
      targetsOf(immunization, { ...include, ...(target !== undefined && { target }) }, dose, BASE).map(
        ({ type, id }) => `${type}/${id}`,
      );
    expect(names()).toEqual(['Organization/1', 'Practitioner/2']);
    expect(names('Organization')).toEqual(['Organization/1']);
  });

  test('lead from resources to what refers to them, however many they are', () => {
    const doses = Array.from({ length: 900 }, (_, at) => ({ type: 'Immunization', id: String(at) }));
    const clause = referrersTo(provenance, 'target', doses, OPTIONS);
    const about = (reference: string) => keyed({ resourceType: 'Provenance', target: [{ reference }] });
    expect(holds(clause, about('Immunization/899'))).toBe(true);
    expect(holds(clause, about(`${BASE}/Immunization/1`))).toBe(true);
    expect(holds(clause, about('Immunization/900'))).toBe(false);
    expect(holds(referrersTo(provenance, 'target', [], OPTIONS), about('Immunization/1'))).toBe(false);
  });
});
