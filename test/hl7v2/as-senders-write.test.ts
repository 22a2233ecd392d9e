/** What senders write in as many ways as there are: each way with its answer by the guide, and what comes back of it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Immunization, Observation, Patient } from '@medplum/fhirtypes';
import { world, type World } from '../world/world.ts';
import { ROWS } from './dose-fields.ts';
import { change, field, found, GIVEN, HISTORICAL, MSH, order, person, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const QUERY_MSH = MSH.replace('VXU^V04^VXU_V04', 'QBP^Q11^QBP_Q11').replace('Z22^', 'Z34^');
const QPD = 'QPD|Z34^Request Immunization History^CDCPHINVS|T1|';
const RCP = 'RCP|I|5^RD&records&HL70126';
const query = (qpd: string, { msh = QUERY_MSH, rcp = RCP } = {}): string =>
  [msh, qpd, rcp].map((line) => `${line}\r`).join('');
const historyOf = (mrn: string): Promise<readonly string[]> => send(w, query(`${QPD}${mrn}^^^RIVER^MR`));

describe('a dose', () => {
  let answer: readonly string[];
  let history: readonly string[];
  beforeAll(async () => {
    const orders = ROWS.flatMap(([segment, at, sent], index) => {
      const day = `2025${String(4 + (index % 9)).padStart(2, '0')}${String(1 + (index % 28)).padStart(2, '0')}`;
      const plain = change(order(GIVEN, `F${index}`), 'RXA', 3, day).map((line) => field(line, 16, ''));
      return change(plain.map(trimmed), segment, at, sent);
    });
    const msh = field(MSH, 10, 'MANY');
    answer = told(await send(w, vxu(orders, { msh })));
    history = await historyOf('A100');
  });
  const trimmed = (line: string): string => line.replace(/\|+$/, '');

  test.each(ROWS.map((row, index) => ({ index, row, segment: row[0], at: row[1], sent: row[2] })))(
    '$index with $segment-$at $sent is answered by the guide, and comes back',
    ({ index, row: [segment, , , says, back] }) => {
      const own = answer.filter((line) => new RegExp(`^(RXA|RXR)\\^${index + 1}( |\\^)`).test(line));
      expect(own).toEqual(says === '' ? [] : [`${segment}^${index + 1}${says}`]);
      const start = history.findIndex((line) => line.startsWith('ORC') && line.includes(`|F${index}^RIVER`));
      const come =
        start < 0
          ? []
          : history
              .slice(start)
              .find((line) => line.startsWith(segment))
              ?.split('|');
      const wanted = Object.keys(back ?? {}).map((n) => [n, come?.[Number(n)] ?? '']);
      expect(start < 0 ? undefined : Object.fromEntries(wanted)).toEqual(back);
    },
  );

  test('that could not be stored takes no other with it', () => {
    expect(answer[0]).toBe('AE MANY');
    expect(history.filter((line) => line.startsWith('RXA'))).toHaveLength(
      ROWS.filter(([, , , , back]) => back !== undefined).length,
    );
  });
});

const OLD_VIS = [
  'OBX|2|CE|30956-7^Vaccine type^LN|2|107^DTaP^CVX||||||F',
  'OBX|3|TS|29768-9^VIS published^LN|2|20210806||||||F',
  'OBX|4|TS|29769-7^VIS presented^LN|2|20240803||||||F',
];
const DISEASE = (action = '', status = 'F'): string[] => [
  'ORC|RE||9999^RIVER',
  `RXA|0|1|20260115||998^No vaccine administered^CVX|999||||||||||||||NA|${action}`,
  `OBX|1|CE|59784-9^Disease with presumed immunity^LN|1|38907003^Varicella infection^SCT||||||${status}|||20250110`,
];
const REFUSAL = (action = ''): string[] => [
  'ORC|RE||9999^RIVER',
  `RXA|0|1|20260115||107^DTaP^CVX|999||||||||||||00^Parental decision^NIP002||RE|${action}`,
];

/** As version 2.3.1 names statements of combined vaccines: the vaccine's code before the date's. */
const OLDEST_VIS = [
  'OBX|2|CE|38890-0^Component vaccine type^LN|2|03^MMR^CVX||||||F',
  'OBX|3|TS|38890-0&29768-9^VIS published^LN|2|20210806||||||F',
  'OBX|4|TS|38890-0&29769-7^VIS presented^LN|2|20240803||||||F',
];

