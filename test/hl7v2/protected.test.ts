/** Providers send and ask under the same policy as by FHIR, and a protected person is nobody, save to who protects it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import type { Actor } from '../../src/core/context.ts';
import { receive, USUAL_SWITCHES, type V2Door } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { databaseOf } from '../../src/storage/connect.ts';
import { guarded } from '../auth/bearer.ts';
import { ask } from '../world/asks.ts';
import type { World } from '../world/world.ts';
import { facility } from './facilities.ts';
import { change, field, GIVEN, HISTORICAL, MSH, order, person, told, vxu } from './messages.ts';

let w: World;
let door: V2Door;
const clinics = new Map<string, Actor>();

beforeAll(async () => {
  w = await guarded();
  door = { rooms: w.rooms, senderOf: senders(w.rooms), switches: USUAL_SWITCHES };
  for (const name of ['river', 'hill']) clinics.set(name, await facility(w, name.toUpperCase()));
});
afterAll(() => w.end());

const from = async (name: string, text: string): Promise<string[]> => {
  const actor = clinics.get(name);
  if (actor === undefined) throw new Error(`There is no clinic ${name}`);
  return (await receive(door, { actor, requestId: 'r' }, text)).split('\r').slice(0, -1);
};
const query = (pid: string): string => {
  const qpd = [
    'QPD',
    'Z34^Request Immunization History^CDCPHINVS',
    'T1',
    ...[3, 5, 6, 7, 8].map((at) => pid.split('|')[at]),
  ];
  return `MSH|^~\\&|EHR||IIS|S|20261122110000-0500||QBP^Q11^QBP_Q11|Q1|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS\r${qpd.join('|')}\rRCP|I|5^RD\r`;
};
/** What does not differ from answer to answer. */
const shape = (answer: readonly string[]): string[] =>
  answer.map((line) =>
    line.startsWith('QPD') ? 'QPD' : line.startsWith('MSH') ? field(line, 10, '') : line,
  );

test('a provider sends twice what is stored once, and reads it back', async () => {
  const pid = person('P1', 'Opening');
  const message = vxu([...order(GIVEN, 'P1'), ...order(HISTORICAL, 'P2')], { pid });
  expect(told(await from('river', message))).toEqual(['AA M1']);
  expect(told(await from('river', message))).toEqual(['AA M1']);
  const answer = await from('river', query(pid));
  expect(answer[2]).toMatch(/^QAK\|T1\|OK\|/);
  expect(answer.filter((line) => line.startsWith('RXA'))).toHaveLength(2);
});

const PROTECTED = 'PD1|||||||||||02^Reminder/recall - any method^HL70215|Y|20260401|||A|20260402|20260403';

test('a person who objects to sharing is nobody to others, and known to who filed it', async () => {
  const pid = person('P3', 'Objecting');
  const unknown = person('P4', 'Neverseen');
  const more = [PROTECTED];
  expect(told(await from('river', vxu(order(GIVEN, 'P3'), { pid, more })))).toEqual(['AA M1']);
  const [hidden, absent] = [await from('hill', query(pid)), await from('hill', query(unknown))];
  expect(hidden[2]).toMatch(/^QAK\|T1\|NF\|/);
  expect(shape(hidden)).toEqual(shape(absent));
  const own = await from('river', query(pid));
  expect(own[2]).toMatch(/^QAK\|T1\|OK\|/);
  expect(own.find((line) => line.startsWith('PD1'))).toContain('|Y|20260401|');
});

test('who filed the objection and gave no dose still sees who the person is, and that it filed it', async () => {
  const pid = person('P9', 'Elsewhere');
  const filed = vxu(order(HISTORICAL, 'P9'), { pid, more: [PROTECTED] });
  expect(told(await from('river', filed))).toEqual(['AA M1']);
  const own = await from('river', query(pid));
  expect(own.map((line) => line.slice(0, 3))).toEqual(['MSH', 'MSA', 'QAK', 'QPD', 'PID', 'PD1']);
  expect(own[5]).toContain('|Y|20260401|');
  expect((await from('hill', query(pid)))[2]).toMatch(/^QAK\|T1\|NF\|/);
  // It is one person still: another message about it is no new one whom nobody protects.
  expect(told(await from('river', filed))).toEqual(['AA M1']);
  expect((await from('hill', query(pid)))[2]).toMatch(/^QAK\|T1\|NF\|/);
});

test('the person, the doses and the directive are written by one transaction', async () => {
  const kept = databaseOf(w.services.connection).collection('messages');
  const msh = field(MSH, 10, 'WHOLE');
  const more = [PROTECTED];
  const pid = person('P6', 'Wholly');
  expect(told(await from('river', vxu(order(GIVEN, 'P6'), { msh, pid, more })))).toEqual(['AA WHOLE']);
  const written = await kept.find({ controlId: 'WHOLE' }).toArray();
  expect(written).toHaveLength(1);
  const types = (written[0]?.['wrote'] as string[]).map((reference) => reference.split('/')[0]);
  expect(types.sort()).toEqual(['Consent', 'Immunization', 'Patient']);
});

test('a directive that its sender may not end is left as it is and told, and the dose beside it is stored', async () => {
  const pid = person('P7', 'Undirected');
  expect(told(await from('river', vxu(order(GIVEN, 'P7'), { pid, more: [PROTECTED] })))).toEqual(['AA M1']);
  const later = change(order(GIVEN, 'P8'), 'RXA', 3, '20241003');
  const ended = vxu(later, { pid, more: [field(PROTECTED, 12, 'N')] });
  expect(told(await from('river', ended))).toEqual(['AE M1', 'PD1^1^12 999 W IIS0005']);
  const own = await from('river', query(pid));
  expect(own.filter((line) => line.startsWith('RXA'))).toHaveLength(2);
  expect(own.find((line) => line.startsWith('PD1'))).toContain('|Y|20260401|');
});

test('what a provider sent wrong is told, and waits for it as a task that it may read', async () => {
  const bad = order(HISTORICAL, 'P5').map((line) => (line.startsWith('RXA') ? field(line, 5, '') : line));
  const answer = await from('river', vxu(bad, { pid: person('P5', 'Wrongly') }));
  expect(told(answer)).toEqual(['AE M1', 'RXA^1^5 101 E DQA0244', 'ORC 100 E IIS0003']);
  const tasks = async (name: string): Promise<number | undefined> => {
    const actor = clinics.get(name);
    const { body = '{}' } = await w.rooms.handle(
      ask({
        interaction: 'search-type',
        type: 'Task',
        query: [['code', 'message-rejected']],
        ...(actor && { actor }),
      }),
    );
    return (JSON.parse(body) as Bundle).entry?.length;
  };
  expect([await tasks('river'), await tasks('hill')]).toEqual([1, undefined]);
});
