/** The compiler of CDC's XML: what it reads, what it refuses, what it warns of. */
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { buildSchedule } from '../../../src/forecasting/schedule/build-schedule.ts';
import { compileRelease, type Compiled } from '../../../src/forecasting/schedule/compile.ts';
import { loadSchedule } from '../../../src/forecasting/schedule/load-schedule.ts';
import type { SeriesDose } from '../../../src/forecasting/schedule/release.ts';
import { writeRelease } from '../../../src/forecasting/schedule/write-release.ts';

const SCHEDULE = `<?xml version="1.0" encoding="UTF-8"?>
<scheduleSupportingData>
<liveVirusConflicts><liveVirusConflict>
 <previous><vaccineType>B</vaccineType><cvx>9</cvx></previous><current><vaccineType>A</vaccineType><cvx>08</cvx></current>
 <conflictBeginInterval>1 day</conflictBeginInterval><minConflictEndInterval>24 days</minConflictEndInterval><conflictEndInterval>4 weeks</conflictEndInterval>
</liveVirusConflict></liveVirusConflicts>
<vaccineGroups><vaccineGroup><name>Test</name><administerFullVaccineGroup>Yes</administerFullVaccineGroup></vaccineGroup></vaccineGroups>
<vaccineGroupToAntigenMap><vaccineGroupMap><name>Test</name><antigen>Testitis</antigen></vaccineGroupMap></vaccineGroupToAntigenMap>
<cvxToAntigenMap>
 <cvxMap><cvx>8</cvx><shortDescription>A &amp; co &#x2265; 1</shortDescription><association><antigen>Testitis</antigen><associationBeginAge>0 days</associationBeginAge><associationEndAge>50 Years</associationEndAge></association></cvxMap>
 <cvxMap><cvx>09</cvx><shortDescription>B</shortDescription><association><antigen>Testitis</antigen></association></cvxMap>
</cvxToAntigenMap>
<observations><observation><observationCode>001</observationCode><observationTitle>Seeks protection</observationTitle><group/><indicationText/><contraindicationText/><clarifyingText/>
 <codedValues><codedValue><code>123</code><codeSystem>SNOMED</codeSystem><text>x</text></codedValue></codedValues></observation></observations>
</scheduleSupportingData>`;

const DOSE = `<seriesDose><doseNumber>Dose 1</doseNumber>
 <age><absMinAge>6 weeks - 4 days</absMinAge><minAge>6 weeks</minAge><maxAge>n/a</maxAge><effectiveDate>20200101</effectiveDate><cessationDate/></age>
 <interval/>
 <interval><fromPrevious>N</fromPrevious><fromTargetDose/><fromMostRecent>8; 09</fromMostRecent><absMinInt>24 days</absMinInt><intervalPriority>override</intervalPriority></interval>
 <preferableVaccine><vaccineType>A</vaccineType><cvx>08</cvx><mvx>SKB</mvx><volume>0.5</volume><forecastVaccineType>Y</forecastVaccineType></preferableVaccine>
 <allowableVaccine><vaccineType>A</vaccineType><cvx>08</cvx><beginAge>6 weeks</beginAge></allowableVaccine>
 <allowableVaccine><vaccineType>B</vaccineType><cvx>9</cvx><beginAge>42 days</beginAge></allowableVaccine>
 <inadvertentVaccine><vaccineType/><cvx/></inadvertentVaccine>
 <conditionalSkip><context>both</context><setLogic>n/a</setLogic><set><setID>1</setID><conditionLogic/>
  <condition><conditionID>1</conditionID><conditionType>Vaccine Count By age</conditionType><doseCount>0</doseCount><doseType>valid</doseType><doseCountLogic>Greater Than</doseCountLogic><vaccineTypes>8; 09</vaccineTypes></condition>
 </set></conditionalSkip>
 <recurringDose>No</recurringDose><seasonalRecommendation><startDate>20250701</startDate><endDate>20260630</endDate></seasonalRecommendation></seriesDose>`;

