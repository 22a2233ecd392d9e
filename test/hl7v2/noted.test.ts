/** What of a message is counted for its sender without a word in the answer. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Organization, Parameters } from '@medplum/fhirtypes';
import { noFindings } from '../../src/hl7v2/findings.ts';
import { recordOf } from '../../src/hl7v2/groups.ts';
import { headerOf } from '../../src/hl7v2/header.ts';
import { parseMessage } from '../../src/hl7v2/message.ts';
import { notedIn, TESTS } from '../../src/hl7v2/noting/noted.ts';
import { DETECTIONS } from '../../src/quality/detections.ts';
import { NOTED } from '../../src/quality/noted.ts';
import { world, type World } from '../world/world.ts';
import { change, field, found, GIVEN, HISTORICAL, MSH, PID, send, vxu, type Parts } from './messages.ts';

/** Codes that are noted of a message. */
function noted(orders: readonly string[], parts: Parts = {}): readonly string[] {
  const message = parseMessage(vxu(orders, parts));
  const about = { header: headerOf(message), record: recordOf(message, noFindings()) };
  return notedIn({ ...about, today: '2026-11-22', deadline: 7 });
}

/** What a change adds to what is noted, and what it takes away. */
function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const added = after.filter((code) => !before.includes(code)).map((code) => `+${code}`);
  const gone = before.filter((code) => !after.includes(code)).map((code) => `-${code}`);
  return [...added, ...gone].sort();
}

const WHOLE: Parts = {
  more: [
    'PD1|||RIVER^^^^^RIVER^XX^^^R1|7^Pediatric^Mary||||||||02^Reminder^HL70215||N|20260101|||A',
    'NK1|1|Okafor^Grace^^^^^L|MTH^Mother^HL70063|12 Elm St^Apt 3^Bozeman^MT^59715^USA^H|^PRN^PH^^^406^5550101',
  ],
};

describe('the table', () => {
  test('names tests that there are, uses each, and shares no code with what is told', () => {
    expect(new Set(NOTED.map(({ test: name }) => name))).toEqual(new Set(Object.keys(TESTS)));
    const told = new Set(Object.values(DETECTIONS).map(({ code }) => code));
    expect(NOTED.filter(({ code }) => told.has(code))).toEqual([]);
  });
});

describe('of the person', () => {
  const usual = noted([], WHOLE);
  test.each([
    ['a family name of one letter', 5, 'O^Amara^Joy^^^^L', ['+DQA0536']],
    ['one of two', 5, 'Ng^Amara^Joy^^^^L', ['+DQA0537']],
    ['one of 26', 5, `${'a'.repeat(26)}^Amara^Joy^^^^L`, ['+DQA0538']],
    ['one of 51', 5, `${'a'.repeat(51)}^Amara^Joy^^^^L`, ['+DQA0539']],
    ['a digit in it', 5, 'Okaf0r^Amara^Joy^^^^L', ['+DQA0165']],
    ['a name that is tried out', 5, 'Test^Amara^Joy^^^^L', ['+DQA0173']],
    ['no middle name', 5, 'Okafor^Amara^^^^^L', ['+DQA0169']],
    ['an initial', 5, 'Okafor^Amara^J^^^^L', ['+DQA0170', '+DQA0549']],
    ['an initial in the given name', 5, 'Okafor^Amara J^Joy^^^^L', ['+DQA0142']],
    ['an alias', 5, 'Okafor^Amara^Joy^^^^A', ['+DQA0516']],
    ['no address', 11, '', ['+DQA0092', '-DQA0103']],
    ['no street', 11, '^^Bozeman^MT^59715^USA^H', ['+DQA0056', '+DQA0110']],
    ['no such state', 11, '12 Elm St^^Bozeman^MX^59715^USA^H', ['+DQA0056', '+DQA0109']],
    ['none where it is abroad', 11, '12 Elm St^^Calgary^AB^T2P^CAN^H', ['+DQA0056']],
    ['a ZIP code of four digits', 11, '12 Elm St^^Bozeman^MT^5971^USA^H', ['+DQA0056', '+DQA0112']],
    ['seven digits of a telephone', 13, '^PRN^PH^^^^5550101', ['+DQA0174']],
    ['a multiple birth without an order', 24, 'Y', ['+DQA0124']],
    ['a death without its date', 30, 'Y', ['+DQA0132']],
    ['a date of death alone', 29, '20260101', ['+DQA0134']],
  ])('%s', (_what, number, value, expected) => {
    expect(differences(usual, noted([], { ...WHOLE, pid: field(PID, number, value) }))).toEqual(expected);
  });

  test('who is a child has somebody beside it, an adult need not', () => {
    const born = (day: string) => noted([], { more: WHOLE.more?.slice(0, 1) ?? [], pid: field(PID, 7, day) });
    expect(born('20240203')).toContain('DQA0043');
    expect(born('19800203')).not.toContain('DQA0043');
  });

  test('a guardian of the name of the child', () => {
    const [pd1 = '', nk1 = ''] = WHOLE.more ?? [];
    const more = [pd1, field(nk1, 2, 'Okafor^Amara^^^^^L')];
    expect(differences(usual, noted([], { more }))).toEqual(['+DQA0156']);
  });
});

