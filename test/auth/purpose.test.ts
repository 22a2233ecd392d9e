/** A token is for exactly one purpose of use, however it was asked for, and none that its bearer may not have. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { onePurpose, purposeIn } from '../../src/auth/purpose-words.ts';
import { decodeClaims } from '../../src/auth/server/claims.ts';
import { provenBy } from '../../src/auth/tokens.ts';
import type { World } from '../world/world.ts';
import {
  account,
  assertion,
  authorization,
  backend,
  backendToken,
  browser,
  calledBack,
  client,
  launched,
  oauthOf,
  signOn,
  type Backend,
  type TokenAnswer,
} from './app.ts';
import { guarded } from './bearer.ts';

let w: World;
let pharmacy: Backend;
let app: string;
beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  pharmacy = await backend(w, { role: 'provider' });
  app = await client(w);
  await account(w, { _id: 'doc' });
});
afterAll(() => w.end());

const OID = 'urn:oid:2.16.840.1.113883.5.8';
const purposeOf = ({ body }: TokenAnswer): unknown =>
  decodeClaims(body['access_token'] ?? '')['purpose_of_use'];
const b2b = (more: object = {}): object => ({
  extensions: {
    'hl7-b2b': {
      version: '1',
      organization_id: 'https://clinic.example.org',
      purpose_of_use: [`${OID}#ETREAT`],
      ...more,
    },
  },
});

interface Said {
  readonly scope?: string;
  readonly claims?: object;
  readonly form?: Readonly<Record<string, string>>;
}
const asked = ({ scope = '', claims = {}, form = {} }: Said): Promise<TokenAnswer> =>
  backendToken(w, `system/Patient.rs ${scope}`.trim(), assertion(w, pharmacy, { ...claims }), form);

describe('a backend service gets the purpose', () => {
  test.each<[string, Said, string]>([
    ['of its role where it asks for none', {}, 'TREAT'],
    ['of a parameter', { form: { purpose_of_use: 'ETREAT' } }, 'ETREAT'],
    ['of a parameter with its system', { form: { purpose_of_use: `${OID}#ETREAT` } }, 'ETREAT'],
    ['of a word of its scope', { scope: 'purpose/HOPERAT' }, 'HOPERAT'],
    ['of the hl7-b2b extension of its assertion', { claims: b2b() }, 'ETREAT'],
    [
      'that it names everywhere',
      { claims: b2b(), form: { purpose_of_use: 'ETREAT' }, scope: 'purpose/ETREAT' },
      'ETREAT',
    ],
  ])('%s', async (_how, said, purpose) => {
    const answer = await asked(said);
    expect([answer.status, purposeOf(answer), answer.body['purpose_of_use']]).toEqual([
      200,
      purpose,
      purpose,
    ]);
    expect(answer.body['scope']).toBe('system/Patient.rs');
  });
});

describe('a backend service is refused', () => {
  test.each<[string, Said, string]>([
    [
      'two purposes in one extension',
      { claims: b2b({ purpose_of_use: [`${OID}#TREAT`, `${OID}#ETREAT`] }) },
      'invalid_request',
    ],
    ['two purposes in two places', { claims: b2b(), form: { purpose_of_use: 'TREAT' } }, 'invalid_request'],
    ['two words of its scope', { scope: 'purpose/TREAT purpose/ETREAT' }, 'invalid_request'],
    [
      'a purpose that its role has not',
      { claims: b2b({ purpose_of_use: [`${OID}#HPAYMT`] }) },
      'invalid_request',
    ],
    ['an employer’s check', { form: { purpose_of_use: 'EMPLOYMENT' } }, 'invalid_request'],
    ['a code of another system', { form: { purpose_of_use: 'http://loinc.org|TREAT' } }, 'invalid_request'],
    ['what is no code', { form: { purpose_of_use: 'treat me' } }, 'invalid_request'],
    ['an extension without a version', { claims: b2b({ version: undefined }) }, 'invalid_grant'],
    ['an extension without an organisation', { claims: b2b({ organization_id: 'clinic' }) }, 'invalid_grant'],
    ['an extension without a purpose', { claims: b2b({ purpose_of_use: [] }) }, 'invalid_grant'],
  ])('%s', async (_what, said, error) => {
    const { status, body } = await asked(said);
    expect([status, body['error']]).toEqual([400, error]);
  });

  test('a parameter that is said twice', async () => {
    const form = new URLSearchParams({
      ...{ grant_type: 'client_credentials', scope: 'system/Patient.rs' },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(w, pharmacy),
    });
    form.append('purpose_of_use', 'TREAT');
    form.append('purpose_of_use', 'ETREAT');
    const response = await fetch(`${oauthOf(w)}/token`, { method: 'POST', body: form });
    expect(response.status).toBe(400);
  });
});

describe('a launch', () => {
  const scope = 'openid fhirUser user/Patient.rs';
  test.each([
    ['a parameter', scope, { purpose_of_use: 'HOPERAT' }],
    ['a word of its scope', `${scope} purpose/HOPERAT`, {}],
  ])('gets the purpose of %s', async (_how, words, more) => {
    const answer = await launched(w, { client: app, scope: words, more });
    expect(purposeOf(answer)).toBe('HOPERAT');
    expect(answer.body).toMatchObject({ purpose_of_use: 'HOPERAT' });
  });

  test('for two purposes, or one that the person may not have, tells the app so', async () => {
    const two = authorization(w, { client: app, scope: `${scope} purpose/TREAT purpose/ETREAT` });
    expect(calledBack(await browser().go(two.url))['error']).toBe('invalid_request');
    const payment = authorization(w, { client: app, scope, more: { purpose_of_use: 'HPAYMT' } });
    expect(calledBack(await signOn(browser(), payment.url))['error']).toBe('invalid_request');
  });
});

describe('a token from elsewhere', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const claims = { sub: 'c', client_id: 'c', scope: 'system/Patient.rs', exp: now.getTime() / 1000 + 60 };
  const iua = (purpose_of_use: unknown): object => ({
    extensions: { ihe_iua: { purpose_of_use, subject_organization_id: 'urn:oid:1.2.3' } },
  });

  test('carries its purpose and organisation as IHE or UDAP write them', () => {
    const ihe = provenBy({ ...claims, ...iua([{ system: OID, code: 'PUBHLTH' }]) }, now).actor;
    expect(ihe).toMatchObject({ purpose: 'PUBHLTH', organization: 'urn:oid:1.2.3' });
    const udap = provenBy({ ...claims, ...b2b() }, now).actor;
    expect(udap).toMatchObject({ purpose: 'ETREAT', organization: 'https://clinic.example.org' });
  });

  test.each([
    ['several purposes', iua([{ code: 'TREAT' }, { code: 'PUBHLTH' }])],
    ['two that differ', { ...iua([{ code: 'TREAT' }]), purpose_of_use: 'PUBHLTH' }],
    ['a list of them', { purpose_of_use: ['TREAT', 'PUBHLTH'] }],
    ['one that is no code', { purpose_of_use: { code: 7 } }],
  ])('is refused with %s', (_what, more) => {
    expect(() => provenBy({ ...claims, ...more }, now)).toThrow(/purpose/);
  });

  test('without a purpose has none that any rule knows', () => {
    expect(provenBy(claims, now).actor.purpose).toBe('none');
  });
});

describe('a word', () => {
  test('is a purpose by itself or with a system that has purposes', () => {
    const words = ['TREAT', `${OID}|TREAT`, 'http://terminology.hl7.org/CodeSystem/v3-ActReason#TREAT'];
    expect(words.map(purposeIn)).toEqual(['TREAT', 'TREAT', 'TREAT']);
    expect(['', 'treat', 'urn:oid:1.2|TREAT', '__proto__'].map(purposeIn)).toEqual([
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  test('that is said twice is one purpose', () => {
    expect(onePurpose(['TREAT', [`${OID}#TREAT`]])).toEqual({ code: 'TREAT' });
  });
});