describe('what is told beside doses', () => {
  test.each([
    ['older', 'W1', 'Oldstyle', OLD_VIS, '253088698300003511210806'],
    ['the oldest', 'W6', 'Antiquary', OLDEST_VIS, '253088698300012711210806'],
  ])('a statement as %s senders name it is the one of the table', async (...row) => {
    const [, mrn, family, statement, documentType] = row;
    const message = vxu([...order(GIVEN, mrn), ...statement], { pid: person(mrn, family) });
    expect(told(await send(w, message))).toEqual(['AA M1']);
    const [dose] = await found<Immunization>(w, `/Immunization?identifier=${mrn}`);
    const dates = { publicationDate: '2021-08-06', presentationDate: '2024-08-03' };
    expect(dose?.education).toEqual([{ documentType, ...dates }]);
  });

  test.each([
    ['by RXA-21', 'W2', 'Hadpox', DISEASE('D')],
    ['by OBX-11', 'W3', 'Poxfree', DISEASE('', 'D')],
  ])('a disease is withdrawn %s, and told again', async (_how, mrn, family, withdrawn) => {
    const pid = person(mrn, family);
    const statuses = async (): Promise<readonly (string | undefined)[]> =>
      (await found<Observation>(w, `/Observation?patient.identifier=${mrn}`)).map(({ status }) => status);
    const steps: (readonly [readonly string[], string])[] = [
      [DISEASE(), 'final'],
      [withdrawn, 'entered-in-error'],
      [withdrawn, 'entered-in-error'],
      [DISEASE(), 'final'],
    ];
    for (const [orders, status] of steps) {
      expect(told(await send(w, vxu(orders, { pid })))).toEqual(['AA M1']);
      expect(await statuses()).toEqual([status]);
    }
    expect((await historyOf(mrn)).filter((line) => line.startsWith('OBX'))).toHaveLength(1);
  });

  test('a disease that nobody told cannot be withdrawn', async () => {
    const answer = await send(w, vxu(DISEASE('D'), { pid: person('W4', 'Neverill') }));
    expect(told(answer)).toEqual(['AE M1', 'OBX^1 204 E IIS0040', 'ORC 100 E IIS0003']);
  });

  test('a refusal is withdrawn, and a dose with what is told under it', async () => {
    const pid = person('W5', 'Reluctant');
    const allergy = 'OBX|2|CE|30945-0^Contraindication^LN|2|VXC30^Allergy^CDCPHINVS||||||F|||20240803';
    const dose = [...order(GIVEN, 'W5'), allergy];
    await send(w, vxu([...REFUSAL(), ...dose], { pid }));
    expect(await found(w, '/Observation?patient.identifier=W5')).toHaveLength(1);
    expect(told(await send(w, vxu([...REFUSAL('D'), ...change(dose, 'RXA', 21, 'D')], { pid })))).toEqual([
      'AA M1',
    ]);
    const kept = [
      ...(await found<Immunization>(w, '/Immunization?patient.identifier=W5')),
      ...(await found<Observation>(w, '/Observation?patient.identifier=W5')),
    ];
    expect(kept.map(({ status }) => status)).toEqual(kept.map(() => 'entered-in-error'));
    expect(kept).toHaveLength(3);
    expect((await historyOf('W5')).filter((line) => /^(RXA|OBX)/.test(line))).toEqual([]);
  });
});

/** Messages as bytes, about a person with such names. */
const written = (mrn: string, name: string, charset = ''): string =>
  vxu(order(HISTORICAL, mrn), { msh: field(MSH, 18, charset), pid: field(person(mrn, 'x'), 5, name) });
const latin2 = (text: string): Buffer =>
  Buffer.from(text.replace('Ł', '\u00a3').replace('ł', '\u00b3'), 'latin1');

