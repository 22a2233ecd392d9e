import { afterAll, beforeEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TABLES_FOLDER } from '../../src/fhir/profile-files.ts';
import { loadTerminology } from '../../src/terminology/load.ts';
import { takeRelease } from '../../src/terminology/release/take.ts';

/** A record as CDC writes most of them: names and values in turn. */
const paired = (element: string, values: Readonly<Record<string, string>>): string =>
  `<${element}>${Object.entries(values)
    .map(([name, value]) => `<Name>${name}</Name><Value>${value}</Value>`)
    .join('')}</${element}>`;
const plain = (element: string, values: Readonly<Record<string, string>>): string =>
  `<${element}>${Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</${element}>`;

const cvx = (code: string, short: string, updated: string): string =>
  plain('CVXInfo', {
    ShortDescription: short,
    FullVaccinename: `${short} vaccine, IgG1&#954;`,
    CVXCode: `${code}       `,
    Notes: '',
    Status: 'Active',
    LastUpdated: updated,
  });

const FILES = {
  'cvx.xml': `<?xml version="1.0" encoding="ISO-8859-1"?><CVXCodes>${cvx('03', 'MMR', '5/28/2010')}${cvx('999999', 'new', '1/2/2026')}</CVXCodes>`,
  'groups.xml': `<?xml version="1.0"?><VGCodes>${paired('CVXVGInfo', {
    ShortDescription: 'MMR',
    CVXCode: '03        ',
    Status: 'Active',
    'Vaccine Group Name': 'MMR',
    'CVX for Vaccine Group': '03',
  })}</VGCodes>`,
  'cpt.xml': `<?xml version="1.0"?><CPTCodes>${paired('CPTInfo', {
    'CPT Code': '90707     ',
    'CPT Desc': 'a text that is not ours',
    'CVX Code': '03        ',
    LastUpdated: '6/13/2024',
  })}${paired('CPTInfo', { 'CPT Code': '90460', 'CVX Code': 'Not applicable', LastUpdated: '6/13/2024' })}</CPTCodes>`,
  'vis.xml': `<?xml version="1.0"?><VISLookup>${plain('VISInfo', {
    VIS_Document_Type_Description: 'MMR VIS',
    Edition_Date: '8/6/2021',
    VIS_encoded_string: '253088698300012711210806',
    VIS_GDTI_document_code: '0886983000127',
    status: 'Current',
    Lastupdated: '8/6/2021',
  })}</VISLookup>`,
  'cvxvis.xml': `<?xml version="1.0"?><CVXVIS>${plain('CVXVISMapping', {
    CVXCode: '03       ',
    'Fully-encodedString': '253088698300012711210806',
  })}</CVXVIS>`,
  'visurl.xml':
    '<?xml version="1.0"?><VISURL xmlns:xlink="http://www.w3.org/1999/xlink"><VISURLInfo><VIS_GDTI_document_Conceptcode>0886983000127</VIS_GDTI_document_Conceptcode><VIS_PDF_URL xlink:href="https://www.cdc.gov/mmr.pdf"/></VISURLInfo></VISURL>',
  'NDC_Unit_use.txt':
    '11|00006|4681|01|M-M-R II|MMR|Merck|19780915||VIAL|00300064681010|03        |MMR|False     |00006-4681-01|2018-05-30 00:00:00|\n',
  'NDC_Unit_sale.txt':
    '21|00006|4681|00|M-M-R II|MMR|Merck|19780915||BOX|SUBCUTANEOUS|2018-05-30 00:00:00|03        |MMR|00006-4681-00|\n',
  'NDC_Linker.txt': '1|21|11|MSD\n',
};

