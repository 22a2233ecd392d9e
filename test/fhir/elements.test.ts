import { describe, expect, test } from '@jest/globals';
import { hasElement, isPartial, isSummary, select } from '../../src/fhir/elements.ts';

const tag = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};
const concept = (code: string) => ({ coding: [{ system: 'http://example.org/codes', code }] });
const immunization = {
  resourceType: 'Immunization',
  id: 'i1',
  meta: { versionId: '3', tag: [{ system: 'http://example.org/tags', code: 'kept' }] },
  text: { status: 'generated', div: '<div>Dose</div>' },
  implicitRules: 'http://example.org/rules',
  status: 'completed',
  _status: { id: 's' },
  vaccineCode: concept('140'),
  patient: { reference: 'Patient/p1' },
  occurrenceDateTime: '2024-01-02',
  lotNumber: 'L1',
  isSubpotent: true,
  performer: [
    {
      extension: [{ url: 'http://example.org/x', valueString: 'y' }],
      function: concept('AP'),
      actor: { reference: 'Practitioner/1' },
    },
  ],
  note: [{ text: 'Tolerated' }],
  education: [{ documentType: 'VIS' }],
};
const subsetted = { versionId: '3', tag: [{ system: 'http://example.org/tags', code: 'kept' }, tag] };

describe('_elements', () => {
  const shown = select(immunization, { elements: ['lotNumber', 'education'] });

  test('shows what was asked for, what is mandatory and what modifies', () => {
    expect(shown).toEqual({
      resourceType: 'Immunization',
      id: 'i1',
      meta: subsetted,
      implicitRules: 'http://example.org/rules',
      status: 'completed',
      _status: { id: 's' },
      vaccineCode: concept('140'),
      patient: { reference: 'Patient/p1' },
      occurrenceDateTime: '2024-01-02',
      lotNumber: 'L1',
      isSubpotent: true,
      education: [{ documentType: 'VIS' }],
    });
  });

  test('names a choice without its type', () => {
    const patient = { resourceType: 'Patient', deceasedDateTime: '2024', multipleBirthInteger: 2 };
    expect(select(patient, { elements: ['multipleBirth'] })).toEqual({
      resourceType: 'Patient',
      meta: { tag: [tag] },
      deceasedDateTime: '2024',
      multipleBirthInteger: 2,
    });
  });

  test('shows the whole element where a part of it is asked for', () => {
    const patient = {
      resourceType: 'Patient',
      name: [{ family: 'Roe', given: ['Ana'] }],
      multipleBirthInteger: 2,
      gender: 'female',
    };
    expect(select(patient, { elements: ['name.family', 'multipleBirth[x]'] })).toEqual({
      resourceType: 'Patient',
      meta: { tag: [tag] },
      name: [{ family: 'Roe', given: ['Ana'] }],
      multipleBirthInteger: 2,
    });
  });

  test('wins over a summary', () => {
    expect(select(immunization, { summary: 'text', elements: ['lotNumber'] })).toHaveProperty('lotNumber');
  });
});

describe('_summary', () => {
  test('true shows what R4 marks as summary, within elements too', () => {
    const shown = select(immunization, { summary: 'true' });
    expect(Object.keys(shown)).toEqual([
      ...['resourceType', 'id', 'meta', 'implicitRules', 'status', '_status', 'vaccineCode', 'patient'],
      ...['occurrenceDateTime', 'isSubpotent', 'performer', 'note'],
    ]);
    expect(shown['performer']).toEqual([{ function: concept('AP'), actor: { reference: 'Practitioner/1' } }]);
  });

  test('text shows the narrative and what is mandatory', () => {
    const shown = select(immunization, { summary: 'text' });
    expect(Object.keys(shown)).toEqual([
      ...[
        'resourceType',
        'id',
        'meta',
        'text',
        'status',
        '_status',
        'vaccineCode',
        'patient',
        'occurrenceDateTime',
      ],
    ]);
  });

  test('data shows all but the narrative', () => {
    const { text: _text, ...others } = immunization;
    expect(select(immunization, { summary: 'data' })).toEqual({ ...others, meta: subsetted });
  });

  test('false shows the resource as it is, untagged', () => {
    expect(select(immunization, { summary: 'false' })).toBe(immunization);
    expect(select(immunization, {})).toBe(immunization);
  });

  test('tags a resource once, however often it is cut', () => {
    const once = select(immunization, { summary: 'data' });
    expect(select(once, { summary: 'data' })['meta']).toEqual(subsetted);
  });

  test('has five values', () => {
    expect(['true', 'text', 'data', 'count', 'false', 'yes', ''].filter(isSummary)).toHaveLength(5);
  });
});

test('only a selection that leaves something out is partial', () => {
  expect(
    [{}, { summary: 'false' } as const, { summary: 'data' } as const, { elements: [] }].map(isPartial),
  ).toEqual([...[false, false, true, true]]);
});

test('elements are known by type, choices without their type', () => {
  expect(hasElement('Immunization', 'occurrence')).toBe(true);
  expect(hasElement('Immunization', 'occurrenceDateTime')).toBe(false);
  expect(hasElement('Immunization', 'constructor')).toBe(false);
  expect(hasElement(undefined, 'birthDate')).toBe(true);
  expect(hasElement(undefined, 'nonesuch')).toBe(false);
});