describe('a person', () => {
  test.each([
    ['E1', "O'Brien-Núñez^María José^de la Cruz^Jr^Dr^^L", '', (text: string) => Buffer.from(text)],
    ['E2', 'Peñalosa^Zoë^^^^^L', '8859/1', (text: string) => Buffer.from(text, 'latin1')],
    ['E3', 'Gruß^Jürgen^^^^^L', '', (text: string) => Buffer.from(text, 'latin1')],
    ['E4', 'Łukaszewicz^Stanisław^^^^^L', '8859/2', latin2],
    ['E5', '\u5c0f\u6797^\u7f8e\u548c^^^^^L', 'UNICODE UTF-8', (text: string) => Buffer.from(text)],
    ['E6', 'Tan\\T\\Lim^A\\S\\b \\E\\c^^^^^L', '', (text: string) => Buffer.from(text)],
    ['E7', 'Kettle^Una^^^^^L', '', (text: string) => Buffer.from(`\ufeff${text.replaceAll('\r', '\r\n')}`)],
    ['E8', 'Moffat^Eve^^^^^L', '', (text: string) => Buffer.from(`\v${text}\x1c\r`)],
    ['E9', 'Lomax^Ida^^^^^L', '', (text: string) => Buffer.from(text.replaceAll('\r', '\n').trimEnd())],
  ])('%s is read in whatever it is written, and comes back in UTF-8', async (mrn, name, charset, bytesOf) => {
    expect(told(await send(w, bytesOf(written(mrn, name, charset))))).toEqual(['AA M1']);
    const pid = (await historyOf(mrn)).find((line) => line.startsWith('PID'));
    expect(pid?.split('|')[5]).toBe(name);
  });

  test.each<readonly [string, number, string, readonly string[]]>([
    ['G1', 3, 'G1', ['PID^1^3^1^4 0 I DQA0393', 'PID^1^3^1^5 0 I DQA0394']],
    ['G2', 3, 'G2^^^RIVER^MR~123-45-6789^^^USA^SS~W9^^^STATE^MA', []],
    ['G3', 5, 'Halloway^Newborn^^^^^L', ['PID^1^5^1 0 I DQA0172']],
    ['G10', 5, 'Unknown^Baby^^^^^L', ['PID^1^5^1 0 I DQA0578', 'PID^1^5^1 0 I DQA0172']],
    ['G4', 5, 'Sukarno^^^^^^L', ['PID^1^5^1^2 101 E DQA0141', 'PID 100 E DQA0049']],
    ['G5', 7, '202302', ['PID^1^7 101 E DQA0117', 'PID 100 E DQA0049']],
    ['G6', 8, 'Q', ['PID^1^8 103 W DQA0147']],
    ['G7', 10, '9999-9^x^CDCREC~W^White^HL70005', ['PID^1^10^1 103 W DQA0210', 'PID^1^10^2 0 I DQA0206']],
    ['G8', 11, '""', []],
    ['G9', 13, '~^NET^Internet^who@example.org~nothing', ['PID^1^13^3 102 W DQA0175']],
  ])('%s with PID-%i %j is answered %j', async (mrn, at, sent, says) => {
    const pid = field(person(mrn, `${mrn}ander`), at, sent);
    const [code, ...errors] = told(await send(w, vxu(order(HISTORICAL, mrn), { pid })));
    expect(errors).toEqual(says);
    const isGrave = says.some((each) => / [EW] /.test(each));
    expect(code).toBe(isGrave ? 'AE M1' : 'AA M1');
  });

  test('is born in a place and a facility, both of which come back', async () => {
    const pid = field(field(person('G11', 'Bornhere'), 11, '^^Butte^MT^^USA^BDL'), 23, "Children's Hospital");
    await send(w, vxu(order(HISTORICAL, 'G11'), { pid }));
    expect((await historyOf('G11'))[4]).toMatch(/\|\^\^Butte\^MT\^\^USA\^BDL\|.*\|Children's Hospital\|/);
  });

  test('keeps what a message asks to delete, which the guide leaves to each registry', async () => {
    const [patient] = await found<Patient>(w, '/Patient?identifier=G8');
    expect(patient?.telecom).toHaveLength(1);
    const pid = [6, 11, 13].reduce((line, at) => field(line, at, '""'), person('G8', 'G8ander'));
    expect(told(await send(w, vxu([], { pid })))).toEqual(['AA M1']);
    const [after] = await found<Patient>(w, '/Patient?identifier=G8');
    expect(after).toEqual(patient);
  });
});

describe('segments', () => {
  const [orc = '', rxa = '', rxr = '', obx = ''] = order(GIVEN, 'S0');
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['of other kinds are passed over', ['TQ1|1', rxa, 'NTE|1||x', rxr, obx, 'NTE|1||y', 'ZVA|1'], []],
    ['of the route before the dose count as none', [rxr, rxa, obx], ['RXR^1 100 W DQA0452']],
    ['of the route twice count once', [rxa, rxr, rxr, obx], ['RXR^2 100 W DQA0452']],
    ['of guardians after doses count as none', [rxa, rxr, obx, 'NK1|1|A^B|MTH'], ['NK1^1 100 W DQA0452']],
    ['that are no segments are named', ['line two of a note', rxa, rxr, obx], [' 102 W DQA0464']],
  ])('%s', async (what, lines, says) => {
    const mrn = `S${what.length}`;
    const orders = order([orc, ...lines], mrn);
    const answer = told(await send(w, vxu(orders, { pid: person(mrn, `${what.slice(0, 9)} Segment`) })));
    expect(answer).toEqual([says.length === 0 ? 'AA M1' : 'AE M1', ...says]);
  });
});

