/** Answers of other systems, read into FHIR: acknowledgements, candidates, histories, evaluations and what is due. */
import { describe, expect, test } from '@jest/globals';
import type {
  Immunization,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  OperationOutcome,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import { bundleOf, readAnswer, type Answer } from '../../src/hl7v2/answers/read.ts';
import { parseMessage } from '../../src/hl7v2/message.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import { GIVEN, PID, vxu } from './messages.ts';

const pack = loadPack('sandbox');
const now = new Date('2026-11-27T12:00:00Z');

function read(lines: readonly string[]): Answer {
  let count = 0;
  const newId = (): string => `id-${(count += 1)}`;
  return readAnswer(parseMessage(lines.join('\r')), { newId, now, pack });
}
const of = <R extends Resource>({ told }: Answer, type: R['resourceType']): R[] =>
  told.flatMap(({ resource }) => (resource.resourceType === type ? [resource as R] : []));
const issuesOf = ({ issue }: OperationOutcome) =>
  issue.map(({ severity, code, expression, diagnostics, details }) => [
    severity,
    code,
    ...(expression ?? []),
    diagnostics ?? details?.text,
  ]);

const ack = (code: string): string[] => [
  'MSH|^~\\&|OTHER|OTHERIIS|EHR|RIVER|20261122110000-0500||ACK^V04^ACK|R1|P|2.5.1|||NE|NE|||||Z23^CDCPHINVS',
  `MSA|${code}|M1`,
];
const rsp = (profile: string, status = 'OK'): string[] => [
  `MSH|^~\\&|OTHER|OTHERIIS|EHR|RIVER|20261122110000-0500||RSP^K11^RSP_K11|R1|P|2.5.1|||NE|NE|||||${profile}^CDCPHINVS|OTHERIIS|RIVER`,
  'MSA|AA|Q1',
  `QAK|T1|${status}|Z34^Request Immunization History^CDCPHINVS`,
  'QPD|Z34^Request Immunization History^CDCPHINVS|T1|A100^^^RIVER^MR',
];

describe('an acknowledgement', () => {
  test('tells each error with its place, how grave it is, and its codes', () => {
    const answer = read([
      ...ack('AE'),
      'ERR||PID^1^8|103^Table value not found^HL70357|W|5^Table value not found^HL70533^L7^Sex unknown^L|||Send F, M or X.',
      'ERR||RXA^2^5^1^1|101^Required field missing^HL70357|E||||Dose 2 was not stored.',
    ]);
    expect([answer.answers, answer.profile, answer.told, answer.reading]).toEqual([
      'M1',
      'Z23',
      [],
      undefined,
    ]);
    expect(issuesOf(answer.outcome)).toEqual([
      ['error', 'processing', 'The message was answered with errors.'],
      ['warning', 'code-invalid', 'PID^1^8', 'Send F, M or X.'],
      ['error', 'required', 'RXA^2^5^1^1', 'Dose 2 was not stored.'],
    ]);
    expect(answer.outcome.issue[1]?.details).toEqual({
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v2-0357',
          code: '103',
          display: 'Table value not found',
        },
        {
          system: 'http://terminology.hl7.org/CodeSystem/v2-0533',
          code: '5',
          display: 'Table value not found',
        },
        { system: 'http://terminology.hl7.org/CodeSystem/v2-0533', code: 'L7', display: 'Sex unknown' },
      ],
      text: 'Table value not found',
    });
  });

  test('of an older version tells in ERR-1 and MSA-3', () => {
    const answer = read([
      'MSH|^~\\&|OTHER|OTHERIIS|EHR|RIVER|20261122110000-0500||ACK|R1|P|2.3.1',
      'MSA|AR|M1|Not taken',
      'ERR|PID^1^5^101&Required field missing&HL70357~RXA^1^4^1006&Bad&Local&&the end',
    ]);
    expect(issuesOf(answer.outcome)).toEqual([
      ['fatal', 'processing', 'The message was rejected.'],
      ['fatal', 'processing', 'Not taken'],
      ['error', 'required', 'PID^1^5', undefined],
      ['error', 'processing', 'RXA^1^4', 'the end'],
    ]);
  });

  test('with a code for each fault is as grave as the worst', () => {
    const answer = read([...ack('AA'), 'ERR|||204', 'MSA|AE|M1', 'ERR|||102']);
    expect(issuesOf(answer.outcome)[0]?.[0]).toBe('error');
    expect(answer.outcome.issue).toHaveLength(3);
  });
});

