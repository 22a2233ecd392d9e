/** The table of what can be wrong: every row has a code of its own, a text for people, and somebody who uses it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DETECTIONS } from '../../src/quality/detections.ts';

const SOURCES = join(import.meta.dirname, '../../src/hl7v2');
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(SOURCES, name), 'utf8'))
  .join('');

test('codes are given once', () => {
  const codes = Object.values(DETECTIONS).map(({ code }) => code);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  for (const code of codes) expect(code).toMatch(/^(DQA|IIS)\d{4}$/);
});

test('every row is used', () => {
  expect(Object.keys(DETECTIONS).filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

test('what is rejected has a code of HL7, and every text says what to do', () => {
  for (const { severity, hl7, says } of Object.values(DETECTIONS)) {
    if (severity === 'E') expect(hl7).not.toBe('0');
    expect(says).toMatch(/[.]$/);
  }
});
