/** Whom a VXU is about, and what a sender may change of what it reported. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consent, Immunization, Observation, Patient, RelatedPerson } from '@medplum/fhirtypes';
import { world, type World } from '../world/world.ts';
import {
  change,
  field,
  found,
  GIVEN,
  HISTORICAL,
  MSH,
  order,
  person,
  PID,
  send,
  told,
  vxu,
} from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

describe('the person of a VXU', () => {
  test.each([
    ['no number', field(PID, 3, ''), ['PID^1^3 101 E DQA0220']],
    ['no name', field(PID, 5, ''), ['PID^1^5 101 E IIS0006']],
    ['no given name', field(PID, 5, 'Okafor^^^^^^L'), ['PID^1^5^1^2 101 E DQA0141']],
    ['no birth date', field(PID, 7, ''), ['PID^1^7 101 E DQA0118']],
    ['a birth date to come', field(PID, 7, '20271122'), ['PID^1^7 101 E DQA0116']],
  ])('with %s stops the message', async (_what, pid, errors) => {
    expect(told(await send(w, vxu(HISTORICAL, { pid })))).toEqual(['AE M1', ...errors, 'PID 100 E DQA0049']);
  });

  test('is missing, or there are two', async () => {
    const [, ...withoutPid] = vxu(HISTORICAL).split('\r').slice(0, -1);
    expect(told(await send(w, [MSH, ...withoutPid.slice(1)].join('\r')))).toEqual([
      'AE M1',
      'PID 100 E DQA0049',
    ]);
    expect(told(await send(w, vxu(HISTORICAL, { more: [PID] })))).toEqual(['AE M1', 'PID^2 100 E DQA0050']);
  });

  test('has the status with the sender that PD1-16 says, and an answer tells it', async () => {
    const pid = person('A9', 'Farr');
    const pd1 = (code: string): string => `PD1${'|'.repeat(16)}${code}|20240101`;
    const codeOf = async (): Promise<string | undefined> => {
      const [patient] = await found<Patient>(w, '/Patient?identifier=A9');
      const status = patient?.extension?.find(({ url }) => url.endsWith('/provider-status'));
      return status?.extension?.find(({ url }) => url === 'status')?.valueCodeableConcept?.coding?.[0]?.code;
    };
    await send(w, vxu(order(HISTORICAL, 'S1'), { pid, more: [pd1('L')] }));
    expect(await codeOf()).toBe('L');
    await send(w, vxu(order(HISTORICAL, 'S2'), { pid }));
    expect(await codeOf()).toBe('L');
    await send(w, vxu(order(GIVEN, 'S3'), { pid }));
    expect(await codeOf()).toBe('A');
  });

  test('keeps what a later message leaves out, and takes what it says', async () => {
    const pid = person('A6', 'Keeper');
    await send(w, vxu(order(HISTORICAL, 'K1'), { pid }));
    const bare = field(
      field(field(pid, 11, ''), 13, '^PRN^CP^^^406^5550199'),
      5,
      `Keepers^${pid.split('|')[5]?.split('^')[1] ?? ''}^Kee^^^^L`,
    );
    await send(w, vxu(order(HISTORICAL, 'K2'), { pid: bare }));
    const [patient, ...others] = await found<Patient>(w, '/Patient?identifier=A6');
    expect(others).toEqual([]);
    expect(patient).toMatchObject({
      address: [{ city: 'Bozeman' }],
      name: [
        { use: 'official', family: 'Keepers' },
        { use: 'old', family: 'Keeper' },
      ],
      telecom: [{ value: '406-555-0199' }, { use: 'home' }],
    });
    expect(await found(w, `/Immunization?patient=${String(patient?.id)}`)).toHaveLength(2);
  });

  test('brings guardian, statuses and a directive with it', async () => {
    const pid = person('A7', 'Guarded');
    const more = [
      'PD1|||||||||||02^Reminder/recall - any method^HL70215|Y|20260401|||A|20260402|20260403',
      'NK1|1|Okafor^Ngozi^^^^^L|MTH^Mother^HL70063|12 Elm St^^Bozeman^MT^59715^USA^H|^PRN^PH^^^406^5550101',
      'NK1|2|Okafor^Obi^^^^^L|',
    ];
    const message = vxu(order(HISTORICAL, 'G1'), { pid, more });
    expect(told(await send(w, message))).toEqual(['AE M1', 'NK1^2^3 101 E DQA0088']);
    const [patient] = await found<Patient>(w, '/Patient?family=Guarded');
    expect(JSON.stringify(patient?.extension)).toContain('"valueDate":"2026-04-02"');
    const of = `patient=${patient?.id ?? ''}`;
    const guardians = await found<RelatedPerson>(w, `/RelatedPerson?${of}`);
    expect(guardians.map(({ name }) => name?.[0]?.given)).toEqual([['Ngozi']]);
    const [directive] = await found<Consent>(w, `/Consent?${of}`);
    expect(directive).toMatchObject({
      status: 'active',
      dateTime: '2026-04-01',
      category: [{ coding: [{ code: 'limited-opt-out' }] }],
    });
    await send(w, vxu(order(HISTORICAL, 'G1'), { pid, more: [field(more[0] ?? '', 12, 'N')] }));
    const after = await found<Consent>(w, `/Consent?${of}`);
    expect(after.map(({ status }) => status)).toEqual(['inactive']);
  });
});

describe('what a sender reported', () => {
  test('it can correct and withdraw, and nobody else', async () => {
    const pid = person('A8', 'Corrected');
    await send(w, vxu(order(GIVEN, 'C1'), { pid }));
    const corrected = change(change(order(GIVEN, 'C1'), 'RXA', 15, 'C9999ZZ'), 'RXA', 21, 'U');
    expect(told(await send(w, vxu(corrected, { pid })))).toEqual(['AA M1']);
    const read = () => found<Immunization>(w, '/Immunization?identifier=C1');
    expect((await read()).map(({ lotNumber }) => lotNumber)).toEqual(['C9999ZZ']);
    const withdrawn = change(order(GIVEN, 'C1'), 'RXA', 21, 'D');
    const other = MSH.replaceAll('RIVER', 'HILL');
    expect(told(await send(w, vxu(withdrawn, { pid, msh: other })))).toEqual([
      'AE M1',
      'RXA^1 204 E IIS0012',
      'ORC 100 E IIS0003',
    ]);
    expect((await read())[0]?.status).toBe('completed');
    expect(told(await send(w, vxu(withdrawn, { pid })))).toEqual(['AA M1']);
    expect((await read()).map(({ status, lotNumber }) => [status, lotNumber])).toEqual([
      ['entered-in-error', 'C9999ZZ'],
    ]);
    expect(told(await send(w, vxu(withdrawn, { pid })))).toEqual(['AA M1']);
  });

  test('cannot be moved to another person', async () => {
    await send(w, vxu(order(HISTORICAL, 'T1'), { pid: person('A9', 'First') }));
    const answer = await send(w, vxu(order(HISTORICAL, 'T1'), { pid: person('A10', 'Second') }));
    expect(told(answer)).toEqual(['AE M1', 'ORC^1^3 205 E IIS0022', 'ORC 100 E IIS0003']);
    expect(await found(w, '/Patient?family=Second')).toEqual([]);
  });

  test('that is unknown is added by an update, with a word of it', async () => {
    const unknown = change(order(HISTORICAL, 'U1'), 'RXA', 21, 'U');
    expect(told(await send(w, vxu(unknown, { pid: person('A11', 'Updated') })))).toEqual([
      'AE M1',
      'RXA^1 204 W IIS0011',
    ]);
  });
});

test('a refusal, a disease, a contraindication and a reaction are kept as what they are', async () => {
  const pid = person('A12', 'Findings');
  const orders = [
    'ORC|RE||9999^CDC',
    'RXA|0|1|20250301||03^MMR^CVX|999||||||||||||01^Religious exemption^NIP002||RE',
    'ORC|RE||9999^CDC',
    'RXA|0|1|20250301||998^No vaccine administered^CVX|999||||||||||||||NA',
    'OBX|1|CE|59784-9^Disease with presumed immunity^LN|1|38907003^Varicella^SCT||||||F|||20250210',
    'OBX|2|CE|30945-0^Contraindication^LN|2|VXC27^Immunodeficiency^CDCPHINVS||||||F|||20250211',
    'OBX|3|CE|31044-1^Reaction^LN|3|39579001^Anaphylaxis^SCT||||||F|||20250212',
  ];
  const message = vxu(orders, { pid });
  expect(told(await send(w, message))).toEqual(['AA M1']);
  expect(told(await send(w, message))).toEqual(['AA M1']);
  const [patient] = await found<Patient>(w, '/Patient?family=Findings');
  const [refusal, ...others] = await found<Immunization>(w, `/Immunization?patient=${patient?.id ?? ''}`);
  expect(others).toEqual([]);
  expect(refusal).toMatchObject({
    status: 'not-done',
    statusReason: { coding: [{ code: 'RELIG' }, { code: '01' }] },
  });
  const observations = await found<Observation>(w, `/Observation?patient=${patient?.id ?? ''}&_sort=date`);
  expect(
    observations.map(({ code, valueCodeableConcept: value }) => [
      code.coding?.[0]?.code,
      value?.coding?.[0]?.code,
    ]),
  ).toEqual([
    ['59784-9', '38907003'],
    ['30945-0', 'VXC27'],
    ['31044-1', '39579001'],
  ]);
});

test('of very many numbers of one person the first fifty count', async () => {
  const numbers = Array.from({ length: 60 }, (_, n) => `N${n}^^^RIVER^MR`).join('~');
  const pid = field(field(PID, 3, numbers), 5, 'Manifold^Mina^^^^^L');
  expect(told(await send(w, vxu([], { pid, msh: field(MSH, 10, 'M60') })))).toEqual(['AA M60']);
  const [patient] = await found<Patient>(w, '/Patient?family=Manifold');
  const values = (patient?.identifier ?? []).map(({ value }) => value);
  expect(values).toContain('N49');
  expect(values).not.toContain('N50');
});
