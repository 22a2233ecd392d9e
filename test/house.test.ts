/** What holds of the house itself: sizes, tables and documents in step, every declared thing offered. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SETTINGS } from '../src/config.ts';
import { FAILURES } from '../src/core/failure.ts';
import { catalog } from '../src/catalog/index.ts';
import { operations } from '../src/operations/index.ts';
import { OPERATIONS } from '../src/catalog/operations.ts';

const root = join(import.meta.dirname, '..');

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

const sources = filesUnder(join(root, 'src'), '.ts').map((path) => ({
  path: path.slice(root.length + 1),
  text: readFileSync(path, 'utf8'),
}));

describe('the house', () => {
  test('every source file opens by saying what it decides', () => {
    const silent = sources.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  test('no file is named for what it is made of instead of what it decides', () => {
    const vague = sources.filter(({ path }) =>
      /(^|\/|-)(utils?|helpers?|misc|manager|service|base)(\.ts|\/|-)/.test(path),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
  });

  test('no work is put off and no check is switched off without a reason', () => {
    const marks = sources.filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)/.test(text));
    expect(marks.map(({ path }) => path)).toEqual([]);
  });

  test('the documents and the capability statement are what the tables make', () => {
    const script = join(root, 'scripts', 'docs.ts');
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  });

  test('every setting and every kind of failure says what it means', () => {
    for (const { means } of [...Object.values(SETTINGS), ...Object.values(FAILURES)])
      expect(means).toMatch(/\.$/);
  });

  test('every operation of the catalog has a handler, and every handler is in the catalog', () => {
    // One name may be asked of several types, under a definition each.
    const names = new Set(OPERATIONS.map(({ name }) => name));
    expect([...operations.keys()].sort()).toEqual([...names].sort());
  });

  test('every type has its entry under its own name', () => {
    for (const [name, entry] of catalog) expect(entry.type).toBe(name);
  });
});
