import { describe, expect, test } from '@jest/globals';
import { valuesAt } from '../../src/fhir/path.ts';

const patient = {
  resourceType: 'Patient',
  active: false,
  name: [{ given: ['Ana', null, 'Eva'], family: 'Roe' }, { given: ['Annie'] }],
  contact: [{ name: { family: 'Doe' } }],
  deceasedDateTime: '2024',
};

describe('the values at a path', () => {
  test('are found through lists, in order, nulls left out', () => {
    expect(valuesAt(patient, 'name.given')).toEqual([{ value: 'Ana' }, { value: 'Eva' }, { value: 'Annie' }]);
  });

  test('are found in single elements', () => {
    expect(valuesAt(patient, 'contact.name.family')).toEqual([{ value: 'Doe' }]);
  });

  test('may be false', () => {
    expect(valuesAt(patient, 'active')).toEqual([{ value: false }]);
  });

  test('are none where the path leads nowhere', () => {
    expect(valuesAt(patient, 'birthDate')).toEqual([]);
    expect(valuesAt(patient, 'active.given')).toEqual([]);
    expect(valuesAt(undefined, 'name')).toEqual([]);
  });
});

describe('a choice', () => {
  test('is named without its type and found with it', () => {
    expect(valuesAt(patient, 'deceased')).toEqual([{ value: '2024', type: 'DateTime' }]);
    expect(valuesAt({ occurrenceString: 'as a child' }, 'occurrence')).toEqual([
      { value: 'as a child', type: 'String' },
    ]);
  });

  test('is not mistaken for an element whose name begins alike', () => {
    expect(valuesAt({ outcomeDesc: 'done', statusReason: { text: 'x' } }, 'outcome')).toEqual([]);
    expect(valuesAt({ statusReason: { text: 'x' } }, 'status')).toEqual([]);
  });

  test('leads on to what its value has', () => {
    expect(valuesAt({ effectivePeriod: { start: '2020' } }, 'effective.start')).toEqual([{ value: '2020' }]);
  });
});