function antigen(dose = DOSE, more = ''): string {
  return `<antigenSupportingData><immunity>
 <dateOfBirth><immunityBirthDate>01/01/1957</immunityBirthDate><birthCountry/></dateOfBirth></immunity>
 <contraindications><vaccineGroup/><vaccine/></contraindications>
 <series><seriesName>Test series</seriesName><targetDisease>Testitis</targetDisease><vaccineGroup>Test</vaccineGroup>
 <seriesAdminGuidance>Ask twice.</seriesAdminGuidance><seriesType>Standard</seriesType><equivalentSeriesGroups/><requiredGender/>
 <selectSeries><defaultSeries>Yes</defaultSeries><productPath>No</productPath><seriesGroupName>Standard</seriesGroupName><seriesGroup>1</seriesGroup><seriesPriority>A</seriesPriority><seriesPreference>1</seriesPreference><minAgeToStart/><maxAgeToStart>16 years - 4 months</maxAgeToStart></selectSeries>
 <indication/>${dose}${more}</series></antigenSupportingData>`;
}

function compile(antigenXml: string, scheduleXml = SCHEDULE): Compiled {
  return compileRelease(
    [
      { name: 'AntigenSupportingData- Test-508.xml', text: antigenXml },
      { name: 'ScheduleSupportingData.xml', text: scheduleXml },
    ],
    '9.99-508',
  );
}

function doseOf({ release }: Compiled): SeriesDose {
  return release.antigens[0]!.series[0]!.doses[0]!;
}

describe('what is read', () => {
  const { release, warnings } = compile(antigen());

  test('ages, intervals and dates are parsed, empty placeholders are left out', () => {
    expect(doseOf({ release, warnings })).toEqual({
      doseNumber: 1,
      age: [{ absMinAge: { d: 38 }, minAge: { d: 42 }, effectiveDate: '2020-01-01' }],
      interval: [{ from: { mostRecent: ['08', '09'] }, absMinInt: { d: 24 }, priority: true }],
      preferable: 0,
      allowable: 0,
      conditionalSkip: [
        {
          context: 'Both',
          logic: 'AND',
          sets: [
            {
              logic: 'AND',
              conditions: [
                {
                  type: 'Vaccine Count',
                  doseCount: 0,
                  doseType: 'Valid',
                  doseCountLogic: 'greater than',
                  vaccineTypes: ['08', '09'],
                },
              ],
            },
          ],
        },
      ],
      season: { startDate: '2025-07-01', endDate: '2026-06-30' },
    });
  });

  test('vaccines, groups, conflicts and observations are read, entities decoded, codes spelled alike', () => {
    expect(release.vaccines).toMatchObject({
      '08': { name: 'A & co ≥ 1', antigens: [{ antigen: 'Testitis', endAge: { y: 50 } }] },
    });
    expect(release.vaccineGroups).toEqual([
      { name: 'Test', administerFullVaccineGroup: true, antigens: ['Testitis'] },
    ]);
    expect(release.conflicts).toEqual([{ current: '08', begin: 1, minEnd: 24, end: 28, previous: ['09'] }]);
    expect(release.observations).toEqual({
      '001': { title: 'Seeks protection', codes: { SNOMED: ['123'] } },
    });
    expect(release.antigens[0]?.immunity).toEqual({ birthDate: [{ immunityBirthDate: '1957-01-01' }] });
  });

  test('allowable vaccines are grouped by age range, so that 6 weeks and 42 days are one', () => {
    expect(release.allowableVaccines).toEqual([[{ beginAge: { d: 42 }, cvx: ['08', '09'] }]]);
  });

  test('no sentence of CDC is carried: guidance is a key', () => {
    expect(writeRelease(release)).not.toContain('Ask twice');
    expect(release.antigens[0]?.series[0]?.guidance).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/)]);
  });

  test('the version is carried into the schedule, and the text written is the release again', () => {
    expect(JSON.parse(writeRelease(release))).toEqual(release);
    expect(buildSchedule(release).version).toBe('9.99-508');
  });

  test('the same files give the same digest in any order, other files another', () => {
    expect(compile(antigen()).release.digest).toBe(release.digest);
    expect(compile(antigen(DOSE.replace('6 weeks - 4', '6 weeks - 3'))).release.digest).not.toBe(
      release.digest,
    );
  });
});

