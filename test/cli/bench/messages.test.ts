import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bodiesFrom } from '../../../src/cli/bench/bodies.ts';
import { fill } from '../../../src/cli/bench/fill.ts';
import { messagesFrom } from '../../../src/cli/bench/messages.ts';
import type { Known } from '../../../src/cli/bench/scenarios.ts';
import { send, told } from '../../hl7v2/messages.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
let known: Known;
beforeAll(async () => {
  w = await world();
  known = await fill(w.rooms, 3, bodiesFrom(0, 'run'));
});
afterAll(() => w.end());

test('each VXU of the benchmark is taken without a remark, of people new and known', async () => {
  const messages = messagesFrom(1, 'run');
  const sent = Array.from({ length: 6 }, () => messages.vxu());
  for (const message of sent) {
    const [, id = ''] = /\|VXU\^V04\^VXU_V04\|([^|]+)/.exec(message) ?? [];
    expect(told(await send(w, message))).toEqual([`AA ${id}`]);
  }
  const people = new Set(sent.map((message) => /\rPID\|1\|\|([^|]+)/.exec(message)?.[1]));
  expect(people.size).toBeGreaterThan(1);
  expect(people.size).toBeLessThan(sent.length);
});

test('each query of the benchmark finds the one person, with the doses and the forecast', async () => {
  const messages = messagesFrom(2, 'run');
  for (const who of known.people) {
    const answer = await send(w, messages.query(who));
    expect(answer[0]).toContain('|Z42^CDCPHINVS');
    expect(answer.filter((line) => line.startsWith('ORC')).length).toBeGreaterThan(10);
  }
});
