/** Answers of other registries, where their folder is, read into FHIR: each thing they tell is there, or is named as not read. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type {
  Immunization,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  Resource,
} from '@medplum/fhirtypes';
import { readAnswer, type Answer } from '../../../src/hl7v2/answers/read.ts';
import { loincOf } from '../../../src/hl7v2/mapping/read.ts';
import { parseMessage, type Message, type Segment } from '../../../src/hl7v2/message.ts';
import { loadPack } from '../../../src/jurisdictions/load.ts';
import { check } from '../../../src/validation/check.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/reference/hl7v2/samples');
const ANSWERS = /^(ack|rsp|dvci|izgw|vci)-|-(ack|rsp|response|receive)/;
const names = existsSync(FOLDER)
  ? readdirSync(FOLDER).filter((name) => name.endsWith('.hl7') && ANSWERS.test(name))
  : [];
const pack = loadPack('sandbox');

interface Sample {
  readonly message: Message;
  readonly answer: Answer;
}
function sample(name: string): Sample {
  const message = parseMessage(readFileSync(join(FOLDER, name), 'utf8'));
  let count = 0;
  const newId = (): string => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
  return { message, answer: readAnswer(message, { newId, now: new Date('2026-11-27T12:00:00Z'), pack }) };
}

const of = <R extends Resource>({ told }: Answer, type: R['resourceType']): R[] =>
  told.flatMap(({ resource }) => (resource.resourceType === type ? [resource as R] : []));
const named = ({ segments }: Message, name: string): readonly Segment[] =>
  segments.filter((segment) => segment.name === name);
/** An order that has none is counted as an order, and no RXA is lost by it. */
const NO_RXA = 'DQA0052';
/** Segments that are told to be faulty: `RXA^2`. */
const faultsAt = ({ reading }: Answer, segment: string): Set<string> =>
  new Set(
    (reading?.issue ?? [])
      .filter(({ severity, details }) => severity === 'error' && details?.coding?.[0]?.code !== NO_RXA)
      .flatMap(({ expression = [] }) => expression.map((place) => place.split('^').slice(0, 2).join('^')))
      .filter((place) => place.startsWith(segment)),
  );
const NO_VACCINE = '998';
const DATES = new Set(['30981-5', '30980-7', '59777-3', '59778-1']);

describe.each(names.map((name) => [name]))('%s', (name) => {
  test('is read without loss', () => {
    const { message, answer } = sample(name);
    const count = (segment: string): number => named(message, segment).length;
    const given = named(message, 'RXA').filter((rxa) => rxa.value(5) !== NO_VACCINE);
    const faulty = given.filter(({ sequence }) => faultsAt(answer, 'RXA').has(`RXA^${sequence}`)).length;
    expect(of(answer, 'Patient')).toHaveLength(count('PID'));
    expect(of(answer, 'RelatedPerson')).toHaveLength(count('NK1'));
    expect(of(answer, 'Immunization')).toHaveLength(given.length - faulty);
    expect(answer.outcome.issue.length).toBeGreaterThan(named(message, 'ERR').length);
    const dates = of<ImmunizationRecommendation>(answer, 'ImmunizationRecommendation')
      .flatMap(({ recommendation }) => recommendation.flatMap(({ dateCriterion = [] }) => dateCriterion))
      .map(({ value }) => value.replaceAll('-', ''));
    const sent = named(message, 'OBX').filter((obx) => DATES.has(loincOf(obx)) && obx.value(5) !== '');
    expect(dates.toSorted()).toEqual(sent.map((obx) => obx.value(5)).toSorted());
  });

  test('is R4', () => {
    const { answer } = sample(name);
    const all = [
      answer.outcome,
      ...(answer.reading ? [answer.reading] : []),
      ...answer.told.map((each) => each.resource),
    ];
    expect(all.flatMap((each) => check(each))).toEqual([]);
  });
});

type Expected = (sample: Sample) => void;
/** Written by hand from the messages. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'ack-il-icare-2018.hl7': ({ answer: { answers, outcome } }) => {
    expect(answers).toBe('1tMo-SA.13.2.1');
    expect(outcome.issue.map(({ severity, code, expression }) => [severity, code, expression])).toEqual([
      ['fatal', 'processing', undefined],
      ['fatal', 'processing', undefined],
      ['error', 'required', ['PID^7']],
    ]);
  },
  'ack-pa-phis.hl7': ({ answer: { outcome } }) => {
    expect(outcome.issue[1]).toMatchObject({
      severity: 'error',
      code: 'exception',
      details: { coding: [{ code: '207', display: 'Application internal error' }] },
    });
  },
  'rsp-ri-kidsnet-z42.hl7': ({ answer }) => {
    const doses = of<Immunization>(answer, 'Immunization');
    expect(doses.map((each) => [each.occurrenceDateTime, each.identifier?.[0]?.value])).toEqual([
      ['2015-08-23', '72351878'],
      ['2018-08-23', '72351877'],
    ]);
    const evaluations = of<ImmunizationEvaluation>(answer, 'ImmunizationEvaluation');
    expect(
      evaluations.map((each) => [
        each.targetDisease.coding?.[0]?.code,
        each.doseStatus.coding?.[0]?.code,
        each.date,
      ]),
    ).toEqual(['03', '21', '21', '03'].map((cvx) => [cvx, 'valid', '2018-08-28']));
    const [due] = of<ImmunizationRecommendation>(answer, 'ImmunizationRecommendation');
    expect(due?.recommendation[0]?.vaccineCode?.[0]?.coding?.[0]).toMatchObject({ code: '107' });
    expect(due?.recommendation[0]?.dateCriterion?.[0]).toMatchObject({ value: '2014-09-23' });
  },
  'rsp-ga-grits-z32.hl7': ({ answer }) => {
    const [dose] = of<Immunization>(answer, 'Immunization');
    expect(dose?.programEligibility?.[0]?.coding?.[0]?.code).toBe('V01');
    const [due] = of<ImmunizationRecommendation>(answer, 'ImmunizationRecommendation');
    expect(due?.recommendation[0]).toMatchObject({
      vaccineCode: [{ coding: [{ code: '107' }] }],
      doseNumberPositiveInt: 1,
      forecastReason: [{ text: 'ACIP schedule' }],
    });
  },
};

const expected = Object.entries(EXPECTED).filter(([name]) => names.includes(name));
test.each(expected)('%s is read as a person reads it', (name, hold) => {
  hold(sample(name));
});
test('without the folder there is nothing to read', () => {
  expect(names.length === 0 || names.length === 39).toBe(true);
});
