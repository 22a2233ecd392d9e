import { describe, expect, test } from '@jest/globals';
import { continued, cursorOf, queryOf, type Journey, type Sealing } from '../../src/search/page.ts';
import { refusalOf } from './asking.ts';

/** Storage seals with a key; here it is enough that a changed text does not open. */
const sealing: Sealing = {
  seal: (plain) => `sealed:${Buffer.from(plain).toString('base64url')}`,
  open: (sealed) => {
    if (!sealed.startsWith('sealed:')) throw new Error('not sealed');
    return Buffer.from(sealed.slice('sealed:'.length), 'base64url').toString();
  },
};

const journey: Journey = {
  type: 'Immunization',
  query: [['patient', 'Patient/1']],
  until: new Date(7),
  place: { at: [12, undefined, new Date(5), 'id'], back: true },
};

describe('the cursor of a page link (R4 http.html#paging)', () => {
  test('holds the whole search and the place', () => {
    expect(continued('Immunization', [['_page', cursorOf(journey, sealing)]], sealing)).toEqual(journey);
  });

  test('holds no place for the first page', () => {
    const { place: _place, ...first } = journey;
    expect(continued('Immunization', [['_page', cursorOf(first, sealing)]], sealing)).toEqual(first);
  });

  test('holds a query of many values in little space', () => {
    const values = Array.from({ length: 200 }, (_, at) => `http://registry.example.org/patients|${at}`).join(
      ',',
    );
    const long: Journey = { ...journey, query: [['identifier', values]] };
    const cursor = cursorOf(long, sealing);
    expect(cursor.length).toBeLessThan(6000);
    expect(continued('Immunization', [['_page', cursor]], sealing)).toEqual(long);
  });

  test('is refused for a query that no link could hold', () => {
    const noise = Array.from({ length: 3000 }, (_, at) => ((at * 2654435761) >>> 0).toString(36)).join('');
    expect(refusalOf(() => cursorOf({ ...journey, query: [['name', noise]] }, sealing))).toBe('too-costly');
  });

  test('is one of this server and of the type', () => {
    const cursor = cursorOf(journey, sealing);
    expect(refusalOf(() => continued('Patient', [['_page', cursor]], sealing))).toBe('invalid-value');
    expect(refusalOf(() => continued('Immunization', [['_page', `x${cursor}`]], sealing))).toBe(
      'invalid-value',
    );
    expect(refusalOf(() => continued('Immunization', [['_page', 'sealed:bm90aGluZw']], sealing))).toBe(
      'invalid-value',
    );
  });

  test('may come with another count, which is a matter of the page and not of the search', () => {
    const cursor = cursorOf({ ...journey, query: [...journey.query, ['_count', '2']] }, sealing);
    const link = (count: string) =>
      continued(
        'Immunization',
        [
          ['_page', cursor],
          ['_count', count],
        ],
        sealing,
      );
    expect(link('1000')).toEqual({ ...journey, query: [...journey.query, ['_count', '1000']] });
    expect(queryOf(journey, 2, sealing)).toBe(`_page=${cursorOf(journey, sealing)}&_count=2`);
  });

  test('stands alone, but for the form of the answer', () => {
    const cursor = cursorOf(journey, sealing);
    expect(
      continued(
        'Immunization',
        [
          ['_page', cursor],
          ['_format', 'json'],
        ],
        sealing,
      ),
    ).toEqual(journey);
    expect(
      refusalOf(() =>
        continued(
          'Immunization',
          [
            ['_page', cursor],
            ['status', 'a'],
          ],
          sealing,
        ),
      ),
    ).toBe('invalid-value');
    expect(
      refusalOf(() =>
        continued(
          'Immunization',
          [
            ['_page', cursor],
            ['_page', cursor],
          ],
          sealing,
        ),
      ),
    ).toBe('invalid-value');
    expect(continued('Immunization', [['status', 'a']], sealing)).toBeUndefined();
  });
});
