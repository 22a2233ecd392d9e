import { describe, expect, test } from '@jest/globals';
import { FAILURES } from '../../src/core/failure.ts';
import { parseJson } from '../../src/fhir/json.ts';
import { check } from '../../src/validation/check.ts';
import { anImmunization, anImmunizationOf, aPatient, type Changes } from './examples.ts';

/** What was found, briefly: kinds and places. */
const found = (resource: unknown): readonly string[] =>
  check(resource).map((issue) => `${issue.kind} ${(issue.expression ?? []).join()}`);

const extension = (more: object) => ({ url: 'http://example.org/x', ...more });

test('a sound dose and a sound patient have no issues', () => {
  expect(check(anImmunization())).toEqual([]);
  expect(check(aPatient())).toEqual([]);
});

describe('a dose is refused for', () => {
  test.each<[string, Changes, string]>([
    ['a status outside its set', { status: 'done' }, 'code-invalid Immunization.status'],
    ['a missing vaccine code', { vaccineCode: undefined }, 'malformed Immunization.vaccineCode'],
    ['an unknown property', { lot: 'A' }, 'malformed Immunization.lot'],
    ['a date of another form', { occurrenceDateTime: '01/02/2024' }, 'invalid-value Immunization.occurrence'],
    ['a date no calendar has', { occurrenceDateTime: '2021-02-30' }, 'invalid-value Immunization.occurrence'],
    [
      'a time without a zone',
      { occurrenceDateTime: '2024-01-02T10:00:00' },
      'invalid-value Immunization.occurrence',
    ],
    ['two types of one choice', { occurrenceString: 'once' }, 'malformed Immunization.occurrence'],
    ['no type of a mandatory choice', { occurrenceDateTime: undefined }, 'malformed Immunization.occurrence'],
    ['an empty object', { site: {} }, 'malformed Immunization.site'],
    [
      'education that names nothing (imm-1)',
      { education: [{ publicationDate: '2020' }] },
      'invariant Immunization.education[0]',
    ],
    ['a text for an object', { patient: 'Patient/p1' }, 'malformed Immunization.patient'],
    ['a list for one value', { status: ['completed'] }, 'malformed Immunization.status'],
    ['one value for a list', { note: { text: 'a' } }, 'malformed Immunization.note'],
    ['a text for a boolean', { primarySource: 'true' }, 'malformed Immunization.primarySource'],
    ['an empty list', { note: [] }, 'malformed Immunization.note'],
    [
      'a reference to another type',
      { patient: { reference: 'Location/l1' } },
      'invalid Immunization.patient',
    ],
    ['a blank text', { lotNumber: ' ' }, 'invalid-value Immunization.lotNumber'],
    ['an id with a space', { id: 'dose 1' }, 'invalid-value Immunization.id'],
    [
      'a bad resource inside it',
      { location: { reference: '#l' }, contained: [{ resourceType: 'Location', id: 'l', nam: 'Clinic' }] },
      'malformed Immunization.contained[0].nam',
    ],
    [
      'an extension with a value and extensions',
      { extension: [extension({ valueString: 'a', extension: [extension({ valueBoolean: true })] })] },
      'invariant Immunization.extension[0]',
    ],
    ['null', { lotNumber: null }, 'malformed Immunization.lotNumber'],
    [
      'a comparator on its amount',
      { doseQuantity: { value: 1, comparator: '<' } },
      'malformed Immunization.doseQuantity.comparator',
    ],
    [
      'a number below its type',
      { protocolApplied: [{ doseNumberPositiveInt: 0 }] },
      'invalid-value Immunization.protocolApplied[0].doseNumber',
    ],
    [
      'a fraction of a number of doses',
      { protocolApplied: [{ doseNumberPositiveInt: 1.5 }] },
      'malformed Immunization.protocolApplied[0].doseNumber',
    ],
    ['a control character', { lotNumber: 'A\u0000B' }, 'invalid-value Immunization.lotNumber'],
    ['an element with an id only', { site: { id: 'a' } }, 'invariant Immunization.site'],
  ])('%s', (_what, changes, issue) => {
    expect(found(anImmunization(changes))).toEqual([issue]);
  });
});

