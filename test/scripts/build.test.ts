import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { intervalOf } from '../../src/fhir/date.ts';
import { schemaOf } from '../../scripts/build/schema.ts';
import type { DefinitionTable } from '../../src/fhir/element-table.ts';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, 'build');
const build = () => promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.ts')]);
const table = JSON.parse(readFileSync(join(target, 'elements.json'), 'utf8')) as DefinitionTable;

describe('the build', () => {
  test('writes nothing where all is up to date, and several at once do not disturb each other', async () => {
    const before = readdirSync(target).map((file) => [file, statSync(join(target, file)).mtimeMs]);
    await Promise.all([build(), build(), build()]);
    expect(readdirSync(target).map((file) => [file, statSync(join(target, file)).mtimeMs])).toEqual(before);
  }, 30_000);

  test('leaves no drafts behind', () => {
    expect(readdirSync(target).filter((file) => file.startsWith('.'))).toEqual([]);
  });
});

describe('the schema', () => {
  const { definitions } = schemaOf(table) as {
    definitions: Record<string, { properties: Record<string, { pattern?: string }> }>;
  };

  test('has a definition for each type of the table, and one for lists of extensions', () => {
    expect(Object.keys(definitions)).toHaveLength(Object.keys(table.types).length + 1);
  });

  test('takes no date that the calendar’s reader cannot read', () => {
    const pattern = new RegExp(definitions['Patient']?.properties['birthDate']?.pattern ?? '', 'u');
    const days = [
      '2020',
      '2020-02',
      '2020-02-29',
      '0001-01-01',
      '0000',
      '2020-13',
      '2020-2',
      '2020-02-29T00:00:00Z',
    ];
    expect(days.filter((day) => pattern.test(day))).toEqual(['2020', '2020-02', '2020-02-29', '0001-01-01']);
    expect(days.filter((day) => pattern.test(day) && intervalOf(day) === undefined)).toEqual([]);
  });
});