describe('what is refused', () => {
  test.each([
    [
      'an element that the schema does not name',
      antigen(DOSE.replace('<interval/>', '<newRule>1</newRule>')),
      'newRule',
    ],
    [
      'a length of time in another grammar',
      antigen(DOSE.replace('6 weeks - 4 days', 'six weeks')),
      'absMinAge',
    ],
    ['a date that is none', antigen(DOSE.replace('20200101', '2020-31-01')), 'effectiveDate'],
    ['an unknown condition type', antigen(DOSE.replace('Vaccine Count By age', 'Weather')), 'weather'],
    ['an unknown word', antigen(DOSE.replace('>both<', '>sometimes<')), 'context'],
    [
      'an interval that is counted from nothing',
      antigen(DOSE.replace('8; 09</fromMostRecent>', '</fromMostRecent>')),
      'counted from',
    ],
    ['a file that is cut off', antigen().slice(0, -40), 'not well-formed'],
    [
      'elements that are closed in the wrong order',
      antigen(DOSE.replace('</minAge><maxAge>', '</maxAge><minAge>')),
      'not well-formed',
    ],
  ])('%s', (_, xml, words) => {
    expect(() => compile(xml)).toThrow(Failure);
    expect(() => compile(xml)).toThrow(words);
  });

  test('a folder without a schedule file', () => {
    expect(() =>
      compileRelease([{ name: 'AntigenSupportingData- Test-508.xml', text: antigen() }], '1'),
    ).toThrow('ScheduleSupportingData.xml');
  });

  test('a release compiled to another format', () => {
    const { release } = compile(antigen());
    expect(() => buildSchedule({ ...release, format: 0 as unknown as 1 })).toThrow('compile it again');
  });
});

describe('what is warned of', () => {
  test.each([
    [
      'an observation',
      antigen().replace(
        '<indication/>',
        '<indication><observationCode><text>x</text><code>777</code></observationCode></indication>',
      ),
      '777',
    ],
    ['a vaccine', antigen(DOSE.replace('<cvx>08</cvx><mvx>', '<cvx>555</cvx><mvx>')), 'CVX 555'],
    [
      'a series group',
      antigen().replace('<equivalentSeriesGroups/>', '<equivalentSeriesGroups>4</equivalentSeriesGroups>'),
      'series group 4',
    ],
    [
      'a target dose',
      antigen(DOSE.replace('<fromTargetDose/>', '<fromTargetDose>7</fromTargetDose>')),
      'target dose 7',
    ],
    [
      'a vaccine group',
      antigen().replace('<targetDisease>Testitis', '<targetDisease>Other'),
      'Antigen Other is in no vaccine group',
    ],
  ])('%s that does not exist', (_, xml, words) => {
    expect(compile(xml).warnings.join('\n')).toContain(words);
  });

  test('nothing, where everything exists', () => {
    expect(compile(antigen()).warnings).toEqual([]);
  });
});

test('the shipped schedule is release 4.64-508 with its 30 antigens, 143 series and 484 series doses', () => {
  const { version, antigens, vaccineIds } = loadSchedule();
  const series = antigens.flatMap((one) => one.series);
  expect([version, antigens.length, series.length, series.flatMap(({ doses }) => doses).length]).toEqual([
    '4.64-508',
    30,
    143,
    484,
  ]);
  expect(vaccineIds.has('19')).toBe(true);
});
