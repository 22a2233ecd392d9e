import { describe, expect, test } from '@jest/globals';
import { patch, patched, patient, refusal } from './patches.ts';

describe('A path goes to elements, and nowhere else', () => {
  const refused: readonly string[] = [
    '',
    'Patient.',
    'Patient..name',
    'Patient.name garbage',
    'Patient.name) garbage',
    'Patient.colour',
    'Observation.value',
    'Patient.generalPractitioner.resolve().name',
    "Patient.name.where(family.matches('(a+)+$'))",
    "Patient.name.where(family.replaceMatches('a', 'b') = 'b')",
    'Patient.descendants()',
    'Patient.name.where(descendants().exists())',
    'Patient.name.where(%resource.name.exists())',
    'Patient.name.where(constructor.exists())',
    'Patient.name | Patient.contact',
    'Patient.name.family + Patient.name.text',
    'Patient.name[-1]',
    'Patient.name[$this]',
    'Patient.name.%resource',
    'Patient.name.where()',
    'Patient.name.where(1, 2)',
    'Patient.name.where(-(-(-(-1))) = 1)',
    `Patient.name.where(family = '${'a'.repeat(1000)}')`,
    "Patient.where(name.family and 'x').name",
    '('.repeat(900),
    'Patient.name.trace(1)',
    'Patient.name.toString()',
    "'Patient'",
    '1',
  ];

  test.each(refused)('%s', (path) => {
    const before = patient({ name: [{ family: 'Muster', given: ['A', 'B'] }], contact: [{}, {}] });
    const failure = refusal(before, patch({ type: 'delete', path }));
    expect(failure.kind).toBe('invalid');
    expect(failure.message).not.toContain('Muster');
  });

  test('criteria choose by name, comparison and simple functions', () => {
    const before = patient({
      telecom: [
        { system: 'phone', use: 'home', value: '1', rank: 2 },
        { system: 'phone', use: 'work', value: '2', rank: 1 },
        { system: 'email', value: 'a@example.org' },
      ],
    });
    const value = (path: string): unknown =>
      patched(before, { type: 'replace', path, value: { valueString: 'x' } });
    expect(value("Patient.telecom.where(system = 'phone' and use = 'work').value")).toHaveProperty(
      'telecom.1.value',
      'x',
    );
    expect(value('telecom.where(use.empty()).value')).toHaveProperty('telecom.2.value', 'x');
    expect(value("telecom.where(value.startsWith('a@')).value")).toHaveProperty('telecom.2.value', 'x');
    expect(value("telecom.where(system = 'phone').where(rank < 2).value")).toHaveProperty(
      'telecom.1.value',
      'x',
    );
    expect(value("telecom.where(system = 'phone')[0].value")).toHaveProperty('telecom.0.value', 'x');
    expect(value("(Patient.telecom.where(use = 'home') as ContactPoint).value")).toHaveProperty(
      'telecom.0.value',
      'x',
    );
  });

  test('criteria that judge too much are too costly', () => {
    const before = patient({
      identifier: Array.from({ length: 2000 }, (_, n) => ({ system: 'urn:x', value: String(n) })),
    });
    const operations = Array.from({ length: 200 }, () => ({
      type: 'delete',
      path: "Patient.identifier.where(value = 'none')",
    }));
    expect(refusal(before, patch(...operations)).kind).toBe('too-costly');
  });
});
