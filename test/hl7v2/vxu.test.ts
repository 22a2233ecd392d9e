/** A VXU from its bytes to what the registry holds, and back to the acknowledgement (profiles Z22 and Z23). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Immunization, Patient, RelatedPerson, Task } from '@medplum/fhirtypes';
import { databaseOf } from '../../src/storage/connect.ts';
import { sealingOf } from '../../src/storage/secrets.ts';
import { world, type World } from '../world/world.ts';
import { change, field, found, GIVEN, HISTORICAL, MSH, order, person, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

describe('a VXU of two doses', () => {
  test('is filed and acknowledged, and read back by FHIR', async () => {
    const answer = await send(w, vxu([...GIVEN, ...HISTORICAL]));
    expect(answer[0]).toMatch(
      /^MSH\|\^~\\&\|IIS\|STATE\|EHR\|RIVER\|20261122120000\+0000\|\|ACK\^V04\^ACK\|[^|]+\|P\|2\.5\.1\|\|\|NE\|NE\|\|\|\|\|Z23\^CDCPHINVS\|STATE\|RIVER$/,
    );
    expect(answer.slice(1)).toEqual(['MSA|AA|M1']);
    const [patient] = await found<Patient>(w, '/Patient?family=Okafor');
    expect(patient).toMatchObject({
      name: [{ use: 'official', family: 'Okafor', given: ['Amara', 'Joy'] }],
      birthDate: '2024-02-03',
      gender: 'female',
      address: [
        {
          use: 'home',
          line: ['12 Elm St', 'Apt 3'],
          city: 'Bozeman',
          state: 'MT',
          postalCode: '59715',
          country: 'USA',
        },
      ],
      telecom: [{ system: 'phone', value: '406-555-0101', use: 'home' }],
      multipleBirthBoolean: false,
    });
    const [given, historical] = await found<Immunization>(
      w,
      `/Immunization?patient=${patient?.id ?? ''}&_sort=-date`,
    );
    expect(given).toMatchObject({
      status: 'completed',
      vaccineCode: {
        coding: [
          { system: 'http://hl7.org/fhir/sid/cvx', code: '20', display: 'DTaP' },
          { system: 'http://hl7.org/fhir/sid/ndc', code: '49281-0286-10', display: 'Daptacel' },
        ],
      },
      occurrenceDateTime: '2024-08-03',
      primarySource: true,
      lotNumber: 'C1234AA',
      expirationDate: '2026-01-01',
      manufacturer: { identifier: { system: 'http://hl7.org/fhir/sid/mvx', value: 'PMC' } },
      doseQuantity: { value: 0.5, code: 'mL' },
      programEligibility: [{ coding: [{ code: 'V02' }] }],
      site: { coding: [{ code: 'LT' }] },
    });
    expect(historical).toMatchObject({
      vaccineCode: { coding: [{ code: '08' }] },
      primarySource: false,
      reportOrigin: { coding: [{ code: '01' }] },
    });
    expect(historical?.doseQuantity).toBeUndefined();
    expect(historical?.performer).toBeUndefined();
  });

  test('changes nothing when it comes again', async () => {
    const message = vxu([...order(GIVEN, 'R1'), ...order(HISTORICAL, 'R2')], { pid: person('A1', 'Twice') });
    await send(w, message);
    const before = await databaseOf(w.services.connection).collection('messages').countDocuments();
    expect(told(await send(w, message))).toEqual(['AA M1']);
    const [patient, ...others] = await found<Patient>(w, '/Patient?family=Twice');
    expect(others).toEqual([]);
    expect(patient?.meta?.versionId).toBe('1');
    const doses = await found<Immunization>(w, `/Immunization?patient=${patient?.id ?? ''}`);
    expect(doses.map(({ meta }) => meta?.versionId)).toEqual(['1', '1']);
    expect(await databaseOf(w.services.connection).collection('messages').countDocuments()).toBe(before);
  });

  test('makes each thing once when it comes many times at once', async () => {
    const message = vxu([...order(GIVEN, 'P1'), ...order(HISTORICAL, 'P2')], {
      pid: person('A2', 'Parallel'),
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(w, message)));
    expect(answers.map(told)).toEqual(answers.map(() => ['AA M1']));
    const patients = await found<Patient>(w, '/Patient?family=Parallel');
    expect(patients).toHaveLength(1);
    expect(await found(w, `/Immunization?patient=${patients[0]?.id ?? ''}`)).toHaveLength(2);
  });
});

test('messages of one person that come at once and each say something new are all taken', async () => {
  const pid = person('A30', 'Busy');
  await send(w, vxu(order(HISTORICAL, 'N0'), { pid }));
  const messages = ['0101', '0202', '0303', '0404'].map((end) =>
    vxu(order(HISTORICAL, `N${end}`), { pid: field(pid, 13, `^PRN^PH^^^406^555${end}`) }),
  );
  const answers = await Promise.all(messages.map((message) => send(w, message)));
  expect(answers.map(told)).toEqual(answers.map(() => ['AA M1']));
  const [patient, ...others] = await found<Patient>(w, '/Patient?family=Busy');
  expect(others).toEqual([]);
  expect(patient?.telecom?.length).toBeGreaterThanOrEqual(4);
});

/** People by the code of what their message is warned of. */
const FAMILIES: Readonly<Record<string, string>> = {
  '0284': 'Abernathy',
  '0278': 'Castellanos',
  '0344': 'Dzurinda',
  '0339': 'Fitzwilliam',
  '0272': 'Gutierrez',
  '0332': 'Hashimoto',
  '0467': 'Ivanova',
  '0469': 'Jorgensen',
};