describe('a response', () => {
  test.each([
    ['NF', 'not-found'],
    ['TM', 'too-costly'],
  ])('of nobody in particular says so (Z33, %s)', (status, code) => {
    const answer = read(rsp('Z33', status));
    expect(answer.outcome.issue[1]).toMatchObject({ severity: 'information', code });
    expect(answer.told).toEqual([]);
  });

  test('tells candidates, each with their own (Z31)', () => {
    const answer = read([
      ...rsp('Z31'),
      'PID|1||11^^^OTHERIIS^SR||Twin^Ann^^^^^L||20230105|F',
      'NK1|1|Twin^Mo^^^^^L|MTH^Mother^HL70063',
      'PID|2||12^^^OTHERIIS^SR||Twin^Amy^^^^^L||20230105|F',
    ]);
    expect(of<Patient>(answer, 'Patient').map(({ identifier }) => identifier?.[0]?.value)).toEqual([
      '11',
      '12',
    ]);
    const [guardian] = of(answer, 'RelatedPerson');
    expect(guardian).toMatchObject({ patient: { reference: answer.told[1]?.fullUrl } });
    expect(answer.reading).toBeUndefined();
  });

  test('of a history tells doses, the directive and who told them (Z32)', () => {
    const answer = read([...rsp('Z32'), PID, 'PD1|||||||||||02^any^HL70215|Y|20260401', ...GIVEN]);
    expect(answer.told.map(({ resource: { resourceType } }) => resourceType)).toEqual([
      ...['Organization', 'Patient', 'Consent', 'Immunization'],
    ]);
    expect(answer.told[0]?.resource).toMatchObject({ name: 'OTHERIIS' });
    const [dose] = of<Immunization>(answer, 'Immunization');
    expect(dose).toMatchObject({
      patient: { reference: answer.told[1]?.fullUrl },
      occurrenceDateTime: '2024-08-03',
      lotNumber: 'C1234AA',
      primarySource: true,
      programEligibility: [{ coding: [{ code: 'V02' }] }],
    });
    // Who answers did not give it.
    expect(dose?.performer?.map(({ actor }) => actor.reference)).toEqual(['#ap', '#op', '#ep']);
  });

  test('without a birth date is read, and what is missing is named', () => {
    const answer = read([...rsp('Z32'), 'PID|1||11^^^OTHERIIS^SR||Short^Ann^^^^^L', ...GIVEN]);
    expect(of<Patient>(answer, 'Patient')).toMatchObject([{ name: [{ family: 'Short' }] }]);
    expect(of(answer, 'Immunization')).toHaveLength(1);
    expect(issuesOf(answer.reading ?? answer.outcome)).toContainEqual([
      ...['error', 'required', 'PID^1^7', undefined],
    ]);
  });

  test('of an evaluated history tells evaluations by vaccine group and what is due (Z42)', () => {
    const answer = read([
      ...rsp('Z42'),
      PID,
      'ORC|RE||D1^RIVER',
      'RXA|0|1|20250203||94^MMRV^CVX|999|||01^Historical^NIP001|||||||||||CP|A',
      'OBX|1|CE|30956-7^Vaccine type^LN|1|03^MMR^CVX||||||F|||20261122',
      'OBX|2|CE|59779-9^Schedule^LN|1|VXC16^ACIP^CDCPHINVS||||||F|||20261122',
      'OBX|3|NM|30973-2^Dose number^LN|1|1||||||F|||20261122',
      'OBX|4|ID|59781-5^Validity^LN|1|Y||||||F|||20261122',
      // A sub-id that is used again, as some systems do.
      'OBX|5|CE|38890-0^Component^LN|1|21^Varicella^CVX||||||F|||20261122',
      'OBX|6|ID|59781-5^Validity^LN|1|N||||||F|||20261122',
      'OBX|7|ST|30982-3^Reason^LN|1|Too young||||||F|||20261122',
      'ORC|RE||9999',
      'RXA|0|1|20261122||998^No vaccine administered^CVX|999||||||||||||||NA',
      'OBX|8|CE|30956-7^Vaccine type^LN|1|21^Varicella^CVX||||||F|||20261122',
      'OBX|9|DT|30980-7^Due^LN|1|20270301||||||F|||20261122',
      'OBX|10|DT_T|30981-5^Earliest^LN|1|20270201||||||F|||20261122',
      'OBX|11|NM|30973-2^Dose number^LN|1|2||||||F|||20261122',
      'OBX|12|CE|30979-9^Due next^LN|2|88^Flu^CVX||||||F|||20261122',
      'OBX|13|ST|59783-1^Status^LN|2|Due||||||F|||20261122',
    ]);
    expect(answer.reading).toBeUndefined();
    const evaluations = of<ImmunizationEvaluation>(answer, 'ImmunizationEvaluation');
    expect(
      evaluations.map(({ targetDisease, doseStatus, doseNumberPositiveInt, doseStatusReason }) => [
        targetDisease.coding?.[0]?.code,
        doseStatus.coding?.[0]?.code,
        doseNumberPositiveInt,
        doseStatusReason?.[0]?.text,
      ]),
    ).toEqual([
      ['03', 'valid', 1, undefined],
      ['21', 'notvalid', undefined, 'Too young'],
    ]);
    const [due] = of<ImmunizationRecommendation>(answer, 'ImmunizationRecommendation');
    expect(due?.date).toBe('2026-11-22');
    expect(
      due?.recommendation.map(({ vaccineCode, dateCriterion, doseNumberPositiveInt, forecastStatus }) => [
        vaccineCode?.[0]?.coding?.[0]?.code,
        dateCriterion?.map(({ code, value }) => `${code.coding?.[0]?.code ?? ''} ${value}`),
        doseNumberPositiveInt,
        forecastStatus.text,
      ]),
    ).toEqual([
      ['21', ['30981-5 2027-02-01', '30980-7 2027-03-01'], 2, 'The answer does not say.'],
      ['88', undefined, undefined, 'Due'],
    ]);
  });

  test('is one Bundle', () => {
    const answer = read([...rsp('Z32'), PID, ...GIVEN]);
    const { type, identifier, entry } = bundleOf(answer, () => 'outcome');
    expect([type, identifier?.value, entry?.length]).toEqual(['collection', 'Q1', 4]);
  });
});

test('what answers nothing is refused', () => {
  expect(() => read(vxu(GIVEN).split('\r'))).toThrow('no answer');
});
