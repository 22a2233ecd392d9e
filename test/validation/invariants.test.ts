import { describe, expect, test } from '@jest/globals';
import { definitions } from '../../src/fhir/definitions.ts';
import { BUNDLES } from '../../src/validation/constraints/bundles.ts';
import { DATA_TYPES } from '../../src/validation/constraints/data-types.ts';
import { RECORDS } from '../../src/validation/constraints/records.ts';
import type { Node } from '../../src/validation/findings.ts';

const constraints = { ...DATA_TYPES, ...RECORDS, ...BUNDLES };

/** The constraint's verdict on an object of its type. */
const verdict = (type: string, key: string, node: Node): boolean | undefined =>
  constraints[type]?.find((each) => each.key === key)?.holds(node);

const concept = (system: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});
const inError = concept('condition-ver-status', 'entered-in-error');
const allergyInError = concept('allergyintolerance-verification', 'entered-in-error');
const bundle = (type: string, ...entry: object[]) => ({ type, entry });
const entry = { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Composition', meta: { versionId: '1' } } };

test('every constraint is of a type that R4 defines', () => {
  expect(Object.keys(constraints).filter((type) => definitions.get(type) === undefined)).toEqual([]);
});

describe('a constraint', () => {
  test.each<[type: string, key: string, holds: readonly Node[], breaks: readonly Node[]]>([
    [
      'Extension',
      'ext-1',
      [{ valueString: 'a' }, { _valueString: {} }, { extension: [] }],
      [{ url: 'a' }, { valueString: 'a', extension: [] }],
    ],
    ['Attachment', 'att-1', [{ url: 'a' }, { data: 'a', contentType: 'text/plain' }], [{ data: 'a' }]],
    ['ContactPoint', 'cpt-2', [{ system: 'phone', value: '1' }, { use: 'home' }], [{ value: '1' }]],
    [
      'Period',
      'per-1',
      [{ start: '2020', end: '2020' }, { start: '2020-05', end: '2020' }, { end: '2020' }],
      [{ start: '2021', end: '2020-12-31' }],
    ],
    ['Quantity', 'qty-3', [{ value: 1 }, { code: 'mL', system: 'a' }], [{ code: 'mL' }]],
    ['SimpleQuantity', 'qty-3', [{ value: 1 }], [{ code: 'mL' }]],
    [
      'Age',
      'age-1',
      [{ value: 1, code: 'a', system: 'http://unitsofmeasure.org' }],
      [{ value: 1 }, { value: 0, code: 'a' }, { code: 'a', system: 'b' }],
    ],
    [
      'Duration',
      'drt-1',
      [{ value: 1 }, { value: 1, code: 'd', system: 'http://unitsofmeasure.org' }],
      [{ value: 1, code: 'd' }],
    ],
    [
      'Range',
      'rng-2',
      [{ low: { value: 1 }, high: { value: 1 } }, { low: { value: 1 } }],
      [{ low: { value: 2 }, high: { value: 1 } }],
    ],
    ['Ratio', 'rat-1', [{ numerator: {}, denominator: {} }, { extension: [] }], [{ numerator: {} }, {}]],
    ['Timing.repeat', 'tim-1', [{ duration: 1, durationUnit: 'h' }], [{ duration: 1 }]],
    ['Timing.repeat', 'tim-4', [{ duration: 0 }], [{ duration: -1 }]],
    ['Timing.repeat', 'tim-9', [{ offset: 1, when: ['AC'] }], [{ offset: 1 }, { offset: 1, when: ['C'] }]],
    ['Timing.repeat', 'tim-10', [{ when: ['AC'] }], [{ when: ['AC'], timeOfDay: ['10:00:00'] }]],
    ['Patient.contact', 'pat-1', [{ telecom: [] }, { organization: {} }], [{ gender: 'male' }]],
    [
      'Immunization.education',
      'imm-1',
      [{ documentType: 'a' }, { _reference: {} }],
      [{ publicationDate: '2020' }],
    ],
    ['ImmunizationRecommendation.recommendation', 'imr-1', [{ targetDisease: {} }], [{ series: 'a' }]],
    ['Consent', 'ppc-1', [{ policyRule: {} }, { policy: [] }], [{}]],
    ['Organization', 'org-1', [{ name: 'a' }, { identifier: [] }], [{}]],
    ['Organization', 'org-2', [{ address: [{ use: 'work' }] }], [{ address: [{ use: 'home' }] }]],
    ['Organization', 'org-3', [{ telecom: [{ use: 'work' }] }], [{ telecom: [{ use: 'home' }] }]],
    [
      'Observation',
      'obs-6',
      [{ dataAbsentReason: {} }, { valueString: 'a' }],
      [{ dataAbsentReason: {}, valueString: 'a' }],
    ],
    [
      'Observation',
      'obs-7',
      [
        { code: inError, component: [{ code: inError }] },
        { code: inError, valueString: 'a', component: [{ code: allergyInError }] },
      ],
      [{ code: inError, valueString: 'a', component: [{ code: inError }] }],
    ],
    ['Observation.referenceRange', 'obs-3', [{ text: 'a' }], [{ type: {} }]],
    [
      'Condition',
      'con-4',
      [{ abatementString: 'a', clinicalStatus: concept('condition-clinical', 'resolved') }, {}],
      [
        { abatementString: 'a', clinicalStatus: concept('condition-clinical', 'active') },
        { abatementAge: {} },
      ],
    ],
    [
      'Condition',
      'con-5',
      [{ verificationStatus: inError }, { clinicalStatus: {} }],
      [{ verificationStatus: inError, clinicalStatus: {} }],
    ],
    ['AllergyIntolerance', 'ait-1', [{ clinicalStatus: {} }, { verificationStatus: allergyInError }], [{}]],
    [
      'AllergyIntolerance',
      'ait-2',
      [{ verificationStatus: allergyInError }],
      [{ verificationStatus: allergyInError, clinicalStatus: {} }],
    ],
    ['AuditEvent.entity', 'sev-1', [{ name: 'a' }, { query: 'a' }], [{ name: 'a', query: 'a' }]],
    ['Group', 'grp-1', [{ actual: true, member: [] }, { actual: false }], [{ actual: false, member: [] }]],
    [
      'Task',
      'inv-1',
      [{ authoredOn: '2020', lastModified: '2020' }],
      [{ authoredOn: '2021', lastModified: '2020' }],
    ],
    ['MeasureReport', 'mrp-1', [{ type: 'summary', group: [] }], [{ type: 'data-collection', group: [] }]],
    [
      'MeasureReport.group.stratifier.stratum',
      'mrp-2',
      [{ value: {} }, { component: [] }],
      [{}, { value: {}, component: [] }],
    ],
    ['Bundle', 'bdl-1', [{ type: 'searchset', total: 0 }], [{ type: 'batch', total: 0 }]],
    ['Bundle', 'bdl-2', [bundle('searchset', { search: {} })], [bundle('batch', { search: {} })]],
    [
      'Bundle',
      'bdl-3',
      [bundle('batch', { request: {} }), bundle('collection', {})],
      [bundle('batch', {}), bundle('collection', { request: {} })],
    ],
    [
      'Bundle',
      'bdl-4',
      [bundle('batch-response', { response: {} })],
      [bundle('batch-response', {}), bundle('batch', { response: {} })],
    ],
    [
      'Bundle',
      'bdl-7',
      [bundle('history', entry, entry), bundle('collection', entry, {})],
      [bundle('collection', entry, entry)],
    ],
    [
      'Bundle',
      'bdl-9',
      [{ type: 'document', identifier: { system: 'a', value: 'b' } }],
      [{ type: 'document', identifier: { value: 'b' } }],
    ],
    ['Bundle', 'bdl-10', [{ type: 'document', timestamp: 'a' }], [{ type: 'document' }]],
    [
      'Bundle',
      'bdl-11',
      [bundle('document', entry), bundle('batch')],
      [bundle('document', {}), bundle('document')],
    ],
    [
      'Bundle',
      'bdl-12',
      [bundle('message', { resource: { resourceType: 'MessageHeader' } })],
      [bundle('message', entry)],
    ],
    ['Bundle.entry', 'bdl-5', [{ resource: {} }, { request: {} }], [{ fullUrl: 'a' }]],
    [
      'Bundle.entry',
      'bdl-8',
      [{ fullUrl: 'http://a/Patient/1' }],
      [{ fullUrl: 'http://a/Patient/1/_history/2' }],
    ],
  ])('%s %s', (type, key, holds, breaks) => {
    expect(holds.map((node) => verdict(type, key, node))).toEqual(holds.map(() => true));
    expect(breaks.map((node) => verdict(type, key, node))).toEqual(breaks.map(() => false));
  });
});
