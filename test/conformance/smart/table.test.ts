/** The table of SMART's requirements: complete, and every test that it names is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { REQUIREMENTS } from './requirements.ts';

const TESTS = join(import.meta.dirname, '..', '..');
/** Server SHALLs of the requirements set 2.2.0. */
const NUMBER = 172;

const titlesIn = (file: string): ReadonlySet<string> =>
  new Set(
    [...readFileSync(file, 'utf8').matchAll(/(?:describe|test|\)|\])\(\s*(['`"])(.+?)\1,/g)].map(
      ([, , title = '']) => title,
    ),
  );

describe('the table of SMART’s requirements', () => {
  test('has every server SHALL once', () => {
    const ids = REQUIREMENTS.flatMap((requirement) => requirement.ids);
    expect([ids.length, new Set(ids).size]).toEqual([NUMBER, NUMBER]);
  });

  test('says of each which tests show it, or why it asks nothing of this server', () => {
    for (const { says, tests = [], not } of REQUIREMENTS)
      expect([says, tests.length > 0]).toEqual([says, not === undefined]);
  });

  test('names tests that are there', () => {
    const missing = REQUIREMENTS.flatMap(({ tests = [] }) => tests).filter((shown) => {
      const [path = '', title = ''] = shown.split('#');
      const file = join(TESTS, path);
      return !existsSync(file) || !titlesIn(file).has(title);
    });
    expect(missing).toEqual([]);
  });

  test('says what linked patients mean for a token', () => {
    const document = readFileSync(join(TESTS, '..', 'docs', 'smart.md'), 'utf8');
    expect(document).toMatch(/`Patient\.link`\s+are records of their own/);
  });
});
