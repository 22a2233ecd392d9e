import { describe, expect, test } from '@jest/globals';
import { ask, refusalOf } from './asking.ts';

const order = (type: string, text: string): readonly string[] =>
  ask(type, text, { inRecord: true }).order.map(({ field, descending }) => (descending ? '-' : '') + field);

describe('the order of a search (R4 search.html#sort)', () => {
  test.each([
    ['Immunization', '', ['-sort.date', '-_id']],
    ['Immunization', '_sort=date', ['sort.date', '_id']],
    ['Immunization', '_sort=-_lastUpdated', ['-lastUpdated', '-_id']],
    ['Immunization', '_sort=-_id,date', ['-_id']],
    ['Patient', '', ['_id']],
    ['Patient', '_sort=-birthdate,family', ['-sort.birthdate', 'sort.family', '_id']],
  ])('of %s asked with "%s" is %j', (type, text, expected) => {
    expect(order(type, text)).toEqual(expected);
  });

  test('by what has no index is too costly, by what is no parameter not understood', () => {
    expect(refusalOf(() => order('Patient', '_sort=gender'))).toBe('too-costly');
    expect(refusalOf(() => order('Patient', '_sort=colour'))).toBe('not-understood');
    expect(refusalOf(() => order('Patient', '_sort=family,birthdate,_lastUpdated,-family'))).toBe(
      'too-costly',
    );
  });

  test('leaves unknown keys out where asked to be lenient', () => {
    const { order: keys, asked } = ask('Patient', '_sort=colour,-family', { handling: 'lenient' });
    expect(keys[0]).toEqual({ field: 'sort.family', descending: true });
    expect(asked).toEqual([['_sort', '-family']]);
  });
});
