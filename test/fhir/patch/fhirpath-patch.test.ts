import { describe, expect, test } from '@jest/globals';
import { named, patch, patched, patient, refusal, type Parts } from './patches.ts';

describe('add', () => {
  test('puts a primitive where none is', () => {
    const after = patched(patient({}), {
      type: 'add',
      path: 'Patient',
      name: 'birthDate',
      value: { valueDate: '1930-01-01' },
    });
    expect(after).toEqual(patient({ birthDate: '1930-01-01' }));
  });

  test('puts a primitive into an element', () => {
    const before = patient({ contact: [{ name: { text: 'a name' } }] });
    const after = patched(before, {
      type: 'add',
      path: 'Patient.contact[0]',
      name: 'gender',
      value: { valueCode: 'male' },
    });
    expect(after).toEqual(patient({ contact: [{ name: { text: 'a name' }, gender: 'male' }] }));
  });

  test('begins a list, and appends to one', () => {
    const one = {
      type: 'add',
      path: 'Patient',
      name: 'identifier',
      value: { valueIdentifier: { system: 'urn:x', value: 'a' } },
    };
    const two = { ...one, value: { valueIdentifier: { system: 'urn:x', value: 'b' } } };
    expect(patched(patient({}), one, two)).toEqual(named('a', 'b'));
  });

  test('takes an anonymous element from parts, as deep as it goes', () => {
    const value = {
      part: [
        { name: 'name', valueHumanName: { text: 'a name' } },
        { name: 'telecom', valueContactPoint: { value: '1' } },
        { name: 'telecom', valueContactPoint: { value: '2' } },
        { name: 'period', part: [{ name: 'start', valueDateTime: '2020' }] },
      ],
    };
    expect(patched(patient({}), { type: 'add', path: 'Patient', name: 'contact', value })).toEqual(
      patient({
        contact: [
          { name: { text: 'a name' }, telecom: [{ value: '1' }, { value: '2' }], period: { start: '2020' } },
        ],
      }),
    );
  });

  test('names a choice after the type of the value', () => {
    const dose = { resourceType: 'Observation', status: 'final' };
    const add = { type: 'add', path: 'Observation', name: 'value', value: { valueQuantity: { value: 1 } } };
    expect(patched(dose, add)).toEqual({ ...dose, valueQuantity: { value: 1 } });
    expect(patched(dose, { ...add, name: 'value[x]', value: { valueString: 'x' } })).toEqual({
      ...dose,
      valueString: 'x',
    });
  });

  test('puts an extension beside a primitive', () => {
    const value = { valueExtension: { url: 'urn:x', valueString: 'y' } };
    const after = patched(patient({ birthDate: '1930' }), {
      type: 'add',
      path: 'Patient.birthDate',
      name: 'extension',
      value,
    });
    expect(after).toEqual(
      patient({ birthDate: '1930', _birthDate: { extension: [{ url: 'urn:x', valueString: 'y' }] } }),
    );
  });

  test('puts an extension beside one of several primitives', () => {
    const before = patient({ name: [{ given: ['A', 'B'] }] });
    const value = { valueExtension: { url: 'urn:x', valueString: 'y' } };
    const after = patched(before, { type: 'add', path: 'Patient.name.given[1]', name: 'extension', value });
    const beside = [null, { extension: [{ url: 'urn:x', valueString: 'y' }] }];
    expect(after).toEqual(patient({ name: [{ given: ['A', 'B'], _given: beside }] }));
  });

  test('keeps what a primitive of the patch has beside it', () => {
    const value = { _valueDate: { extension: [{ url: 'urn:absent', valueCode: 'unknown' }] } };
    const after = patched(patient({}), { type: 'add', path: 'Patient', name: 'birthDate', value });
    expect(after).toEqual(patient({ _birthDate: value._valueDate }));
  });

  test('takes a contained resource', () => {
    const value = { resource: { resourceType: 'Organization', id: 'o' } };
    const after = patched(patient({}), { type: 'add', path: 'Patient', name: 'contained', value });
    expect(after).toEqual(patient({ contained: [value.resource] }));
  });

  test('refuses a single element that is there already, also under another type', () => {
    const gender = { type: 'add', path: 'Patient', name: 'gender', value: { valueCode: 'male' } };
    expect(refusal(patient({ gender: 'male' }), patch(gender)).kind).toBe('invalid');
    const deceased = { type: 'add', path: 'Patient', name: 'deceased', value: { valueBoolean: true } };
    expect(refusal(patient({ deceasedDateTime: '2020' }), patch(deceased)).kind).toBe('invalid');
  });
});