describe('a header', () => {
  test.each<readonly [string, number, string, readonly string[]]>([
    ['2.5.1 with its country', 12, '2.5.1^USA', ['AA M1']],
    ['in small letters', 9, 'vxu^v04', ['AA M1']],
    ['without processing id', 11, '', ['AR M1', 'MSH^1^11 202 E DQA0023']],
    ['of another profile', 21, 'Z34^CDCPHINVS', ['AA M1', 'MSH^1^21 0 I DQA0440']],
    ['without a date', 7, '', ['AE M1', 'MSH^1^7 101 E DQA0017']],
    ['without an id', 10, '', ['AE ', 'MSH^1^10 101 E DQA0014']],
  ])('%s (MSH-%i %j) is answered %j', async (_what, at, sent, says) => {
    const message = vxu(order(HISTORICAL, 'H1'), { msh: field(MSH, at, sent), pid: person('H1', 'Header') });
    expect(told(await send(w, message))).toEqual(says);
  });

  test('at fault leaves the message as a rejection of its sender, and ends it when it is mended', async () => {
    const pid = person('H2', 'Undated');
    const msh = field(MSH, 10, 'H2');
    await send(w, vxu(order(HISTORICAL, 'H2'), { msh: field(msh, 7, 'today'), pid }));
    const open = (): Promise<unknown[]> => found(w, '/Task?identifier=H2&status=rejected');
    expect(await open()).toHaveLength(1);
    await send(w, vxu(order(HISTORICAL, 'H2'), { msh, pid }));
    expect(await open()).toEqual([]);
  });
});