describe('a VXU with a bad dose', () => {
  test('files the good one, and tells what to do about the other', async () => {
    const bad = change(order(GIVEN, 'B1'), 'RXA', 5, '4711^No such vaccine^CVX');
    const answer = await send(w, vxu([...bad, ...order(HISTORICAL, 'B2')], { pid: person('A3', 'Partly') }));
    expect(told(answer)).toEqual(['AE M1', 'RXA^1^5 103 E DQA0309']);
    expect(answer[2]).toBe(
      'ERR||RXA^1^5|103^Table value not found^HL70357|E|5^Table value not found^HL70533^DQA0309^Vaccination CVX code is unrecognized^L|||RXA-5 has no vaccine that this registry knows (CVX or NDC): the vaccination was not stored. Correct the code and send it again.',
    );
    const [patient] = await found<Patient>(w, '/Patient?family=Partly');
    expect(await found(w, `/Immunization?patient=${patient?.id ?? ''}`)).toHaveLength(1);
  });

  test('that has no other is rejected, and leaves a task and its bytes, and nothing else', async () => {
    const bad = change(order(GIVEN, 'B3'), 'RXA', 3, '20270101');
    const msh = field(MSH, 10, 'LOST');
    const message = vxu(bad, { msh, pid: person('A4', 'Nobody') });
    expect(told(await send(w, message))).toEqual(['AE LOST', 'RXA^1^3 102 E IIS0010', 'ORC 100 E IIS0003']);
    expect(await found(w, '/Patient?family=Nobody')).toEqual([]);
    const [task] = await found<Task>(w, '/Task?identifier=LOST');
    expect(task).toMatchObject({
      status: 'rejected',
      output: [{ type: { coding: [{ code: 'IIS0010' }] } }, {}],
    });
    expect(JSON.stringify(task)).not.toContain('Nobody');
    const kept = await databaseOf(w.services.connection)
      .collection('messages')
      .findOne({ controlId: 'LOST' });
    expect(JSON.stringify(kept)).not.toContain('Nobody');
    expect(sealingOf(w.rooms.secrets, 'messages').open(String(kept?.['sealed']))).toBe(message.trimEnd());
  });

  test.each([
    ['no order number', ['ORC', 3, ''], ['ORC^1^3 101 E DQA0382']],
    ['no date', ['RXA', 3, ''], ['RXA^1^3 101 E DQA0261']],
    ['a date that is none', ['RXA', 3, '20240231'], ['RXA^1^3 102 E DQA0260']],
    ['a date before the birth', ['RXA', 3, '20220101'], ['RXA^1^3 102 E DQA0255']],
    ['no vaccine', ['RXA', 5, ''], ['RXA^1^5 101 E DQA0244']],
    ['no amount', ['RXA', 6, ''], ['RXA^1^6 101 E DQA0269']],
    ['an amount that is none', ['RXA', 6, 'some'], ['RXA^1^6 102 E DQA0268']],
    ['a completion of its own', ['RXA', 20, 'ZZ'], ['RXA^1^20 103 E DQA0289']],
    ['an action of its own', ['RXA', 21, 'X'], ['RXA^1^21 103 E DQA0236']],
  ] as const)('with %s is not stored', async (_what, [name, at, value], errors) => {
    const answer = await send(
      w,
      vxu(change(order(HISTORICAL, 'E1'), name, at, value), { pid: person('A5', 'Erring') }),
    );
    expect(told(answer)).toEqual(['AE M1', ...errors, 'ORC 100 E IIS0003']);
  });

  test.each([
    ['an unknown site', ['RXR', 2, 'ELBOW^Elbow^HL70163'], 'RXR^1^2 103 W DQA0284'],
    ['an unknown route', ['RXR', 1, 'C99999^?^NCIT'], 'RXR^1^1 103 W DQA0278'],
    ['an unknown manufacturer', ['RXA', 17, 'ZZZ^?^MVX'], 'RXA^1^17 103 W DQA0344'],
    ['no lot', ['RXA', 15, ''], 'RXA^1^15 101 W DQA0339'],
    ['no unit', ['RXA', 7, ''], 'RXA^1^7 101 W DQA0272'],
    ['no source', ['RXA', 9, ''], 'RXA^1^9 101 W DQA0332'],
    ['an eligibility that says nothing', ['OBX', 5, 'V00'], 'OBX^1^5 103 W DQA0467'],
    ['an eligibility of its own', ['OBX', 5, 'Z99'], 'OBX^1^5 103 W DQA0469'],
  ] as const)('with %s is stored with a warning', async (what, [name, at, value], warning) => {
    const family = FAMILIES[warning.slice(-4)] ?? what;
    const pid = person(family, family);
    const answer = await send(w, vxu(change(order(GIVEN, family), name, at, value), { pid }));
    expect(told(answer)).toEqual(['AE M1', warning]);
    const [patient] = await found<Patient>(w, `/Patient?family=${family}`);
    expect(await found(w, `/Immunization?patient=${patient?.id ?? ''}`)).toHaveLength(1);
  });
});

