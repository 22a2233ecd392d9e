/** What is refused before a message is looked at (MSH), and tests that leave nothing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { world, type World } from '../world/world.ts';
import { change, field, found, HISTORICAL, MSH, person, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

describe('the first stage', () => {
  test.each([
    ['version', 12, '2.2', 'MSH^1^12 203 E DQA0523'],
    ['type', 9, 'SIU^S12^SIU_S12', 'MSH^1^9^1^1 200 E DQA0022'],
    ['event', 9, 'VXU^V03^VXU_V03', 'MSH^1^9^1^2 201 E DQA0525'],
    ['processing id', 11, 'Z', 'MSH^1^11 202 E DQA0524'],
  ])('refuses a message of another %s', async (_what, at, value, error) => {
    expect(told(await send(w, vxu(HISTORICAL, { msh: field(MSH, at, value) })))).toEqual(['AR M1', error]);
  });

  test('refuses what is no message', async () => {
    const [, ...answer] = await send(w, 'Dear registry, please note');
    expect(told(answer)).toEqual(['AR ', 'MSH 100 E DQA0033']);
  });

  test.each(['T', 'D'])('answers a message of processing id %s, and stores nothing of it', async (id) => {
    const msh = field(MSH.replaceAll('RIVER', 'TESTLAND'), 11, id);
    const answer = await send(w, vxu(HISTORICAL, { msh, pid: person('A13', 'Pretend') }));
    expect(told(answer)).toEqual(['AA M1', 'MSH^1^11 0 I DQA0026']);
    const nothing = vxu(change(HISTORICAL, 'RXA', 5, ''), { msh, pid: person('A13', 'Pretend') });
    expect(told(await send(w, nothing))).toContain('AE M1');
    for (const path of ['/Patient?family=Pretend', '/Organization?identifier=TESTLAND', '/Task'])
      expect([path, await found(w, path)]).toEqual([path, []]);
  });

  test('takes older messages without ORC', async () => {
    const msh = field(field(MSH, 12, '2.3.1'), 9, 'VXU^V04');
    const [, rxa = ''] = HISTORICAL;
    expect(told(await send(w, vxu([rxa], { msh, pid: person('A14', 'Older') })))).toEqual(['AA M1']);
    expect(told(await send(w, vxu([rxa], { pid: person('A15', 'Newer') })))).toEqual([
      'AE M1',
      'ORC^1 100 E DQA0046',
      'ORC 100 E IIS0003',
    ]);
  });

  test('refuses a body that says it is something else', async () => {
    const answer = await w.root.post('/hl7v2').set('Content-Type', 'application/json').send({});
    expect(answer.status).toBe(415);
  });
});
