/** PD1-12 of a history: which Consents of a person are told as protection. */
import { expect, test } from '@jest/globals';
import type { Consent } from '@medplum/fhirtypes';
import { protecting } from '../../src/hl7v2/protection.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import { DIRECTIVE_SYSTEM } from '../../src/jurisdictions/pack.ts';

const consent = (code: string, more: Partial<Consent> = {}): Consent => ({
  resourceType: 'Consent',
  id: code,
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ coding: [{ system: DIRECTIVE_SYSTEM, code }] }],
  ...more,
});
const until = (end: string): Partial<Consent> => ({ provision: { period: { end } } });
const ENDING: Partial<Consent> = {
  provision: { data: [{ meaning: 'instance', reference: { reference: 'Consent/c' } }] },
};

test.each<readonly [string, string, Consent, boolean]>([
  ['closes the record', 'sandbox', consent('sharing-objection'), true],
  ['closed it until yesterday', 'sandbox', consent('sharing-objection', until('2026-11-21')), false],
  ['is no longer active', 'sandbox', consent('sharing-objection', { status: 'inactive' }), false],
  ['says that another one ends', 'sandbox', consent('withdrawal', ENDING), false],
  ['opens the record', 'vermont', consent('child-care-consent'), false],
  ['limits nothing', 'vermont', consent('limits'), false],
  ['is of another jurisdiction, and closes what nobody can read', 'vermont', consent('refusal'), true],
])('a directive that %s', (_what, jurisdiction, directive, isTold) => {
  const patient = { resourceType: 'Patient', birthDate: '2024-02-03' } as const;
  const now = new Date('2026-11-22T12:00:00Z');
  expect(protecting(loadPack(jurisdiction), patient, [directive], now)).toEqual(isTold ? [directive] : []);
});
