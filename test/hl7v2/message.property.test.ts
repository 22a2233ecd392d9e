/** What is written is read again as it was; whatever comes is read or refused, and nothing else happens. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/core/failure.ts';
import { encodeMessage, parseMessage, type Field, type WrittenSegment } from '../../src/hl7v2/message.ts';

/** Values are trimmed when they are read; `""` means none. */
const value = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.trim())
  .filter((text) => text !== '""');
const nonEmpty = value.filter((text) => text !== '');

/** A list that ends in something, as every reading of one does. */
const ended = <T>(item: fc.Arbitrary<T>, last: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.tuple(fc.array(item, { maxLength }), last).map(([some, end]) => [...some, end]);

const component = ended(value, nonEmpty, 2);
const emptyComponent = fc.constant(['']);
const repetition = ended(fc.oneof(component, emptyComponent), component, 3);
const field = ended(repetition, repetition, 2);
const segment = fc.record({
  name: fc.constantFrom('PID', 'RXA', 'OBX', 'ZZ9'),
  fields: ended<Field>(fc.oneof(field, fc.constant([])), field, 4),
});

describe('messages', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const written: WrittenSegment[] = segments.map(({ name, fields }) => ({
          name,
          fields: fields.map((repeat) => ({ repeat })),
        }));
        const text = encodeMessage([{ name: 'MSH', fields: ['A'] }, ...written]);
        const read = parseMessage(text).segments.slice(1);
        expect(read.map(({ name }) => name)).toEqual(segments.map(({ name }) => name));
        read.forEach((each, at) => {
          const fields = segments[at]?.fields ?? [];
          expect(fields.map((_, number) => each.field(number + 1))).toEqual(fields);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('of any text are read or refused', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((tail) => `MSH|^~\\&|${tail}`),
      fc.string({ unit: 'binary', maxLength: 20 }).map((head) => `MSH${head}|A\rPID|1\\`),
    );
    fc.assert(
      fc.property(text, (received) => {
        try {
          const { segments } = parseMessage(received);
          for (const each of segments) for (let at = 1; at < 5; at += 1) each.value(at);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
      { numRuns: 500 },
    );
  });
});
