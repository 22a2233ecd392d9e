/** The tree of a Consent's provisions, and what of it cannot be honoured. */
import type { Consent } from '@medplum/fhirtypes';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/core/failure.ts';
import { keysOf } from '../../src/consent/keys.ts';
import { kindOf, saidBy } from '../../src/consent/said.ts';
import { standing } from '../../src/consent/standing.ts';
import { keepsAway, visibilityOf, type Facts } from '../../src/consent/visibility.ts';
import { loadPack } from '../../src/jurisdictions/load.ts';
import type { Recipient } from '../../src/jurisdictions/pack.ts';
import { consent } from './people.ts';

const pack = loadPack('sandbox');
const DAY = '2026-06-15';
const DOSE: Facts = {
  type: 'Immunization',
  id: 'd',
  administered: ['giver'],
  codes: ['62'],
  day: '2020-05-01',
};
const recipient = (code: string) => ({
  role: { coding: [{ system: 'https://fhir-iis.org/fhir/CodeSystem/recipient', code }] },
  reference: { display: code },
});
const purpose = (code: string) => ({ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code });

const said = (provision: object, code = 'limits'): Consent => consent('p', code, { provision }) as Consent;

interface Asker {
  readonly as: Recipient;
  readonly of?: string;
  readonly for?: string;
  readonly on?: string;
}

function sees(
  provision: object,
  { as, of, for: why = 'TREAT', on = DAY }: Asker,
  code = 'limits',
  facts = DOSE,
): boolean {
  const restrictions = standing(pack, { birthDate: '2015-01-01', deceased: false }, [said(provision, code)]);
  const keys = keysOf({ recipient: as, organizations: of === undefined ? [] : [of], purposes: [why] });
  return visibilityOf('p', { restrictions, administering: ['giver'] }, [facts]).every(
    (each) => !keepsAway(each, keys, on),
  );
}

const refusal = (provision: object, code = 'limits'): string => {
  try {
    const it = said(provision, code);
    const kind = kindOf(pack, it);
    if (kind?.is === 'directive') saidBy(pack, it, kind.directive);
    return '';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.message} ${String(error.issues[0].expression)}`;
  }
};

describe('a provision', () => {
  const noSchools = { type: 'permit', provision: [{ type: 'deny', actor: [recipient('school')] }] };

  test('that denies a kind of recipients hides from those alone', () => {
    expect([sees(noSchools, { as: 'school' }), sees(noSchools, { as: 'provider' })]).toEqual([false, true]);
  });

  test('that is an exception to an exception counts again', () => {
    const tree = {
      type: 'deny',
      actor: [recipient('provider')],
      provision: [
        {
          type: 'permit',
          actor: [{ role: { coding: [{ code: 'IRCP' }] }, reference: { reference: 'Organization/giver' } }],
          provision: [{ type: 'deny', purpose: [purpose('HOPERAT')] }],
        },
      ],
    };
    expect(sees(tree, { as: 'provider' })).toBe(false);
    expect(sees(tree, { as: 'provider', of: 'giver' })).toBe(true);
    expect(sees(tree, { as: 'provider', of: 'giver', for: 'HOPERAT' })).toBe(false);
    expect(sees(tree, { as: 'school' })).toBe(true);
  });

  test('counts for its period only, both days included, in the time zone of the pack', () => {
    const tree = {
      ...noSchools,
      provision: [{ ...noSchools.provision[0], period: { start: '2026-06-01', end: '2026-06-30' } }],
    };
    const on = (day: string): boolean => sees(tree, { as: 'school', on: day });
    expect([on('2026-05-31'), on('2026-06-01'), on('2026-06-30'), on('2026-07-01')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('with an exception for a part of its time is open in that part', () => {
    const tree = {
      type: 'deny',
      actor: [recipient('school')],
      provision: [{ type: 'permit', period: { start: '2026-06-10', end: '2026-06-12' } }],
    };
    const on = (day: string): boolean => sees(tree, { as: 'school', on: day });
    expect([on('2026-06-09'), on('2026-06-10'), on('2026-06-12'), on('2026-06-13')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('of vaccines, of a time or of one dose hides only those', () => {
    const of = (criterion: object) => ({
      type: 'permit',
      provision: [{ type: 'deny', actor: [recipient('school')], ...criterion }],
    });
    const cvx = (code: string) => ({ code: [{ coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] }] });
    const asks = (criterion: object): boolean => sees(of(criterion), { as: 'school' });
    expect([asks(cvx('62')), asks(cvx('03'))]).toEqual([false, true]);
    expect([
      asks({ dataPeriod: { start: '2020-01-01', end: '2020-12-31' } }),
      asks({ dataPeriod: { start: '2021-01-01' } }),
    ]).toEqual([false, true]);
    expect([
      asks({ data: [{ meaning: 'instance', reference: { reference: 'Immunization/d' } }] }),
      asks({ data: [{ meaning: 'instance', reference: { reference: 'Immunization/e' } }] }),
    ]).toEqual([false, true]);
  });

  test('never keeps public health away', () => {
    expect(sees({ type: 'deny' }, { as: 'public-health' })).toBe(true);
    expect(sees({ type: 'deny' }, { as: 'provider' })).toBe(false);
  });

  test('of an objection as it is usually written says no more than the directive', () => {
    const tree = {
      type: 'deny',
      provision: [
        { type: 'permit', actor: [recipient('administering-provider'), recipient('public-health')] },
      ],
    };
    expect(sees(tree, { as: 'provider', of: 'giver' }, 'sharing-objection')).toBe(true);
    expect(sees(tree, { as: 'provider', of: 'other' }, 'sharing-objection')).toBe(false);
    expect(sees(tree, { as: 'patient' }, 'sharing-objection')).toBe(true);
  });
});

describe('what cannot be honoured is refused', () => {
  test.each([
    ['a label', { type: 'deny', securityLabel: [{ code: 'R' }] }, /labels.*Consent.provision.securityLabel/],
    [
      'an act that is no showing',
      { type: 'deny', action: [{ coding: [{ code: 'collect' }] }] },
      /access, use and disclosure/,
    ],
    [
      'an exception of the same kind',
      { type: 'deny', provision: [{ type: 'deny' }] },
      /opposite.*provision\[0\].type/,
    ],
    [
      'a person as the recipient',
      { type: 'deny', actor: [{ role: { text: 'x' }, reference: { reference: 'Practitioner/1' } }] },
      /Organization of this registry/,
    ],
    ['public health', { type: 'deny', actor: [recipient('public-health')] }, /for the law to decide/],
    [
      'a purpose of another system',
      { type: 'deny', purpose: [{ system: 'urn:x', code: 'TREAT' }] },
      /v3-ActReason/,
    ],
    [
      'an exception beyond what it excepts from',
      {
        type: 'deny',
        actor: [recipient('school')],
        provision: [{ type: 'permit', actor: [recipient('provider')] }],
      },
      /lie within/,
    ],
  ])('%s', (_, provision, told) => {
    expect(refusal(provision)).toMatch(told);
  });

  test('sight that the directive does not leave', () => {
    const tree = { type: 'deny', provision: [{ type: 'permit', actor: [recipient('school')] }] };
    expect(refusal(tree, 'sharing-objection')).toMatch(/nobody else/);
  });

  test('a directive that this jurisdiction does not have', () => {
    expect(refusal({ type: 'deny' }, 'refusal')).toMatch(/no such directive/);
  });
});
