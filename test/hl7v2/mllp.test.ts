/** MLLP over TLS, with real sockets and certificates of an authority that the test makes. */
import { connect as connectPlain } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { certified } from '../../src/auth/certified.ts';
import { USUAL_SWITCHES } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { listenMllp, type Mllp, type MllpSettings } from '../../src/hl7v2/transports/mllp.ts';
import { participantsOf } from '../../src/storage/participants.ts';
import { enrol, guarded, partsOf, withScope } from '../auth/bearer.ts';
import type { World } from '../world/world.ts';
import { HISTORICAL, vxu } from './messages.ts';
import { codes, connected, frame, message, pair, type End, type Pair } from './mllp-sender.ts';

const FRAME_BYTES = 8000;

let w: World;
let mllp: Mllp;
let ca: Pair;
let server: Pair;
let ehr: Pair;

const open = (more: Partial<MllpSettings> = {}): Promise<Mllp> => {
  const { rooms } = w;
  const door = {
    ...{ rooms, senderOf: senders(rooms), switches: USUAL_SWITCHES },
    actorOf: (client = '') => certified(w.gate, w.services)(client),
  };
  return listenMllp(door, {
    ...{ port: 0, host: '127.0.0.1', connections: 20, frameBytes: FRAME_BYTES },
    ...{ idleMs: 60_000, frameMs: 60_000 },
    ...{ cert: Buffer.from(server.cert), key: Buffer.from(server.key), ca: Buffer.from(ca.cert) },
    ...more,
  });
};

beforeAll(async () => {
  w = await guarded({ clock: 'system' });
  ca = await pair('Registry CA');
  [server, ehr] = await Promise.all([pair('localhost', ca), pair('ehr', ca)]);
  await enrolled('ehr');
  mllp = await open();
});
afterAll(async () => {
  await mllp.stop();
  await w.end();
});

async function enrolled(id: string): Promise<void> {
  await enrol(w, { id, what: 'client', role: ROLE, organization: 'river' });
  await partsOf(w)
    .adapters('Client')
    .upsert(id, { client_id: id, role: ROLE, organization: 'river', smart_scopes: 'system/*.cruds' }, 0);
}
const ROLE = 'provider';

const dial = (as: Pair | undefined, { port } = mllp): End => connected(port, ca, as);

describe('a sender with a certificate', () => {
  test('is acknowledged, and the dose is read through FHIR, of its organisation', async () => {
    const { socket, answers } = dial(ehr);
    socket.write(frame(message('L1', 'B1')));
    expect(codes(await answers(1))).toEqual(['AA L1']);
    socket.end();
    const read = await withScope(w, 'system/*.rs')('GET', '/Patient?family=LineB1');
    expect(read.body).toMatchObject({ total: 1 });
  });

  test('is answered in the order of its messages, however the bytes come', async () => {
    const { socket, answers } = dial(ehr);
    const bytes = Buffer.concat(['O1', 'O2', 'O3'].map((id) => frame(message(id, `C${id}`))));
    const cuts = [1, 7, bytes.indexOf('\x1c') + 1, bytes.length];
    cuts.forEach((cut, n) => socket.write(bytes.subarray(cuts[n - 1] ?? 0, cut)));
    expect(codes(await answers(3))).toEqual(['AA O1', 'AA O2', 'AA O3']);
    socket.end();
  });

  test('gets AR for a frame that is too large, and is hung up on', async () => {
    const { socket, answers, closed } = dial(ehr);
    socket.write(frame(vxu([...HISTORICAL, `NTE|1||${'x'.repeat(FRAME_BYTES)}`])));
    socket.write(frame(message('L2', 'B2')));
    await closed;
    expect(codes(await answers(2))).toEqual(['AR M1']);
  });

  test.each([
    ['ends before its frame does', (socket: TLSSocket) => socket.end(`\x0b${message('T1', 'B3')}`)],
    ['begins another', (socket: TLSSocket) => socket.write(`\x0b${message('T1', 'B3')}\x0bMSH|`)],
  ])('gets AR for a truncated frame where it %s, and is hung up on', async (_what, act) => {
    const { socket, answers, closed } = dial(ehr);
    act(socket);
    await closed;
    expect(codes(await answers(2))).toEqual(['AR T1']);
  });

  test.each([
    ['bytes outside of a frame', 'GET / HTTP/1.1\r\n\r\n'],
    ['a broken frame without MSH', '\x0bMS\x0b'],
  ])('is hung up on without an answer for %s', async (_what, bytes) => {
    const { socket, answers, closed } = dial(ehr);
    socket.write(bytes);
    await closed;
    expect(await answers(1)).toEqual([]);
  });

  test('that is suspended gets AR from the next message on', async () => {
    await enrolled('clinic');
    const { socket, answers } = dial(await pair('clinic', ca));
    socket.write(frame(message('S1', 'D1')));
    expect(codes(await answers(1))).toEqual(['AA S1']);
    const store = participantsOf(w.services.connection);
    const was = await store.find('client:clinic');
    if (was === undefined) throw new Error('lost');
    const suspended = { at: new Date(), by: 'account:staff', reason: 'review', investigation: '1' };
    await store.pretend({ ...was, suspended }, []);
    socket.write(frame(message('S2', 'D2')));
    expect(codes(await answers(2))).toEqual(['AA S1', 'AR S2']);
    socket.end();
  });

  test('that names nobody gets AR', async () => {
    const { socket, answers } = dial(await pair('stranger', ca));
    socket.write(frame(message('N1', 'E1')));
    expect(codes(await answers(1))).toEqual(['AR N1']);
    socket.end();
  });
});

describe('the listener', () => {
  test.each(['none', 'of another authority'])('has no word for a certificate %s', async (which) => {
    const as = which === 'none' ? undefined : await pair('ehr', await pair('Other CA'));
    const { socket, answers, closed } = dial(as);
    socket.write(frame(message('X1', 'F1')));
    await closed;
    expect(await answers(1)).toEqual([]);
  });

  test('never speaks plain TCP', async () => {
    const socket = connectPlain(mllp.port, '127.0.0.1');
    const heard: Buffer[] = [];
    socket.on('data', (chunk) => heard.push(chunk));
    socket.on('error', () => undefined);
    const closed = new Promise((done) => socket.on('close', done));
    socket.write(frame(message('P1', 'G1')));
    await closed;
    expect(Buffer.concat(heard).includes('MSH')).toBe(false);
  });

  test.each([
    ['that is idle', { idleMs: 50 }, ''],
    ['whose frame does not end', { frameMs: 50 }, '\x0bMSH'],
  ])('closes a connection %s', async (_what, more, bytes) => {
    const strict = await open(more);
    const { socket, closed, answers } = dial(ehr, strict);
    socket.write(bytes);
    await closed;
    expect(await answers(1)).toEqual([]);
    await strict.stop();
  });

  test('takes no more connections than it is set to, and closes them when it stops', async () => {
    const small = await open({ connections: 1 });
    const first = dial(ehr, small);
    first.socket.write(frame(message('Q1', 'H1')));
    await first.answers(1);
    const second = dial(ehr, small);
    await second.closed;
    await small.stop();
    await first.closed;
  });
});