describe('accepted is', () => {
  test('an extension beside a value, or in its place', () => {
    const _lotNumber = { extension: [extension({ valueCode: 'unknown' })] };
    expect(found(anImmunization({ _lotNumber }))).toEqual([]);
    expect(found(anImmunization({ _lotNumber, lotNumber: undefined }))).toEqual([]);
    expect(found(anImmunization({ _status: _lotNumber, status: undefined }))).toEqual([]);
  });

  test('null in a list of values where extensions stand in', () => {
    const _given = [null, { extension: [extension({ valueString: 'initial' })] }];
    expect(found(aPatient({ name: [{ given: ['Ana', null, 'Eva'], _given }] }))).toEqual([]);
  });

  test('a decimal in whatever digits', () => {
    for (const dose of ['0.50', '5e-1', '0.500000000000000000000'])
      expect(found(anImmunizationOf(dose))).toEqual([]);
  });

  test('a date as far as it is known', () => {
    for (const occurrenceDateTime of ['2024', '2024-01', '2024-01-02'])
      expect(found(anImmunization({ occurrenceDateTime }))).toEqual([]);
  });

  test('a contained resource that is referred to', () => {
    const contained = [{ resourceType: 'Organization', id: 'o', name: 'Clinic' }];
    expect(found(anImmunization({ contained, manufacturer: { reference: '#o' } }))).toEqual([]);
  });
});

describe('null is refused', () => {
  test('where nothing stands in for it', () => {
    expect(found(aPatient({ name: [{ given: ['Ana', null] }] }))).toEqual([
      'malformed Patient.name[0].given[1]',
    ]);
    expect(found(aPatient({ name: [{ given: [null], _given: [null] }] }))).toContain(
      'malformed Patient.name[0].given[0]',
    );
  });

  test('in lists of objects', () => {
    expect(found(aPatient({ name: [null] }))).toEqual(['malformed Patient.name[0]']);
  });
});

describe('kept digits', () => {
  test('do not make an integer', () => {
    const text = JSON.stringify(anImmunization()).replace(
      '"doseNumberPositiveInt":1',
      '"doseNumberPositiveInt":1.0',
    );
    expect(found(parseJson(text))).toEqual(['invalid-value Immunization.protocolApplied[0].doseNumber']);
  });

  test('do not make a text', () => {
    expect(found(parseJson('{"resourceType":"Basic","code":1.0}'))).toContain('malformed Basic.code');
  });

  test('are no way past the limits of a number', () => {
    expect(found(anImmunizationOf('1e400'))).toEqual(['malformed Immunization.doseQuantity.value']);
  });
});

describe('the answer', () => {
  test('tells all that is wrong at once, what is no FHIR first', () => {
    const kinds = check(anImmunization({ status: 'done', occurrenceDateTime: '2021-02-30' })).map(
      (issue) => issue.kind,
    );
    expect(kinds).toEqual(['invalid-value', 'code-invalid']);
    expect(kinds.map((kind) => FAILURES[kind].status)).toEqual([400, 422]);
  });

  test('never repeats what was sent', () => {
    const secret = 'Secretson';
    const broken = [
      ...[{ [secret + ' ']: 1 }, { status: secret }, { id: `${secret} 1` }, { patient: secret }],
      ...[{ patient: { reference: secret } }, { occurrenceDateTime: secret }, { lotNumber: [secret] }],
    ];
    const answers = broken.map((changes) => check(anImmunization(changes)));
    expect(answers.map((issues) => issues.length)).toEqual(answers.map(() => 1));
    expect(JSON.stringify(answers)).not.toContain(secret);
  });

  test('ends after fifty issues, whatever was sent', () => {
    const given = Array.from({ length: 100_000 }, () => 1);
    expect(check(aPatient({ name: [{ given }] }))).toHaveLength(50);
    expect(check(aPatient({ name: given.map(() => ({ given: [1] })) }))).toHaveLength(50);
    expect(check(aPatient({ name: given.map(() => ({ family: 'a', use: 'x' })) }))).toHaveLength(50);
  });
});

describe('no resource at all is', () => {
  test.each([
    [null],
    [1],
    ['text'],
    [[]],
    [{}],
    [{ resourceType: 1 }],
    [{ resourceType: 'Pat' }],
    [{ resourceType: 'constructor' }],
  ])('%j', (value) => {
    expect(check(value).map((issue) => issue.kind)).toEqual(['malformed']);
  });
});

describe('resources in a Bundle', () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: aPatient() }, { resource: { resourceType: 'Patient', gender: 'x' } }],
  };

  test('are judged as a whole', () => {
    expect(found(bundle)).toEqual(['code-invalid Bundle.entry[1].resource.gender']);
  });

  test('are left alone where only the envelope is asked about', () => {
    expect(check(bundle, 'envelope')).toEqual([]);
  });

  test('are judged in Parameters too', () => {
    const parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'r', resource: { resourceType: 'Patient', a: 1 } }],
    };
    expect(found(parameters)).toEqual(['malformed Parameters.parameter[0].resource.a']);
  });
});