let home = '';
const [from, to] = [(): string => join(home, 'from'), (): string => join(home, 'to')];
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'cdc-release-'));
});
beforeEach(() => {
  for (const folder of [from(), to()]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(from());
  mkdirSync(to());
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

const put = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(from(), name), text);
};
const take = (): string => takeRelease({ from: from(), name: 'of a test', to: to() });
const rowsOf = (file: string): readonly unknown[] =>
  (JSON.parse(readFileSync(join(to(), file), 'utf8')) as { rows: unknown[] }).rows;

describe('CDC’s files', () => {
  test('are taken as they are, known by what is in them', () => {
    put(FILES);
    expect(take()).toContain('cvx.json 2026-01-02, 2 rows\n  added 2: 03, 999999\n');
    expect(rowsOf('cvx.json')[0]).toEqual([
      ...[
        '03',
        'MMR',
        'MMR vaccine, IgG1κ',
        'Active',
        ['MMR'],
        'vaccine',
        null,
        null,
        null,
        null,
        '2010-05-28',
      ],
    ]);
    expect(rowsOf('vaccine-groups.json')).toEqual([['MMR', '03', ['03']]]);
    expect(rowsOf('cpt-cvx.json')).toEqual([['90707', '03', '2024-06-13']]);
    expect(rowsOf('vis.json')).toEqual([
      [
        ...['0886983000127', '2021-08-06', 'MMR VIS', '253088698300012711210806', 'Current', ['03']],
        ...['https://www.cdc.gov/mmr.pdf', '2021-08-06'],
      ],
    ]);
    expect(rowsOf('ndc.json')).toEqual([
      [
        '00006-4681-00',
        'sale',
        '03',
        ['MSD'],
        'M-M-R II',
        '1978-09-15',
        null,
        null,
        ['00006-4681-01'],
        '2018-05-30',
      ],
      [
        ...['00006-4681-01', 'use', '03', ['MSD'], 'M-M-R II', '1978-09-15', null, '00300064681010'],
        ...[['00006-4681-00'], '2018-05-30'],
      ],
    ]);
  });

  test('never bring the texts of CPT with them', () => {
    put(FILES);
    take();
    const written = readdirSync(to()).map((file) => readFileSync(join(to(), file), 'utf8'));
    expect(written.join()).not.toContain('not ours');
  });

  test('leave alone the tables that they are not of', () => {
    put({ 'cpt.xml': FILES['cpt.xml'] });
    take();
    expect(readdirSync(to())).toEqual(['cpt-cvx.json']);
  });

  test('keep what only others know of a vaccine', () => {
    cpSync(join(TABLES_FOLDER, 'cvx.json'), join(to(), 'cvx.json'));
    const all = rowsOf('cvx.json') as readonly (readonly string[])[];
    const body = all.map(([code = '', short = '']) =>
      cvx(code, short.replaceAll('&', '&amp;').replaceAll('<', '&lt;'), '1/1/2026'),
    );
    put({ 'cvx.xml': `<?xml version="1.0"?><CVXCodes>${body.join('')}</CVXCodes>` });
    take();
    const kept = (row: unknown): unknown => (row as readonly unknown[]).slice(5, 10);
    expect(rowsOf('cvx.json').map(kept)).toEqual(all.map(kept));
  });

  test('that are not whole are refused, and nothing is written', () => {
    cpSync(join(TABLES_FOLDER, 'cvx.json'), join(to(), 'cvx.json'));
    put(FILES);
    expect(take).toThrow(/cvx.json: 2 rows where there were \d+; the file is not whole/);
    expect(existsSync(join(to(), 'mvx.json'))).toBe(false);
    expect(rowsOf('cvx.json').length).toBeGreaterThan(200);
  });

  test('have to be there', () => {
    expect(take).toThrow(/none of the code tables/);
  });
});

test('a server reads the tables that were taken', () => {
  for (const file of readdirSync(TABLES_FOLDER)) cpSync(join(TABLES_FOLDER, file), join(to(), file));
  put({ 'groups.xml': FILES['groups.xml'] });
  expect(take).not.toThrow();
  expect([...loadTerminology(to()).groups.keys()]).toEqual(['MMR']);
});
