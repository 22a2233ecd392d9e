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

const FOLDER = join(import.meta.dirname, '../../../../shared/reference/hl7v2/samples');
const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.hl7')) : [];
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8').replaceAll('\n', '\r');

/** What each input is answered, in the order in which they are sent: MSA-1, then where, 0357, ERR-4 and the detection. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  'aidbox-vxu-base.hl7': ['AA CA0001'],
  'aidbox-vxu-historical.hl7': ['AA CA0004'],
  // Its number is not known, but its day, vaccine and sender are: those of the first.
  'aidbox-vxu-entered-in-error.hl7': ['AA CA0005'],
  'aidbox-vxu-error-missing-rxa.hl7': ['AE CA0007', 'RXA^1 100 E DQA0052', 'ORC 100 E IIS0003'],
  'aidbox-vxu-no-orc.hl7': ['AE CA0010', 'ORC^1 100 E DQA0046', 'ORC 100 E IIS0003'],
  'aidbox-vxu-not-administered.hl7': ['AE CA0002', 'RXA^1^5 102 W DQA0246', 'RXA^1^18 101 W DQA0363'],
  'aidbox-vxu-with-person-observations.hl7': [
    'AE CA0003',
    'RXA^1 101 W DQA0468',
    'RXA^1^15 101 W DQA0339',
    'RXA^1^17 101 W DQA0343',
    'OBX^1^5 103 W DQA0577',
  ],
  'ig15-vxu1-basic-z22.hl7': ['AA 45646ug', 'OBX^2^5 0 I DQA0510', 'OBX^5^5 0 I DQA0510'],
  'ma-miis-vxu-with-pv1-in1.hl7': [
    'AE 23ds124assqqw1234s5',
    'MSH^1^15 0 I DQA0006',
    'MSH^1^16 0 I DQA0410',
    'MSH^1^21 0 I DQA0439',
    'OBX^4^5 0 I DQA0510',
    'RXA^1^17 103 W DQA0344',
    'MSH^1^11 0 I DQA0026',
  ],
  'nist-r15-ad-10-1-send-v04-z22.hl7': ['AA NIST-IZ-AD-10.1_Send_V04_Z22'],
  'nist2012-iz1-admin-child.hl7': ['AA NIST-IZ-001.00', 'MSH^1^21 0 I DQA0439', 'RXA^1^3 0 I DQA0252'],
  'nist2012-iz2-admin-adult.hl7': ['AA NIST-IZ-004.00', 'MSH^1^21 0 I DQA0439', 'RXA^1^3 0 I DQA0252'],
  'nist2012-iz3-historical-child.hl7': ['AA NIST-IZ-007.00', 'MSH^1^21 0 I DQA0439'],
  'nist2012-iz5-refused-toddler.hl7': ['AA NIST-IZ-013.00', 'MSH^1^21 0 I DQA0439', 'RXA^1^3 0 I DQA0252'],
  'nist2012-iz6-varicella-history.hl7': ['AA NIST-IZ-016.00', 'MSH^1^21 0 I DQA0439'],
};
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'ig15-qbp-z34.hl7': ['AA 793543', 'MSH^1^15 0 I DQA0006', 'MSH^1^16 0 I DQA0410', 'QAK NF'],
  'ig15-qbp-z34-bad-no-querytag.hl7': ['AE 793543', 'QPD^1^2 101 E IIS0017', 'QAK AE'],
  'nist-r15-qr-1-1-query-q11-z44.hl7': ['AA NIST-IZ-QR-1.1_Query_Q11_Z44', 'QAK NF'],
  'nist-r15-qr-4-1-query-q11-z44.hl7': ['AA NIST-IZ-QR-4.1_Query_Q11_Z44', 'QAK NF'],
};
/** In a whole message; two of them lack what an order must have. */
const FRAGMENTS: Readonly<Record<string, readonly string[]>> = {
  'ig15-frag-evidence-of-immunity.hl7': ['AA M1'],
  'ig15-frag-partial-dose.hl7': ['AE M1', 'RXA^1^9 101 W DQA0332'],
  'ig15-frag-reaction-unknown-dose.hl7': ['AA M1'],
  'ig15-frag-refusal.hl7': ['AA M1'],
  'ig15-frag-vis-two-docs.hl7': ['AE M1', 'RXA^1^6 101 E DQA0269', 'ORC 100 E IIS0003'],
};

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