describe('insert', () => {
  const insert = (index: number): Parts => ({
    type: 'insert',
    path: 'Patient.identifier',
    index,
    value: { valueIdentifier: { system: 'urn:x', value: 'n' } },
  });

  test('puts an item at its place, the end included', () => {
    expect(patched(named('a', 'b'), insert(0))).toEqual(named('n', 'a', 'b'));
    expect(patched(named('a', 'b'), insert(1))).toEqual(named('a', 'n', 'b'));
    expect(patched(named('a', 'b'), insert(2))).toEqual(named('a', 'b', 'n'));
  });

  test('refuses a place beyond the end', () => {
    expect(refusal(named('a', 'b'), patch(insert(3))).kind).toBe('invalid');
  });

  test('refuses a list that is not there, or not whole', () => {
    expect(refusal(patient({}), patch(insert(0))).kind).toBe('invalid');
    expect(refusal(named('a', 'b'), patch({ ...insert(0), path: 'Patient.identifier[0]' })).kind).toBe(
      'invalid',
    );
    const names = patient({ name: [{ given: ['A'] }, { given: ['B'] }] });
    const given = { type: 'insert', path: 'Patient.name.given', index: 0, value: { valueString: 'C' } };
    expect(refusal(names, patch(given)).kind).toBe('invalid');
  });

  test('keeps values and what is beside them in step', () => {
    const before = patient({ name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] });
    const given = { type: 'insert', path: 'Patient.name[0].given', index: 1, value: { valueString: 'C' } };
    expect(patched(before, given)).toEqual(
      patient({ name: [{ given: ['A', 'C', 'B'], _given: [null, null, { id: 'b' }] }] }),
    );
  });
});

describe('delete', () => {
  const remove = (path: string): Parts => ({ type: 'delete', path });

  test('takes away one element with all that it has', () => {
    expect(
      patched(patient({ birthDate: '1920-01-01', _birthDate: { id: 'x' } }), remove('Patient.birthDate')),
    ).toEqual(patient({}));
    expect(patched(named('a', 'b', 'c'), remove('Patient.identifier[1]'))).toEqual(named('a', 'c'));
    expect(patched(named('a'), remove('Patient.identifier[0]'))).toEqual(patient({}));
    expect(patched(named('a', 'b', 'c'), remove("Patient.identifier.where(value = 'c')"))).toEqual(
      named('a', 'b'),
    );
  });

  test('takes away what it leaves empty', () => {
    const before = patient({ contact: [{ name: { text: 'a name' }, gender: 'male' }] });
    expect(patched(before, remove('Patient.contact[0].name.text'))).toEqual(
      patient({ contact: [{ gender: 'male' }] }),
    );
    const only = patient({ contact: [{ name: { text: 'a name' } }] });
    expect(patched(only, remove('Patient.contact[0].name.text'))).toEqual(patient({}));
  });

  test('does nothing where nothing is', () => {
    expect(patched(named('a'), remove('Patient.identifier[7]'))).toEqual(named('a'));
    expect(patched(patient({}), remove('Patient.deceased'))).toEqual(patient({}));
  });

  test('finds a choice by its name', () => {
    expect(patched(patient({ deceasedDateTime: '2020' }), remove('Patient.deceased'))).toEqual(patient({}));
    expect(patched(patient({ deceasedBoolean: true }), remove('Patient.deceased.ofType(dateTime)'))).toEqual(
      patient({ deceasedBoolean: true }),
    );
  });

  test('refuses several elements, and the resource', () => {
    expect(refusal(named('a', 'b'), patch(remove('Patient.identifier'))).kind).toBe('invalid');
    expect(refusal(named('a', 'b'), patch(remove('Patient'))).kind).toBe('invalid');
  });
});

