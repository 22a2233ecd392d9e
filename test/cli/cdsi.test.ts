/** The commands for developers who have no server: forecast, cdsi-cases, cdsi-data. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { cdsiCases } from '../../src/cli/cdsi-cases.ts';
import { cdsiData } from '../../src/cli/cdsi-data.ts';
import { forecastCommand } from '../../src/cli/forecast.ts';

const folder = mkdtempSync(join(tmpdir(), 'cdsi-'));
let said = '';

beforeEach(() => {
  said = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function run(...words: string[]): Promise<string> {
  const program = new Command();
  for (const add of [forecastCommand, cdsiCases, cdsiData]) add(program);
  await program.parseAsync(['node', 'fhir-iis', ...words]);
  return said;
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const child = {
  patient: { birthDate: '2024-03-01', gender: 'female' },
  doses: [{ date: '2025-02-20', cvx: 3 }],
  assessmentDate: '2025-11-10',
};

const withDose = (more: object): object => ({ ...child, doses: [{ ...child.doses[0], ...more }] });

describe('forecast', () => {
  test('prints every vaccine group, and the version of the schedule', async () => {
    const text = await run('forecast', file('child.json', child));
    expect(text).toContain('4.64-508');
    expect(text).toMatch(/MMR \(Standard\) +dose 1: earliest 2025-03-20/);
    expect(text).toContain('Dose 1: Not Valid for MMR (too-young');
  });

  test('takes the assessment date from the command line, and prints JSON', async () => {
    const json = JSON.parse(
      await run('forecast', file('child.json', child), '--date', '2025-01-01', '--json'),
    ) as object;
    expect(json).toMatchObject({
      assessmentDate: '2025-01-01',
      notices: [{ kind: 'after-assessment', dose: '1' }],
    });
  });

  test('says why', async () => {
    expect(await run('forecast', file('child.json', child), '--explain', 'MMR')).toContain(
      'Dose of 2025-02-20: too young',
    );
  });

  test.each([
    ['no patient', { doses: [] }, 'no patient'],
    ['a dose without a vaccine', { ...child, doses: [{ date: '2025-01-01' }] }, 'no cvx'],
    ['no birth date', { ...child, patient: { gender: 'female' } }, 'patient has no birthDate'],
    [
      'a sex that is a number',
      { ...child, patient: { birthDate: '2024-03-01', gender: 1 } },
      'gender must be',
    ],
    ['a lot that expires in a number', withDose({ lotExpirationDate: 2026 }), 'Dose 1: lotExpirationDate'],
    ['doses that are no list', { ...child, doses: 'none' }, 'doses must be a list'],
    ['an observation without a code', { ...child, observations: [{}] }, 'Observation 1 has no code'],
    ['no JSON', 'birthDate: 2024', 'not JSON'],
  ])('a file with %s is refused in words', async (_, content, words) => {
    await expect(run('forecast', file('bad.json', content))).rejects.toThrow(words);
  });

  test('a file that does not exist is refused in words', async () => {
    await expect(run('forecast', join(folder, 'none.json'))).rejects.toThrow('There is no file');
  });
});

const CASE = {
  id: 'own-1',
  suite: 'own',
  dob: '2024-03-01',
  gender: 'F',
  observations: [],
  doses: [
    {
      number: 1,
      date: '2025-02-20',
      cvx: '03',
      mvx: null,
      evaluationStatus: 'not valid',
      evaluationReason: 'Age: Too Young',
    },
  ],
  vaccineGroup: 'MMR',
  assessmentDate: '2025-02-20',
  seriesStatus: 'Not complete',
  forecast: {
    doseNumber: '1',
    earliestDate: '2025-03-20',
    recommendedDate: '2025-03-20',
    pastDueDate: '2025-07-28',
  },
};

describe('cdsi-cases', () => {
  test('prints agreement for each suite, vaccine group and field', async () => {
    const text = await run('cdsi-cases', file('cases.json', [CASE]));
    expect(text).toContain('own (schedule 4.64-508)');
    expect(text).toMatch(/MMR +1\/1 +1\/1/);
    expect(text).toContain('No field differs.');
  });

  test('prints each difference, and JSON if asked', async () => {
    const wrong = { ...CASE, forecast: { ...CASE.forecast, earliestDate: '2025-03-21' } };
    expect(await run('cdsi-cases', file('cases.json', [wrong]))).toContain(
      'own-1  MMR  earliestDate: expected 2025-03-21, got 2025-03-20',
    );
    said = '';
    const report = JSON.parse(await run('cdsi-cases', file('cases.json', [wrong]), '--json')) as object;
    expect(report).toMatchObject({
      suites: {
        own: {
          cases: { agree: 0, of: 1 },
          fields: { earliestDate: { agree: 0, of: 1 }, seriesStatus: { agree: 1, of: 1 } },
        },
      },
      differences: [{ id: 'own-1', field: 'earliestDate', expected: '2025-03-21', actual: '2025-03-20' }],
    });
  });

  test.each([
    ['an object', {}, 'JSON array'],
    ['a case without a birth date', [{ ...CASE, dob: null }], 'has no dob'],
  ])('a file with %s is refused in words', async (_, content, words) => {
    await expect(run('cdsi-cases', file('cases.json', content))).rejects.toThrow(words);
  });
});

describe('cdsi-data', () => {
  test('without the XML of a release, or without its version, it is refused in words', async () => {
    await expect(run('cdsi-data', join(folder, 'nowhere'), '--release', '1.0-508')).rejects.toThrow(
      'There is no folder',
    );
    await expect(run('cdsi-data', folder, '--release', '1.0-508')).rejects.toThrow(
      'ScheduleSupportingData.xml',
    );
    await expect(run('cdsi-data', folder)).rejects.toThrow('--release');
  });

  test('a release is compiled to a file that forecasts can be made from', async () => {
    const empty =
      '<scheduleSupportingData><vaccineGroups><vaccineGroup><name>G</name><administerFullVaccineGroup/></vaccineGroup></vaccineGroups><vaccineGroupToAntigenMap><vaccineGroupMap><name>G</name><antigen>A</antigen></vaccineGroupMap></vaccineGroupToAntigenMap></scheduleSupportingData>';
    const antigen =
      '<antigenSupportingData><series><seriesName>S</seriesName><targetDisease>A</targetDisease><vaccineGroup>G</vaccineGroup><seriesAdminGuidance>Unworded.</seriesAdminGuidance><seriesType>Standard</seriesType><selectSeries><defaultSeries>Yes</defaultSeries><seriesGroupName>Standard</seriesGroupName><seriesGroup>1</seriesGroup><seriesPriority>A</seriesPriority></selectSeries><seriesDose><doseNumber>Dose 1</doseNumber><recurringDose>No</recurringDose></seriesDose></series></antigenSupportingData>';
    const release = mkdtempSync(join(tmpdir(), 'Version_7.77-508-'));
    writeFileSync(join(release, 'ScheduleSupportingData.xml'), empty);
    writeFileSync(join(release, 'AntigenSupportingData- A-508.xml'), antigen);
    const out = join(folder, 'release.json');
    const text = await run('cdsi-data', release, '--out', out);
    expect(text).toContain('CDSi supporting data 7.77-508: 1 antigens, 1 series, 1 series doses');
    expect(text).toContain('1 guidance texts have no words');
    expect(readFileSync(out, 'utf8')).toContain('"version": "7.77-508"');
    said = '';
    expect(await run('forecast', file('child.json', { ...child, doses: [] }), '--data', out)).toContain(
      'G (Standard)',
    );
  });
});