describe('of a vaccination', () => {
  const usual = noted(GIVEN, WHOLE);
  test.each([
    ['no lot and no manufacturer of one that was given', { 15: '', 17: '' }, ['+DQA0327']],
    ['a lot without its expiry', { 16: '' }, ['+DQA0337']],
    ['an inactive vaccine', { 5: '45^Hep B, unspecified^CVX' }, ['+DQA0305', '+DQA0352']],
    ['the first of a month', { 3: '20240801' }, ['+DQA0263']],
    ['the last', { 3: '20240831' }, ['+DQA0264']],
    ['nobody who gave it', { 10: '' }, ['+DQA0320']],
    ['no action code', { 21: '' }, ['+DQA0235']],
  ] as const)('%s', (_what, changes, expected) => {
    const orders = Object.entries(changes).reduce<readonly string[]>(
      (lines, [number, value]) =>
        lines.map((line) => (line.startsWith('RXA') ? field(line, Number(number), value) : line)),
      GIVEN,
    );
    const differing = differences(usual, noted(orders, WHOLE));
    expect(differing.filter((each) => expected.some((one) => one === each))).toEqual(expected);
  });

  test('one that the sender knows from elsewhere needs none of what only who gave it knows', () => {
    const codes = noted(HISTORICAL, WHOLE);
    const ofGiven = NOTED.filter(({ of }) => of === 'given').map(({ code }) => code);
    expect(codes.filter((code) => ofGiven.includes(code))).toEqual([]);
  });

  test('a report that came late is late, in time it is not', () => {
    expect(noted(GIVEN, WHOLE)).toContain('DQA0265');
    const soon = GIVEN.map((line) => (line.startsWith('RXA') ? field(line, 3, '20261120') : line));
    expect(noted(soon, WHOLE)).not.toContain('DQA0265');
  });
});

describe('over HTTP', () => {
  let w: World;
  beforeAll(async () => {
    w = await world();
  });
  afterAll(() => w.end());

  test('the answer is what it would be without, and the report of the sender counts it', async () => {
    const answer = await send(w, vxu([...GIVEN, ...HISTORICAL]));
    expect(answer.slice(1)).toEqual(['MSA|AA|M1']);
    const other = HISTORICAL.map((line) => line.replace('D2', 'D3'));
    await send(w, vxu(change(other, 'RXA', 3, '20240305'), { msh: field(MSH, 10, 'M2') }));
    const [facility] = await found<Organization>(w, '/Organization?identifier=RIVER');
    const reply = await w.fhir.get(
      `/Organization/${facility?.id ?? ''}/$data-quality?start=2026-11-01&end=2026-11-30`,
    );
    const findings = (reply.body as Parameters).parameter?.filter(({ name }) => name === 'finding') ?? [];
    const counts = new Map(
      findings.map(({ part = [] }) => [
        part.find(({ name }) => name === 'code')?.valueCode,
        [
          part.find(({ name }) => name === 'severity')?.valueCode,
          part.find(({ name }) => name === 'count')?.valueInteger,
        ],
      ]),
    );
    expect(counts.get('DQA0048')).toEqual(['N', 2]);
    expect(counts.get('DQA0528')).toEqual(['N', 1]);
  });
});