describe('replace', () => {
  const replace = (path: string, value: object): Parts => ({ type: 'replace', path, value });

  test('puts another value in the place of one', () => {
    const text = patient({ text: { status: 'generated', div: '<div>a</div>' }, birthDate: '1920-01-01' });
    expect(patched(text, replace('Patient.birthDate', { valueDate: '1930-01-01' }))).toHaveProperty(
      'birthDate',
      '1930-01-01',
    );
    expect(patched(text, replace('Patient.text.div', { valueString: '<div>b</div>' }))).toHaveProperty(
      'text.div',
      '<div>b</div>',
    );
    expect(patched(named('a', 'b'), replace('Patient.identifier[1].value', { valueString: 'c' }))).toEqual(
      named('a', 'c'),
    );
    expect(patched(named('a', 'b'), replace('identifier.last().value', { valueString: 'c' }))).toEqual(
      named('a', 'c'),
    );
    expect(
      patched(named('a', 'b'), replace('Patient.identifier.first().value', { valueString: 'c' })),
    ).toEqual(named('c', 'b'));
  });

  test('keeps nothing of the old value', () => {
    const before = patient({
      maritalStatus: { id: '1', text: 'a' },
      birthDate: '1920',
      _birthDate: { id: 'x' },
    });
    const after = patched(
      before,
      replace('Patient.maritalStatus', { valueCodeableConcept: { id: '2', text: 'b' } }),
      replace('Patient.birthDate', { valueDate: '1930' }),
    );
    expect(after).toEqual(patient({ maritalStatus: { id: '2', text: 'b' }, birthDate: '1930' }));
  });

  test('may change the type of a choice', () => {
    const dose = { resourceType: 'Immunization', occurrenceString: 'as a child', status: 'completed' };
    expect(patched(dose, replace('Immunization.occurrence', { valueDateTime: '2020' }))).toEqual({
      resourceType: 'Immunization',
      occurrenceDateTime: '2020',
      status: 'completed',
    });
  });

  test('reaches an extension by its url', () => {
    const before = patient({
      extension: [
        { url: 'urn:a', valueString: 'x' },
        { url: 'urn:b', valueString: 'y' },
      ],
    });
    const after = patched(before, replace("Patient.extension('urn:b').value", { valueInteger: 1 }));
    expect(after).toEqual(
      patient({
        extension: [
          { url: 'urn:a', valueString: 'x' },
          { url: 'urn:b', valueInteger: 1 },
        ],
      }),
    );
  });

  test('reaches into a contained resource', () => {
    const before = patient({ contained: [{ resourceType: 'Organization', id: 'o', name: 'a' }] });
    expect(
      patched(before, replace("Patient.contained.where(id = 'o').name", { valueString: 'b' })),
    ).toHaveProperty('contained.0.name', 'b');
  });

  test('refuses where nothing is, where several are, and the resource', () => {
    expect(refusal(patient({}), patch(replace('Patient.birthDate', { valueDate: '1930' }))).kind).toBe(
      'invalid',
    );
    expect(
      refusal(named('a', 'b'), patch(replace('Patient.identifier.value', { valueString: 'c' }))).kind,
    ).toBe('invalid');
    expect(refusal(patient({}), patch(replace('Patient', { resource: patient({}) }))).kind).toBe('invalid');
  });
});

describe('move', () => {
  const move = (source: number, destination: number): Parts => ({
    type: 'move',
    path: 'Patient.identifier',
    source,
    destination,
  });

  test('changes the order of a list', () => {
    expect(patched(named('1', '2', '3', '4'), move(3, 1))).toEqual(named('1', '4', '2', '3'));
    expect(patched(named('1', '2', '3', '4'), move(3, 0))).toEqual(named('4', '1', '2', '3'));
    expect(patched(named('1', '2', '3', '4'), move(0, 3))).toEqual(named('2', '3', '4', '1'));
    expect(patched(named('1', '2', '3', '4'), move(1, 0), move(2, 1))).toEqual(named('2', '3', '1', '4'));
  });

  test('refuses places that the list does not have', () => {
    expect(refusal(named('1', '2'), patch(move(2, 0))).kind).toBe('invalid');
    expect(refusal(named('1', '2'), patch(move(0, 2))).kind).toBe('invalid');
  });
});
