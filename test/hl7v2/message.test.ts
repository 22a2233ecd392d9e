/** Framing, delimiters, escapes and bounds of messages. */
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/core/failure.ts';
import { textOf } from '../../src/hl7v2/bytes.ts';
import { encodeMessage, LIMITS, parseMessage } from '../../src/hl7v2/message.ts';

const HEAD = 'MSH|^~\\&|APP|FAC|||20261122||ACK|1|P|2.5.1';

const kindOf = (text: string): string => {
  try {
    parseMessage(text);
    return 'read';
  } catch (error) {
    if (error instanceof Failure) return error.kind;
    throw error;
  }
};

describe('a message', () => {
  test.each([['\r'], ['\n'], ['\r\n']])('is read with line ends %j', (end) => {
    const { segments } = parseMessage([HEAD, 'PID|1||7^^^A&1.2.3&ISO^MR~8||Doe^Ann'].join(end) + end);
    expect(segments.map(({ name }) => name)).toEqual(['MSH', 'PID']);
    expect(segments[1]?.field(3)).toEqual([[['7'], [''], [''], ['A', '1.2.3', 'ISO'], ['MR']], [['8']]]);
    expect(segments[1]?.value(5, 2)).toBe('Ann');
    expect(segments[1]?.value(5, 9)).toBe('');
    expect(segments[1]?.field(40)).toEqual([]);
  });

  test('is read with the delimiters that it declares', () => {
    const { segments } = parseMessage('MSH#*!?%#A%1*B#F\rPID#1##x*y%z!w#?F??S?');
    expect(segments[0]?.field(3)).toEqual([[['A', '1'], ['B']]]);
    expect(segments[1]?.field(3)).toEqual([[['x'], ['y', 'z']], [['w']]]);
    expect(segments[1]?.value(4)).toBe('#*');
  });

  test('is read with the fifth encoding character of version 2.7, and without those it does not need', () => {
    expect(parseMessage('MSH|^~\\&#|APP\r').segments[0]?.value(3)).toBe('APP');
    expect(parseMessage('MSH|^~|APP\r').segments[0]?.value(3)).toBe('APP');
  });

  test.each([
    ['\\F\\\\S\\\\T\\\\R\\\\E\\', '|^&~\\'],
    ['a\\.br\\b\\.sp2\\c', 'a\nb\n\nc'],
    ['\\X4142\\\\X0D\\.', 'AB\r.'],
    ['M\\XC3BC\\ller M\\XFC\\ller', 'Müller Müller'],
    ['\\H\\loud\\N\\', 'loud'],
    ['\\Zlocal\\ \\Q\\', '\\Zlocal\\ \\Q\\'],
    ['unended \\F', 'unended \\F'],
    ['\\\\F\\', '\\|'],
  ])('has the escapes of %j taken for what they stand for', (text, value) => {
    expect(parseMessage(`${HEAD}\rNTE|1||${text}`).segments[1]?.value(3)).toBe(value);
  });

  test('keeps reading where a line break stands unescaped in a text', () => {
    const { segments, strayLines } = parseMessage(`${HEAD}\rNTE|1||one\ntwo\rPID|1`);
    expect(segments.map(({ name }) => name)).toEqual(['MSH', 'NTE', 'PID']);
    expect(strayLines).toEqual([3]);
  });

  test('takes "" for no value', () => {
    expect(parseMessage(`${HEAD}\rPID|1||""`).segments[1]?.field(3)).toEqual([]);
  });

  test.each([
    ['', 'malformed'],
    ['PID|1', 'malformed'],
    ['MSH', 'malformed'],
    ['MSH|^^\\&|A', 'malformed'],
    ['MSH|abcd|A', 'malformed'],
    ['MSH||^~\\&', 'malformed'],
    [`${HEAD}\r${'NTE|1\r'.repeat(LIMITS.segments)}`, 'too-large'],
    [`${HEAD}\rZZZ${'|'.repeat(LIMITS.fields + 1)}`, 'too-large'],
    [`${HEAD}\rZZZ|${'x'.repeat(LIMITS.characters)}`, 'too-large'],
    [`\ufeff\v ${HEAD}\r\u001c\r`, 'read'],
  ])('that begins %.20j is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe('the bytes of a message', () => {
  test('are read as UTF-8, UTF-16 with its mark, or else Latin-1', () => {
    expect(textOf(Buffer.from('Zoë'))).toBe('Zoë');
    expect(textOf(Buffer.from('Zoë', 'latin1'))).toBe('Zoë');
    expect(textOf(Buffer.from('\ufeffZoë', 'utf16le'))).toBe('Zoë');
  });

  test('that are no text are refused', () => {
    expect(() => textOf(Buffer.alloc(100))).toThrow('no HL7 v2 text');
  });
});

test('what is written has its delimiters and line breaks escaped, and nothing empty at its ends', () => {
  const text = encodeMessage([
    { name: 'MSH', fields: ['A|B', undefined] },
    { name: 'NTE', fields: ['1', undefined, ['a^b', ['c&d', 'e'], undefined], ''] },
    { name: 'NTE', fields: [{ repeat: [[['x\ny']], [['~\\\r']]] }] },
  ]);
  expect(text).toBe('MSH|^~\\&|A\\F\\B\rNTE|1||a\\S\\b^c\\T\\d&e\rNTE|x\\.br\\y~\\R\\\\E\\\\X0D\\\r');
});
