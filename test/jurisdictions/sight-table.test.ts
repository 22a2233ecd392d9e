/** The tables of the pages say what the law says: a few cells of each, read off the sources by hand. */
import { describe, expect, test } from '@jest/globals';
import { sightTable } from '../../scripts/docs/sight-table.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';

function cellOf(name: string, row: string, column: string): string | undefined {
  const [head = [], , ...rows] = sightTable(loadPack(name))
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const at = head.indexOf(column);
  return rows.find((cells) => cells[1]?.startsWith(row))?.[at];
}

describe('who sees what', () => {
  test.each([
    ['virginia', 'health care providers', 'Nothing on file (adult)', 'all'],
    ['virginia', 'health care providers', 'Opt-out limited to the administering provider (adult)', 'nothing'],
    [
      'virginia',
      'the provider who administered',
      'Opt-out limited to the administering provider (child)',
      'who it is, its own doses',
    ],
    ['virginia', 'the provider who administered', 'Complete opt-out (child)', 'nothing'],
    ['virginia', 'health department', 'Complete opt-out (adult)', 'all'],
    ['virginia', 'health care providers', 'After death', 'nothing'],
    ['massachusetts', 'schools', 'Objection to data sharing (child)', 'nothing'],
    [
      'massachusetts',
      'the provider who administered',
      'Objection to data sharing (adult)',
      'who it is, its own doses',
    ],
    ['massachusetts', 'child-care', 'Nothing on file (child)', 'nothing'],
    ['maryland', 'parents', 'Refusal to permit disclosure (child)', 'all'],
    ['maryland', 'parents', 'Nothing on file (adult)', 'nothing'],
    ['vermont', 'child-care', 'Nothing on file (child)', 'nothing'],
    ['vermont', 'child-care', 'Parental consent for child care (child)', 'all'],
    ['vermont', 'schools', 'Nothing on file (adult)', 'nothing'],
  ])('%s: %s, %s: %s', (name, row, column, said) => {
    expect(cellOf(name, row, column)).toBe(said);
  });
});