test('nothing personal is in the log', () => {
  expect(JSON.stringify(w.logged)).not.toMatch(/Okafor|Amara|Bozeman/);
});

describe('a vaccination that is told again', () => {
  const pid = person('A40', 'Amending');
  const guardian = 'NK1|1|Amending^Ruth^^^^^L|MTH^Mother^HL70063|||';
  const again = async (lines: readonly string[], more: readonly string[] = []): Promise<Immunization> => {
    expect((await send(w, vxu(lines, { pid, more })))[1]).toMatch(/^MSA\|A[AE]\|/);
    const [dose] = await found<Immunization>(w, '/Immunization?identifier=AM1');
    if (dose === undefined) throw new Error('There is no such dose');
    return dose;
  };
  const [orc = '', rxa = '', rxr = '', eligibility = ''] = order(GIVEN, 'AM1');
  /** With date, vaccine, amount, source and completion alone. */
  const bare = ['ORC|RE||AM1^RIVER', rxa.split('|').slice(0, 10).join('|')];

  test('keeps what the message leaves out, and makes no version for that', async () => {
    const whole = await again(
      [orc, rxa, rxr, eligibility],
      [guardian.replace('|||', '||^PRN^PH^^^406^5550199')],
    );
    expect(await again(bare, [guardian])).toEqual(whole);
    const [mother] = await found<RelatedPerson>(w, '/RelatedPerson?patient.identifier=A40');
    expect(mother?.telecom).toEqual([{ system: 'phone', value: '406-555-0199', use: 'home' }]);
  });

  test('takes what it says, and keeps the rest', async () => {
    const before = await again([orc, rxa, rxr, eligibility]);
    const after = await again(bare.map((line) => (line.startsWith('RXA') ? field(line, 15, 'NEW1') : line)));
    expect(after).toEqual({ ...before, lotNumber: 'NEW1', meta: { ...before.meta, ...after.meta } });
    expect(after.meta?.versionId).not.toBe(before.meta?.versionId);
  });

  test('begins anew where it is of another vaccine, or was withdrawn', async () => {
    const other = await again(change(bare, 'RXA', 5, '110^DTaP-Hep B-IPV^CVX'));
    expect([other.lotNumber, other.programEligibility, other.contained]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await again(change([orc, rxa, rxr, eligibility], 'RXA', 21, 'D'));
    expect((await again(bare)).route).toBeUndefined();
  });
});
