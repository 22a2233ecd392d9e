import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { intervalOf } from '../../src/fhir/date.ts';

const instants = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

test('an instant to the millisecond is that millisecond', () => {
  fc.assert(
    fc.property(instants, (text) => {
      expect(intervalOf(text)).toEqual({ lo: Date.parse(text), hi: Date.parse(text) });
    }),
  );
});

test('what is written with less precision covers what is written with more', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(4, 7, 10, 16), (text, length) => {
      const wide = intervalOf(text.slice(0, length));
      const narrow = intervalOf(text);
      expect(wide !== undefined && narrow !== undefined && wide.lo <= narrow.lo && wide.hi >= narrow.hi).toBe(
        true,
      );
    }),
  );
});

test('the calendar is JavaScript’s, day for day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (y, m, d) => {
        const text = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
        const time = Date.parse(`${text}T00:00:00.000Z`);
        const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
        expect(intervalOf(text)?.lo).toBe(isReal ? time : undefined);
      },
    ),
    { numRuns: 2000 },
  );
});

test('no text whatever makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9T:.Z+-]{0,30}$/)), (text) => {
      intervalOf(text);
    }),
  );
});
