import { describe, expect, test } from '@jest/globals';
import { definitions } from '../../src/fhir/definitions.ts';

const property = (type: string, name: string) => definitions.get(type)?.properties.get(name);

describe('the definitions', () => {
  test('know every resource type of R4 and no other', () => {
    const resources = [...definitions.resources];
    expect(resources).toHaveLength(146);
    expect(resources).toContain('Immunization');
    expect(resources).not.toContain('SubscriptionStatus');
    expect(resources).not.toContain('DomainResource');
  });

  test('know the type of every element', () => {
    const properties = definitions.types.flatMap((type) => [
      ...(definitions.get(type)?.properties.values() ?? []),
    ]);
    const unknown = properties.filter(
      (each) => !each.isPrimitive && definitions.get(each.type) === undefined,
    );
    expect(properties.length).toBeGreaterThan(5000);
    expect(unknown).toEqual([]);
  });

  test('give each type of a choice a property', () => {
    expect(property('Immunization', 'occurrenceDateTime')).toMatchObject({
      element: 'occurrence',
      type: 'dateTime',
    });
    expect(property('Immunization', 'occurrenceString')).toMatchObject({
      element: 'occurrence',
      type: 'string',
    });
    expect(property('Immunization', 'occurrence')).toBeUndefined();
  });

  test('lead from an element to the elements within it', () => {
    expect(property('Patient', 'contact')?.type).toBe('Patient.contact');
    expect(property('Patient.contact', 'relationship')).toMatchObject({
      type: 'CodeableConcept',
      row: { list: true },
    });
    expect(property('Bundle.entry', 'link')?.type).toBe('Bundle.link');
  });

  test('say what is mandatory, modifies and sums up', () => {
    expect(property('Immunization', 'status')?.row).toMatchObject({
      required: true,
      modifier: true,
      summary: true,
    });
    expect(property('Immunization', 'lotNumber')?.row).toEqual({ types: ['string'] });
  });

  test('say where references lead', () => {
    expect(property('Immunization', 'patient')?.row.targets).toEqual(['Patient']);
    expect(property('Provenance', 'target')?.row.targets).toBeUndefined();
  });

  test('count the codes of required bindings', () => {
    expect([...(property('Immunization', 'status')?.allowed?.codes ?? [])].sort()).toEqual([
      'completed',
      'entered-in-error',
      'not-done',
    ]);
    const statuses = property('Condition', 'clinicalStatus')?.allowed?.coded;
    expect(statuses?.has('http://terminology.hl7.org/CodeSystem/condition-clinical|resolved')).toBe(true);
  });

  test('leave open what cannot be counted, and weaker bindings', () => {
    expect(property('Attachment', 'contentType')?.allowed).toBeUndefined();
    expect(property('Immunization', 'vaccineCode')?.allowed).toBeUndefined();
  });
});
