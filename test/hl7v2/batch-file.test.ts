/** A batch of messages: cut where they begin, answered one by one in their order, whatever is between them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { USUAL_SWITCHES } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { messagesIn, processBatch } from '../../src/hl7v2/transports/batch-file.ts';
import { world, type World } from '../world/world.ts';
import { adt, field, HISTORICAL, MSH, order, person, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

/** A text in pieces of a size, as a file is read. */
async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}
const all = async (chunks: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const message of messagesIn(chunks)) found.push(message);
  return found;
};
const message = (number: string, family: string, orders = order(HISTORICAL, number)): string =>
  vxu(orders, { msh: field(MSH, 10, number), pid: person(number, family) });

test.each([[1], [7], [1000]])(
  'messages are cut where they begin, however the file is read (%i)',
  async (size) => {
    const text = 'FHS|^~\\&|A\r\nBHS|^~\\&|A\r\nMSH|1\r\nPID|1\r\n\r\nMSH|2\nPID|2\nBTS|2\rFTS|1\r';
    expect(await all(inPieces(text, size))).toEqual(['MSH|1\rPID|1\r', 'MSH|2\rPID|2\r']);
  },
);

test('a batch is answered in its order, and says how it went', async () => {
  const bad = order(HISTORICAL, 'B2').map((line) => (line.startsWith('RXA') ? field(line, 5, '') : line));
  const messages = [
    message('B1', 'Batched'),
    message('B2', 'Faulty', bad),
    'MSH|nonsense\r',
    message('B3', 'Lastly'),
    adt('A31', { msh: field(MSH, 10, 'B4'), pid: person('B3', 'Lastly') }),
  ];
  const file = `FHS|^~\\&|EHR\rBHS|^~\\&|EHR\r${messages.join('')}BTS|5\rFTS|1\r`;
  const door = { rooms: w.rooms, senderOf: senders(w.rooms), switches: USUAL_SWITCHES };
  const actor = { client: 'local', role: 'developer', purpose: 'TREAT' };
  let written = '';
  const counted = await processBatch(door, { actor, requestId: 'batch' }, inPieces(file, 50), (text) => {
    written += text;
  });
  expect(counted).toEqual({ messages: 5, answers: { AA: 3, AE: 1, AR: 1 } });
  const lines = written.split('\r').slice(0, -1);
  expect(lines.filter((line) => line.startsWith('MSA'))).toEqual([
    'MSA|AA|B1',
    'MSA|AE|B2',
    'MSA|AR',
    'MSA|AA|B3',
    'MSA|AA|B4',
  ]);
  expect([lines[0]?.slice(0, 3), lines[1]?.slice(0, 3)]).toEqual(['FHS', 'BHS']);
  expect(lines.slice(-2)).toEqual(['BTS|5', 'FTS|1']);
});
