/** What the tables of roles and purposes say, and what nobody can claim. */
import { dayAfter } from '../../src/core/civil-day.ts';
import { describe, expect, test } from '@jest/globals';
import { catalog } from '../../src/catalog/index.ts';
import type { Ask } from '../../src/core/context.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import { identifies } from '../../src/policy/identify.ts';
import { stateOf, type Participant } from '../../src/policy/participant.ts';
import { purposeNamed, PURPOSES, systemOfPurpose } from '../../src/policy/purposes.ts';
import { purposeOf, ROLES, type Role } from '../../src/policy/roles.ts';

const roles = Object.entries<Role>(ROLES);
const WIDTH = ['none', 'own', 'related', 'identified', 'all'];

describe('purposes', () => {
  test.each(roles)(
    'of the role %s have rows, and the one without asking is not the widest',
    (_name, role) => {
      const rows = role.purposes.map((each) => purposeNamed(each));
      expect(rows).not.toContain(undefined);
      const widths = rows.map((row) => WIDTH.indexOf(row?.reach ?? ''));
      expect(widths[0]).not.toBe(WIDTH.indexOf('all'));
      if (Math.max(...widths) > Math.min(...widths))
        expect(widths[0]).toBeLessThanOrEqual(Math.max(...widths));
      expect(purposeOf(role, undefined)).toBe(role.purposes[0]);
    },
  );

  test.each([
    ['COC', PURPOSES.TREAT],
    ['ERTREAT', PURPOSES.ETREAT],
    ['BTG', PURPOSES.ETREAT],
    ['ELIGVER', PURPOSES.HPAYMT],
    ['THREAT', PURPOSES.PUBHLTH],
    ['HQUALIMP', PURPOSES.HOPERAT],
    ['FAMRQT', PURPOSES.FAMRQT],
    ['PWATRNY', PURPOSES.PATRQT],
    ['CLINTRCH', PURPOSES.HRESCH],
  ])('%s is judged by the nearest above it', (code, row) => {
    expect(purposeNamed(code)).toBe(row);
  });

  test.each(['EMPLOY', 'WORK', 'EMPLOYER', 'HMARKT', 'CLINTRL', 'PurposeOfUse', 'none', '', 'toString'])(
    '%s is none that anybody can claim: an employer’s check is no purpose',
    (code) => {
      expect(purposeNamed(code)).toBeUndefined();
      for (const [, role] of roles) if (code !== '') expect(purposeOf(role, code)).toBeUndefined();
    },
  );

  test('are claimed by the roles that have them only', () => {
    expect(purposeOf(ROLES.provider, 'COC')).toBe('COC');
    expect(purposeOf(ROLES.provider, 'PUBHLTH')).toBeUndefined();
    expect(purposeOf(ROLES.school, 'TREAT')).toBeUndefined();
    expect(purposeOf(ROLES.provider, 'TREAT ETREAT')).toBeUndefined();
  });

  test('say which code system they are of', () => {
    expect(systemOfPurpose('TREAT')).toBe('http://terminology.hl7.org/CodeSystem/v3-ActReason');
    expect(systemOfPurpose('SCHOOL')).toBe('https://fhir-iis.org/fhir/CodeSystem/registry-purpose');
  });
});

const query = (text: string): Ask['query'] => [...new URLSearchParams(text)];
const naming = { types: catalog, lookup: loadPack('sandbox').lookup };

describe('a query', () => {
  test.each([
    ['Patient', '_id=a'],
    ['Patient', 'identifier=urn:mrn|1'],
    ['Patient', 'family=markovic&birthdate=2015-03-01'],
    ['Patient', 'given:exact=Ana&birthdate=eq2015-03-01&gender=female'],
    ['Immunization', 'patient=Patient/a&date=ge2020'],
    ['Immunization', 'patient=a'],
    ['Immunization', 'patient.identifier=urn:mrn|1'],
    ['Immunization', 'patient.family=markovic&patient.birthdate=2015-03-01'],
    ['Immunization', 'patient:identifier=urn:mrn|1'],
    ['Immunization', '_id=d1'],
    ['Provenance', 'target=Immunization/d1'],
    ['Organization', 'name=clinic'],
    ['Organization', '_has:Patient:organization:identifier=urn:mrn|1'],
  ])('of %s names the person: %s', (type, text) => {
    expect(identifies(naming, type, query(text))).toBe(true);
  });

  test.each([
    ['Patient', ''],
    ['Patient', 'family=markovic'],
    ['Patient', 'birthdate=2015-03-01'],
    ['Patient', 'family=markovic&birthdate=2015-03'],
    ['Patient', 'family=markovic&birthdate=ge2015-03-01'],
    ['Patient', 'family=m&birthdate=2015-03-01'],
    ['Patient', 'family:contains=ar&birthdate=2015-03-01'],
    ['Patient', 'identifier=urn:mrn|'],
    ['Patient', 'identifier:missing=true'],
    ['Patient', 'address-postalcode=20101'],
    ['Patient', '_has:Immunization:patient:identifier=x'],
    ['Immunization', 'date=2024-01-01'],
    ['Immunization', 'patient:missing=false'],
    ['Immunization', 'patient=Patient/a,'.replace('a,', '')],
    ['Immunization', 'patient.family=markovic'],
    ['Immunization', 'patient.family=markovic&patient.gender=female'],
    ['Observation', 'subject=Group/g1'],
    ['Condition', 'asserter=Practitioner/p1'],
    ['Organization', '_has:Patient:organization:family=markovic'],
    [
      'Organization',
      '_has:Patient:organization:family=markovic&_has:Patient:organization:birthdate=2015-03-01',
    ],
    ['Nothing', '_id=a'],
  ])('of %s browses: %s', (type, text) => {
    expect(identifies(naming, type, query(text))).toBe(false);
  });
});

test('what names a person is what the pack says', () => {
  const strict = { types: catalog, lookup: { by: [['name', 'birthdate', 'mothers-maiden-name']] as const } };
  const whole = 'family=markovic&birthdate=2015-03-01';
  expect(identifies(strict, 'Patient', query(whole))).toBe(false);
  expect(identifies(strict, 'Patient', query(`${whole}&mothers-maiden-name=Ilic`))).toBe(true);
  expect(identifies(strict, 'Patient', query('identifier=urn:mrn|1'))).toBe(false);
  expect(identifies(strict, 'Patient', query('_id=a'))).toBe(true);
});

describe('how a participant stands', () => {
  const today = '2026-11-22';
  const act = { at: new Date(0), by: 'account:x' };
  const ready: Participant = {
    ...{ _id: 'account:a', what: 'person', applied: act, approved: act, trained: act, revision: 1 },
    ...{ agreement: { ...act, version: '1' }, until: today, usedOn: dayAfter(today, -90) },
  };
  const judged = { today, terms: { inactiveDays: 90, renewalDays: 365 }, isTrained: true };

  test.each<[string, Partial<Record<keyof Participant, unknown>>]>([
    ['active', {}],
    ['applied', { approved: undefined }],
    ['approved', { agreement: undefined }],
    ['agreed', { trained: undefined }],
    ['lapsed', { until: dayAfter(today, -1) }],
    ['lapsed', { until: undefined }],
    ['inactive', { usedOn: dayAfter(today, -91) }],
    ['suspended', { suspended: { ...act, reason: 'x', investigation: 'Task/1' }, until: undefined }],
    ['ended', { ended: act, suspended: { ...act, reason: 'x', investigation: 'Task/1' } }],
  ])('is %s by %j', (state, facts) => {
    expect(stateOf({ ...ready, ...facts } as Participant, judged)).toBe(state);
  });
});