describe('a query', () => {
  const KNOWN = 'Ravensworth^Isolde^Mae^^^^L';
  const DETAILS = 'Thackeray^^^^^^M|20240305|F|9 Fen Rd^^Butte^MT^59701^USA^H|^PRN^PH^^^406^5559191|Y';
  beforeAll(async () => {
    const pid = `PID|1||K1^^^RIVER^MR||${KNOWN}|Thackeray^^^^^^M|20240305|F|||9 Fen Rd^^Butte^MT^59701^USA^H||^PRN^PH^^^406^5559191|||||||||||Y|2`;
    await send(w, vxu(change(order(HISTORICAL, 'K1'), 'RXA', 3, '20250405'), { pid }));
  });
  const shapeOf = (answer: readonly string[]): string => {
    const [msh = '', , ...more] = answer;
    const qak = more.find((line) => line.startsWith('QAK'))?.split('|') ?? [];
    return `${msh.split('|')[20]?.split('^')[0] ?? ''} ${qak[2] ?? ''}`;
  };

  test.each<readonly [string, string, string, readonly string[]]>([
    ['by number alone', 'K1^^^RIVER^MR', 'Z32 OK', ['AA M1']],
    ['by names and birth date', '|Ravensworth^Isolde^^^^^L||20240305', 'Z32 OK', ['AA M1']],
    ['by everything', `K1^^^RIVER^MR|${KNOWN}|${DETAILS}|2`, 'Z32 OK', ['AA M1']],
    ['with a time of birth', '|Ravensworth^Isolde||20240305101500-0700', 'Z32 OK', ['AA M1']],
    ['of another twin', `|${KNOWN}|${DETAILS}|1`, 'Z31 OK', ['AA M1']],
    ['of somebody else with that number', 'K1^^^RIVER^MR|Other^Name||20100305', 'Z33 NF', ['AA M1']],
    ['of nobody', 'K9^^^RIVER^MR', 'Z33 NF', ['AA M1']],
    ['by a secret number alone', '123456789^^^USA^SS', 'Z33 AE', ['AE M1', 'QPD^1^3 101 E IIS0018']],
    ['by family name', '|Ravensworth||20240305', 'Z33 AE', ['AE M1', 'QPD^1^3 101 E IIS0018']],
    ['with a wrong date', 'K1^^^RIVER^MR|||20241399', 'Z33 AE', ['AE M1', 'QPD^1^6 102 E IIS0020']],
  ])('%s is answered', async (_how, sought, shape, says) => {
    const answer = await send(w, query(`${QPD}${sought}`));
    expect([shapeOf(answer), ...told(answer)]).toEqual([shape, ...says]);
    expect(answer.find((line) => line.startsWith('QPD'))).toBe(`${QPD}${sought}`);
  });

  const BY_NUMBER = `${QPD}K1^^^RIVER^MR`;
  test.each<readonly [string, string, readonly string[]]>([
    ['in small letters', query(field(BY_NUMBER, 1, 'z34^x^CDCPHINVS')), ['Z32 OK', 'AA M1']],
    [
      'of another name than its profile',
      query(field(BY_NUMBER, 1, 'Z44')),
      ['Z42 OK', 'AA M1', 'MSH^1^21 0 I DQA0440'],
    ],
    ['of no known name', query(field(BY_NUMBER, 1, 'Z99')), ['Z33 AE', 'AE M1', 'QPD^1^1 103 E IIS0016']],
    ['without its tag', query(field(BY_NUMBER, 2, '')), ['Z33 AE', 'AE M1', 'QPD^1^2 101 E IIS0017']],
    [
      'for no candidate',
      query(BY_NUMBER, { rcp: 'RCP|I|0^RD' }),
      ['Z33 AE', 'AE M1', 'RCP^1^2 102 E IIS0019'],
    ],
    [
      'without a date',
      query(BY_NUMBER, { msh: field(QUERY_MSH, 7, '') }),
      ['Z33 AE', 'AE M1', 'MSH^1^7 101 E DQA0017'],
    ],
    ['without QPD', vxu([], { msh: QUERY_MSH }), ['Z23 ', 'AE M1', 'QPD 100 E IIS0015']],
  ])('%s is answered', async (_how, text, says) => {
    const answer = await send(w, text);
    expect([shapeOf(answer), ...told(answer)]).toEqual(says);
  });
});

describe('several messages in one request', () => {
  const [one, two] = ['B1', 'B2'].map((mrn) =>
    vxu(order(HISTORICAL, mrn), { msh: field(MSH, 10, mrn), pid: person(mrn, `Batch${mrn}`) }),
  );
  const both = `${one ?? ''}${two ?? ''}`;
  test.each([
    ['in an envelope', `FHS|^~\\&\rBHS|^~\\&\r${both}BTS|2\rFTS|1\r`],
    ['as a stream, with any line end', `\ufeff${both.replaceAll('\r', '\r\n')}`],
  ])('%s are answered one by one, as a batch', async (_how, text) => {
    const answer = await send(w, text);
    expect(answer.map((line) => line.slice(0, 3))).toEqual([
      'FHS',
      'BHS',
      'MSH',
      'MSA',
      'MSH',
      'MSA',
      'BTS',
      'FTS',
    ]);
    expect(told(answer)).toEqual(['AA B1', 'AA B2']);
    expect(answer[6]).toBe('BTS|2');
  });

  test('are too many beyond five hundred, and none of them is taken', async () => {
    const reply = await w.root.post('/hl7v2').set('Content-Type', 'text/plain').send(`${MSH}\r`.repeat(501));
    expect(reply.status).toBe(413);
  });
});
