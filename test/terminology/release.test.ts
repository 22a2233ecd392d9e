import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTerminology } from '../../src/terminology/load.ts';

const script = join(import.meta.dirname, '../../scripts/terminology.ts');
let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'terminology-'));
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

const mmr = {
  code: '03',
  short: 'MMR',
  full: 'measles, mumps and rubella',
  status: 'Active',
  groups: ['MMR'],
  conceptType: 'vaccine',
  updated: '2020-01-01',
};
const sources = (cvx: readonly object[]): Readonly<Record<string, readonly object[]>> => ({
  'cvx.json': cvx,
  'mvx.json': [{ code: 'MSD', name: 'Merck', status: 'Active', updated: '2020-01-01' }],
  'ndc-cvx.json': [
    {
      kind: 'use',
      ndc: '00006-4681-01',
      cvx: '03',
      mvx: 'MSD',
      product: 'M-M-R II',
      start: '1971-04-21',
      updated: '2020-01-01',
      sale: [],
    },
  ],
  'cpt-cvx.json': [{ cpt: '90707', cvx: '03', vaccine: 'not ours to keep', updated: '2020-01-01' }],
  'tradename.json': [{ product: 'M-M-R II', cvx: '03', mvx: 'MSD', status: 'Active', updated: '2020-01-01' }],
  'vaccine-groups.json': [{ group: 'MMR', groupCvx: '03', cvx: ['03'] }],
  'vis.json': [
    {
      gdti: '1',
      edition: '2021-08-06',
      doc: 'MMR VIS',
      barcode: '253',
      status: 'Current',
      updated: '2021-08-06',
      cvx: ['03'],
    },
  ],
  'v2-code-sets.json': [
    { set: 'BODY_SITE', hl7Table: 'HL70163', codes: [{ code: 'LA', label: 'Left Arm', status: 'Valid' }] },
  ],
});

/** Takes a release of the tables and says what the script printed. */
function take(release: string, cvx: readonly object[]): string {
  const folder = mkdtempSync(join(home, 'in-'));
  for (const [file, rows] of Object.entries(sources(cvx)))
    writeFileSync(join(folder, file), JSON.stringify(rows));
  return execFileSync(process.execPath, [script, folder, release, join(home, 'out')], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

describe('A newer release of the code tables', () => {
  test('is taken without a change of code, and what changed is told', () => {
    take('first', [mmr]);
    const told = take('second', [
      { ...mmr, short: 'MMR!', updated: '2026-02-01' },
      { ...mmr, code: '94', short: 'MMRV' },
    ]);
    expect(told).toContain('cvx.json 2026-02-01, 2 rows\n  added 1: 94\n  changed 1: 03\n');
    expect(told).toContain('mvx.json 2020-01-01, 1 rows\n  unchanged\n');
    const terms = loadTerminology(join(home, 'out'));
    expect(terms.vaccines.get('03')?.short).toBe('MMR!');
    expect(terms.about['cvx']).toMatchObject({ version: '2026-02-01', release: 'second' });
  });

  test('that drops a code says so', () => {
    take('first', [mmr, { ...mmr, code: '94' }]);
    expect(take('second', [mmr])).toContain('  gone 1: 94\n');
  });

  test('comes out the same twice', () => {
    take('first', [mmr]);
    expect(take('first', [mmr]).match(/unchanged/g)).toHaveLength(8);
  });

  test('with a row that has no code is refused', () => {
    expect(() => take('broken', [{ ...mmr, code: undefined }])).toThrow('a row has no key');
  });
});
