/** A message about somebody who cannot be told from others waits as a whole, and goes on when staff have settled it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Immunization } from '@medplum/fhirtypes';
import { maya } from '../interactions/placing/people.ts';
import { call, made } from '../world/requests.ts';
import { world, type World } from '../world/world.ts';
import { found, HISTORICAL, order, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

/** All as of the person on file but for the given name. */
const UNCLEAR =
  'PID|1||L-77^^^LAKE^MR||Okonkwo Reyes^Esperanza^^^^^L|Reyes^^^^^^M|20230417|F|||118 Walnut St^^Richmond^VA^23220^USA^H||^PRN^PH^^^804^5550142';

test('it waits, and is filed as the person whom staff name', async () => {
  const known = await made(w, maya());
  const message = vxu(order(HISTORICAL, 'WAIT1'), { pid: UNCLEAR });
  expect(told(await send(w, message))).toEqual(['AE M1', 'PID 0 W IIS0023']);
  expect(await found(w, '/Immunization?identifier=WAIT1')).toEqual([]);
  const [task] = await found(w, '/Task');
  const settled = await call(w, 'POST', `/Task/${task?.id ?? ''}/$settle`, {
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'outcome', valueCode: 'same-person' },
        { name: 'patient', valueReference: { reference: `Patient/${known.id}` } },
      ],
    },
  });
  expect([settled.status, settled.body['status']]).toEqual([200, 'completed']);
  const doses = await found<Immunization>(w, '/Immunization?identifier=WAIT1');
  expect(doses.map(({ patient }) => patient.reference)).toEqual([`Patient/${known.id}`]);
  expect(told(await send(w, message))).toEqual(['AA M1']);
});
