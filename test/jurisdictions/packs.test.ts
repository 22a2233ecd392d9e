/** The packs that come with the server, and what becomes of one that is wrong. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkedPack, loadPack, packNames } from '../../src/jurisdictions/load.ts';
import type { Ruled } from '../../src/jurisdictions/pack.ts';

const root = join(import.meta.dirname, '..', '..');

/** Every rule anywhere in a pack. */
function rulesIn(node: unknown): Ruled[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'text' in node && 'sources' in node ? [node as Ruled] : [];
  return [...own, ...Object.values(node).flatMap(rulesIn)];
}

describe('the packs that come with the server', () => {
  test('are those of four states, and the sandbox', () => {
    expect(packNames()).toEqual(['maryland', 'massachusetts', 'sandbox', 'vermont', 'virginia']);
  });

  test.each(packNames())('%s is right, and its page tells every rule with a source', (name) => {
    const pack = loadPack(name);
    const page = readFileSync(join(root, 'docs', 'jurisdictions', `${name}.md`), 'utf8');
    const untold = rulesIn(pack).filter(({ text }) => !page.includes(text));
    expect(untold).toEqual([]);
    for (const { cite } of Object.values(pack.sources)) expect(page).toContain(cite);
  });

  test('are what the server reads states by: no code names one', () => {
    const states = packNames().filter((name) => name !== 'sandbox');
    expect(states.map((name) => loadPack(name).directives.map(({ code }) => code))).toEqual([
      ['refusal'],
      ['sharing-objection'],
      ['child-care-consent', 'limits'],
      ['limited-opt-out', 'complete-opt-out'],
    ]);
  });
});

const sandbox = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, 'src', 'jurisdictions', 'packs', 'sandbox.json'), 'utf8')) as Record<
    string,
    unknown
  >;

describe('a pack of one’s own', () => {
  test('is loaded by its path', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'elsewhere.json');
    writeFileSync(file, JSON.stringify({ ...sandbox(), name: 'elsewhere', timeZone: 'America/Denver' }));
    expect(loadPack(file).timeZone).toBe('America/Denver');
  });

  test.each([
    ['no pack of the server', () => loadPack('atlantis'), /one of maryland, .*virginia/],
    ['a file that is not there', () => loadPack('/nowhere/pack.json'), /cannot be read/],
    ['a rule is missing', () => checkedPack({ ...sandbox(), death: undefined }, 'it'), /death/],
    [
      'employers may check',
      () =>
        checkedPack(
          { ...sandbox(), employers: { text: 'They may.....', mayCheck: true, sources: ['practice'] } },
          'it',
        ),
      /mayCheck/,
    ],
    [
      'a source is not listed',
      () => checkedPack({ ...sandbox(), sources: { law: { cite: 'x', about: 'y' } } }, 'it'),
      /practice is cited and not listed.*law is listed and not cited/,
    ],
    [
      'there is no such time zone',
      () => checkedPack({ ...sandbox(), timeZone: 'Mars/Base' }, 'it'),
      /no time zone/,
    ],
  ])('stops the start where %s', (_, load, fault) => {
    expect(load).toThrow(fault);
  });
});
