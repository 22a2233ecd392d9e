/**
 * The sample messages of other systems, where their folder is: inputs against the answers that the guide wants, answers
 * of other registries read without loss, and fragments in a whole message.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeMessage, parseMessage } from '../../../src/hl7v2/message.ts';
import { send, told, vxu, MSH, PID, field } from '../../hl7v2/messages.ts';
import { world, type World } from '../../world/world.ts';
import { FRAGMENTS, INPUTS, QUERIES } from './expected.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/reference/hl7v2/samples');
const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.hl7')) : [];
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8').replaceAll('\n', '\r');

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const there = (cases: Readonly<Record<string, readonly string[]>>): [string, readonly string[]][] =>
  Object.entries(cases).filter(([name]) => names.includes(name));

test('every sample is an input, a fragment or an answer', () => {
  const answers = names.filter((name) => /^(ack|rsp|dvci|izgw|vci)-|-(ack|rsp|response|receive)/.test(name));
  const known = [...Object.keys(INPUTS), ...Object.keys(QUERIES), ...Object.keys(FRAGMENTS), ...answers];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});

describe.each(there(INPUTS))('%s', (name, expected) => {
  test('is answered as the guide says', async () => {
    expect(told(await send(w, textOf(name)))).toEqual(expected);
  });
});

describe.each(there(QUERIES))('%s', (name, expected) => {
  test('is answered as the guide says', async () => {
    const answer = await send(w, textOf(name));
    const [, , status = ''] = answer.find((line) => line.startsWith('QAK'))?.split('|') ?? [];
    expect([...told(answer), `QAK ${status}`]).toEqual(expected);
  });
});

describe.each(there(FRAGMENTS))('%s', (name, expected) => {
  test('is read in a whole message', async () => {
    const lines = textOf(name)
      .split('\r')
      .filter((line) => line !== '');
    const orders = lines[0]?.startsWith('RXA') ? [`ORC|RE||${name}^DCS`, ...lines] : lines;
    const pid = field(field(PID, 7, '20080101'), 3, 'FRAGMENT^^^DCS^MR');
    expect(told(await send(w, vxu(orders, { msh: MSH, pid })))).toEqual(expected);
  });
});

/** A line as it reads without stray blanks and empty ends. */
function plain(line: string): string {
  const parts = (text: string, [separator, ...more]: readonly string[]): string => {
    if (separator === undefined) return text.trim();
    const all = text.split(separator).map((each) => parts(each, more));
    return all.slice(0, all.findLastIndex((each) => each !== '') + 1).join(separator);
  };
  const [name = '', ...fields] = line.trimStart().split('|');
  const head = name === 'MSH' ? [name, fields.shift() ?? ''] : [name];
  const read = fields.map((each) => parts(each, ['~', '^', '&']));
  return [...head, ...read.slice(0, read.findLastIndex((each) => each !== '') + 1)].join('|');
}

const answers = names.filter((name) => !(name in INPUTS) && !(name in QUERIES) && !(name in FRAGMENTS));
test.each(answers.map((name) => [name]))('%s is read, and written again as it was', (name) => {
  const text = textOf(name);
  const { segments } = parseMessage(text);
  const written = encodeMessage(
    segments.map((segment) => {
      const first = segment.name === 'MSH' ? 3 : 1;
      const fields = Array.from({ length: 60 }, (_, at) => ({ repeat: segment.field(at + first) }));
      return { name: segment.name, fields };
    }),
  );
  const lines = text.split('\r').filter((line) => line.trim() !== '');
  expect(written.split('\r').slice(0, -1)).toEqual(lines.map(plain));
});
