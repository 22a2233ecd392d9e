/** Queries (profiles Z34 and Z44): one person, several, too many, nobody, and what is wrong with a query. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { world, type World } from '../world/world.ts';
import { field, found, GIVEN, HISTORICAL, order, person, send, told, vxu } from './messages.ts';

const MSH =
  'MSH|^~\\&|EHR|RIVER|IIS|STATE|20261122110000-0500||QBP^Q11^QBP_Q11|Q1|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS|RIVER|STATE';
const Z34 = 'Z34^Request Immunization History^CDCPHINVS';
const Z44 = 'Z44^Request Evaluated History and Forecast^CDCPHINVS';
const ANA = person('Q100', 'Queried');
const fieldOf = (line: string, at: number): string => line.split('|')[at] ?? '';

let w: World;
beforeAll(async () => {
  w = await world();
  const observed = [
    'ORC|RE||9999^CDC',
    'RXA|0|1|20250301||998^No vaccine administered^CVX|999||||||||||||||NA',
    'OBX|1|CE|59784-9^Disease with presumed immunity^LN|1|38907003^Varicella^SCT||||||F|||20250210',
  ];
  const more = ['NK1|1|Queried^Ngozi^^^^^L|MTH^Mother^HL70063'];
  await send(w, vxu([...order(GIVEN, 'Q1'), ...order(HISTORICAL, 'Q2'), ...observed], { pid: ANA, more }));
});
afterAll(() => w.end());

/** A query for whom a PID describes. */
function query(pid: string, { name = Z34, ids = fieldOf(pid, 3), limit = '5' } = {}): string {
  const [names, mother, born, sex] = [5, 6, 7, 8].map((at) => fieldOf(pid, at));
  const qpd = ['QPD', name, 'T1', ids, names, mother, born, sex, fieldOf(pid, 11), fieldOf(pid, 13)].join(
    '|',
  );
  return [MSH, qpd, `RCP|I|${limit}^RD&records&HL70126`].map((line) => `${line}\r`).join('');
}
const named = (answer: readonly string[], name: string): string[] =>
  answer.filter((line) => line.startsWith(name));

describe('a query for one person', () => {
  test('is answered with the whole history (Z32)', async () => {
    const answer = await send(w, query(ANA));
    const [patient] = await found<Patient>(w, '/Patient?family=Queried');
    expect(answer[0]).toContain('|RSP^K11^RSP_K11|');
    expect(answer[0]).toContain('|Z32^CDCPHINVS|STATE|RIVER');
    expect(answer.slice(1, 3)).toEqual(['MSA|AA|Q1', `QAK|T1|OK|${Z34}`]);
    expect(answer[3]).toMatch(/^QPD\|Z34\^/);
    const [pid = ''] = named(answer, 'PID');
    expect(fieldOf(pid, 3)).toBe(`Q100^^^RIVER^MR~${patient?.id ?? ''}^^^FHIR-IIS^SR`);
    for (const at of [5, 6, 7, 8, 10, 11, 13, 22, 24])
      expect([at, fieldOf(pid, at)]).toEqual([at, fieldOf(ANA, at)]);
    expect(named(answer, 'NK1')).toEqual(['NK1|1|Queried^Ngozi^^^^^L|MTH^Mother^HL70063']);
    expect(named(answer, 'ORC')).toEqual([
      'ORC|RE||Q2^RIVER',
      'ORC|RE|P7^RIVER|Q1^RIVER|||||||1^Clerk^Myron||2^Pediatric^Mary^^^^^^RIVER',
      'ORC|RE||9999^FHIR-IIS',
    ]);
    expect(named(answer, 'RXA')).toEqual([
      'RXA|0|1|20240205||08^Hep B, adolescent or pediatric^CVX|999|||01^Historical information - source unspecified^NIP001|||||||||||CP|A',
      'RXA|0|1|20240803||20^DTaP^CVX^49281-0286-10^Daptacel^NDC|0.5|mL^^UCUM||00^New immunization record^NIP001|3^Sticker^Nurse^^^^^^RIVER|^^^RIVER-1||||C1234AA|20260101|PMC^Sanofi Pasteur^MVX|||CP|A',
      'RXA|0|1|20261122||998^No vaccine administered^CVX|999||||||||||||||NA',
    ]);
    expect(named(answer, 'RXR')).toEqual(['RXR|C28161^Intramuscular^NCIT|LT^Left Thigh^HL70163']);
    expect(named(answer, 'OBX')).toEqual([
      'OBX|1|CE|64994-7^Vaccine funding program eligibility category^LN|1|V02^VFC eligible-Medicaid/Medicaid managed care^HL70064||||||F||||||VXC40^Eligibility captured at the immunization level^CDCPHINVS',
      'OBX|2|CE|59784-9^Disease with presumed immunity^LN|1|38907003^^SCT^^^^^^History of Varicella infection||||||F|||20250210',
    ]);
  });

  test('is answered by number alone, and by name and birth date alone', async () => {
    const bare = ['Q100^^^RIVER^MR', '', '', '', '', '', ''];
    const byNumber = [MSH, ['QPD', Z34, 'T2', ...bare].join('|'), 'RCP|I'].join('\r');
    expect((await send(w, byNumber))[2]).toBe(`QAK|T2|OK|${Z34}`);
    expect((await send(w, query(ANA, { ids: '' })))[2]).toBe(`QAK|T1|OK|${Z34}`);
  });

  test('is answered with evaluations and what is due (Z42)', async () => {
    const answer = await send(w, query(ANA, { name: Z44 }));
    expect(answer[0]).toContain('|Z42^CDCPHINVS|');
    const orders = answer.slice(answer.findIndex((line) => line.startsWith('ORC')));
    const last = orders.findLastIndex((line) => line.startsWith('ORC'));
    const [evaluated, due] = [orders.slice(0, last), orders.slice(last)];
    expect(named(evaluated, 'OBX').map((line) => fieldOf(line, 3).split('^')[0])).toEqual(
      expect.arrayContaining(['30956-7', '59779-9', '30973-2', '59781-5']),
    );
    expect(named(evaluated, 'OBX').some((line) => line.includes('|30980-7^'))).toBe(false);
    expect(due[1]).toBe('RXA|0|1|20261122||998^No vaccine administered^CVX|999||||||||||||||NA');
    const dates = named(due, 'OBX').filter((line) => line.includes('|30980-7^'));
    expect(dates.length).toBeGreaterThan(5);
    expect(due.some((line) => line.includes('|59781-5^'))).toBe(false);
    const numbers = named(answer, 'OBX').map((line) => Number(fieldOf(line, 1)));
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });
});

