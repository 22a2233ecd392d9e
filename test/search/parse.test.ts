import { describe, expect, test } from '@jest/globals';
import { holds } from '../../src/search/holds.ts';
import { parseCondition } from '../../src/search/parse.ts';
import { ask, finds, keyed, OPTIONS, query, refusalOf } from './asking.ts';

const dose = {
  resourceType: 'Immunization',
  status: 'completed',
  identifier: [{ value: 'a,b' }, { value: 'c$d\\e' }],
  lotNumber: 'AB12',
};

describe('a query', () => {
  test('is understood strictly: an unknown parameter is refused', () => {
    expect(refusalOf(() => ask('Immunization', 'colour=red'))).toBe('not-understood');
    expect(refusalOf(() => ask('Nothing', 'status=completed'))).toBe('unknown-type');
  });

  test('is understood leniently where asked: an unknown parameter is left out and told of', () => {
    const { clauses, ignored, used } = ask('Immunization', 'colour=red&status=completed', {
      handling: 'lenient',
    });
    expect([clauses.length, ignored, used]).toEqual([1, ['colour'], [['status', 'completed']]]);
  });

  test.each([
    'status:foo=completed',
    'date=abc',
    '_count=x',
    '_total=some',
    '_sort=lot-number',
    'status:not:not=a',
  ])('lenient leaves out no %s, which is known and wrong', (text) => {
    expect(refusalOf(() => ask('Immunization', text, { handling: 'lenient' }))).toBeDefined();
  });

  test('repeats nothing in a refusal but what looks like a parameter', () => {
    expect(() => ask('Patient', 'Ana Smith 1990=x')).toThrow('the one sent');
  });

  test('means AND by repetition and OR by commas, which can be escaped (R4 search.html#combining)', () => {
    expect(finds('identifier=a\\,b', dose)).toBe(true);
    expect(finds('identifier=a,b', dose)).toBe(false);
    expect(finds('identifier=c\\$d\\\\e,x', dose)).toBe(true);
    expect(finds('status=completed&status=not-done', dose)).toBe(false);
    expect(finds('status=completed,not-done', dose)).toBe(true);
  });

  test('does without a parameter that has no value', () => {
    const { clauses, used } = ask('Immunization', 'status=&lot-number=ab');
    expect([clauses.length, used]).toEqual([1, [['lot-number', 'ab']]]);
  });

  test('finds by id on every type, and nothing by an id that cannot be one', () => {
    expect(finds('_id=x,it', dose)).toBe(true);
    expect(finds('_id=x', dose)).toBe(false);
    expect(finds('_id=not an id', dose)).toBe(false);
  });

  test('is refused with more parameters or values than a search takes', () => {
    expect(refusalOf(() => ask('Immunization', Array(51).fill('status=completed').join('&')))).toBe(
      'too-costly',
    );
    expect(refusalOf(() => ask('Immunization', `status=${Array(501).fill('a').join(',')}`))).toBe(
      'too-costly',
    );
  });
});

describe('the form of the answer', () => {
  test('has a count of its own, bounded, and the self link tells the bound', () => {
    expect(ask('Immunization', '').count).toBe(50);
    expect(ask('Immunization', '_count=20').count).toBe(20);
    const { count, used } = ask('Immunization', '_count=100000');
    expect([count, used]).toEqual([500, [['_count', '500']]]);
  });

  test('is a count alone by _count=0 as by _summary=count', () => {
    expect(ask('Immunization', '_count=0').count).toBe(0);
    expect(ask('Immunization', '_summary=count')).toMatchObject({ count: 0, summary: 'count' });
  });

  test('can be made smaller by _elements or _summary, not by both', () => {
    expect(ask('Immunization', '_elements=status,occurrence[x]').elements).toEqual([
      'status',
      'occurrence[x]',
    ]);
    expect(refusalOf(() => ask('Immunization', '_elements=status&_summary=true'))).toBe('invalid-value');
    expect(refusalOf(() => ask('Immunization', '_elements=a b'))).toBe('invalid-value');
  });

  test('is said once', () => {
    expect(refusalOf(() => ask('Immunization', '_count=1&_count=2'))).toBe('invalid-value');
  });

  test('may be told of by parameters that the door reads', () => {
    expect(ask('Immunization', '_format=json&_pretty=true').clauses).toEqual([]);
  });
});

describe('a condition (R4 http.html#ccreate)', () => {
  const condition = (text: string) => parseCondition('Immunization', query(text), OPTIONS);

  test('is criteria that all hold', () => {
    expect(holds({ op: 'and', of: condition('identifier=|a\\,b&status=completed') }, keyed(dose))).toBe(true);
  });

  test.each([
    ['', 'condition-too-wide'],
    ['status=', 'condition-too-wide'],
    ['colour=red', 'not-understood'],
    ['_count=1', 'not-understood'],
    ['_include=Immunization:patient', 'not-understood'],
    ['identifier=http://hl7.org/fhir/sid/us-ssn|1', 'forbidden'],
  ])('"%s" is refused as %s', (text, kind) => {
    expect(refusalOf(() => condition(text))).toBe(kind);
  });
});