describe('a query for', () => {
  test('nobody who is known finds nobody (Z33, NF), which is no error', async () => {
    const answer = await send(w, query(person('Q999', 'Unheard')));
    expect(answer[0]).toContain('|Z33^CDCPHINVS|');
    expect(answer.slice(1, 3)).toEqual(['MSA|AA|Q1', `QAK|T1|NF|${Z34}`]);
    expect(answer).toHaveLength(4);
  });

  test('one of twins without a given name that tells finds both (Z31), or too many (Z33, TM)', async () => {
    const twin = (number: string, given: string): string =>
      field(field(field(ANA, 3, `${number}^^^RIVER^MR`), 5, `Twinning^${given}^^^^^L`), 7, '20230105');
    await send(w, vxu(order(HISTORICAL, 'TW1'), { pid: twin('TW1', 'Marianne') }));
    await w.fhir
      .post('/Patient')
      .set('Content-Type', 'application/fhir+json')
      .send({
        resourceType: 'Patient',
        name: [{ family: 'Twinning', given: ['Marietta'] }],
        gender: 'female',
        birthDate: '2023-01-05',
      });
    const asked = field(twin('', 'Mari'), 3, '');
    const list = await send(w, query(asked, { ids: '' }));
    expect(list[0]).toContain('|Z31^CDCPHINVS|');
    expect(list[2]).toBe(`QAK|T1|OK|${Z34}`);
    expect(named(list, 'PID').map((line) => fieldOf(line, 1))).toEqual(['1', '2']);
    expect(named(list, 'RXA')).toEqual([]);
    const few = await send(w, query(asked, { ids: '', limit: '1' }));
    expect(few[0]).toContain('|Z33^CDCPHINVS|');
    expect(few.slice(1, 3)).toEqual(['MSA|AA|Q1', `QAK|T1|TM|${Z34}`]);
  });
});

describe('a query that is wrong', () => {
  test.each([
    ['without a tag', 2, '', 'QPD^1^2 101 E IIS0017'],
    ['of another name', 1, 'Z99^?^CDCPHINVS', 'QPD^1^1 103 E IIS0016'],
    ['with a birth date that is none', 6, 'yesterday', 'QPD^1^6 102 E IIS0020'],
  ])('%s is told so (Z33, AE)', async (_what, at, value, error) => {
    const lines = query(ANA)
      .split('\r')
      .map((line) => (line.startsWith('QPD') ? field(line, at, value) : line));
    const answer = await send(w, lines.join('\r'));
    expect(answer[0]).toContain('|Z33^CDCPHINVS|');
    expect(told(answer)).toEqual(['AE Q1', error]);
    expect(answer.find((line) => line.startsWith('QAK'))).toMatch(/^QAK\|[^|]*\|AE\|/);
  });

  test('describes nobody in particular, or has no QPD', async () => {
    const vague = query(field(ANA, 7, ''), { ids: '' });
    expect(told(await send(w, vague))).toEqual(['AE Q1', 'QPD^1^3 101 E IIS0018']);
    expect(told(await send(w, `${MSH}\r`))).toEqual(['AE Q1', 'QPD 100 E IIS0015']);
  });
});
