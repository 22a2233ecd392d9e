/**
 * MLLP over TLS: messages of a connection are answered one after the other, in their order. What is no frame ends the
 * connection, because nobody can say where the next message would begin.
 */
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Actor } from '../../core/context.ts';
import { Failure } from '../../core/failure.ts';
import { receive, refuse, type V2Door } from '../receive.ts';
import type { Caller } from '../senders.ts';
import { framed, framesOf, type Fault, type Frame, type Frames } from './mllp-frames.ts';
import { patienceOf, type Patience } from './patience.ts';

export interface MllpDoor extends V2Door {
  /**
   * Who asks, by the common name of the certificate, where one is asked for; asked for each message.
   * @throws Failure where it may not come in
   */
  readonly actorOf: (client: string | undefined, from: Asked) => Promise<Actor>;
  /** Counts a connection that proved nothing, in TLS already. */
  readonly unproven?: () => void;
}

/** Where a message comes from, and what it is called in logs and records. */
export interface Asked {
  readonly requestId: string;
  readonly from?: string;
}

export interface MllpSettings {
  readonly port: number;
  readonly host: string;
  /** PEM; without `ca` no certificate is asked for. */
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly connections: number;
  readonly frameBytes: number;
  /** Milliseconds between messages, and from the first byte of a frame to its last. */
  readonly idleMs: number;
  readonly frameMs: number;
}

export interface Mllp {
  readonly port: number;
  /** Messages under way are answered. */
  readonly stop: () => Promise<void>;
}

interface Line {
  readonly socket: TLSSocket;
  /** Whether a message is being answered. */
  isBusy: boolean;
}

const HANDSHAKE_MS = 10_000;
/** For the other side to read why it is hung up on. */
const LINGER_MS = 2000;
const STOP_MS = 10_000;

/** Opens the listener. @throws Error where the port is taken or the certificate is none */
export async function listenMllp(door: MllpDoor, settings: MllpSettings): Promise<Mllp> {
  const { cert, key, ca, connections, host, port } = settings;
  const lines = new Set<Line>();
  let isStopping = false;
  const server = createServer({
    ...{ cert, key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS, allowHalfOpen: true },
    ...(ca && { ca, requestCert: true, rejectUnauthorized: true }),
  });
  server.maxConnections = connections;
  server.on('secureConnection', (socket) => {
    const line: Line = { socket, isBusy: false };
    lines.add(line);
    socket.on('close', () => lines.delete(line));
    converse(door, settings, line, () => isStopping).catch((error: unknown) => {
      socket.destroy();
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      door.rooms.log.info({ code }, 'An MLLP connection broke off');
    });
  });
  server.on('tlsClientError', () => door.unproven?.());
  await opened(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      isStopping = true;
      return closed(server, lines);
    },
  };
}

const opened = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, done);
  });

async function closed(server: Server, lines: ReadonlySet<Line>): Promise<void> {
  const end = new Promise<void>((done) => {
    server.close(() => {
      done();
    });
  });
  for (const { socket, isBusy } of lines) if (!isBusy) socket.destroy();
  const cut = setTimeout(() => {
    for (const { socket } of lines) socket.destroy();
  }, STOP_MS);
  await end;
  clearTimeout(cut);
}

/** Answers what comes on one connection, until it ends. */
async function converse(
  door: MllpDoor,
  settings: MllpSettings,
  line: Line,
  isStopping: () => boolean,
): Promise<void> {
  const { socket } = line;
  const client = settings.ca && commonNameOf(socket);
  const frames = framesOf(settings.frameBytes);
  const patience = patienceOf(settings, () => socket.destroy());
  socket.on('close', patience.stop);
  patience.await('idle');
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    for (const frame of frames.take(chunk as Buffer)) {
      line.isBusy = true;
      patience.stop();
      const answer = await answerTo(door, { socket, client }, frame);
      if (frame.fault !== undefined || isStopping()) {
        hangUp(socket, answer);
        return;
      }
      await say(socket, answer, patience);
      line.isBusy = false;
    }
    patience.await(frames.unfinished() === undefined ? 'idle' : 'frame');
  }
  patience.stop();
  hangUp(socket, await lastWord(door, { socket, client }, frames));
}

/** The one name of the certificate's subject. */
function commonNameOf(socket: TLSSocket): string {
  const { subject } = socket.getPeerCertificate();
  const name: unknown = subject.CN;
  return typeof name === 'string' ? name : '';
}

interface Peer {
  readonly socket: TLSSocket;
  readonly client: string | undefined;
}

const FAULTS: Readonly<Record<Fault, () => Failure>> = {
  truncated: () =>
    new Failure({
      kind: 'malformed',
      message: 'The frame broke off before its end (0x1C 0x0D); send it again.',
    }),
  'too-large': () =>
    new Failure({
      kind: 'too-large',
      message: 'The message is larger than this server takes; send it in parts.',
    }),
  outside: () => new Failure({ kind: 'malformed', message: 'A message begins with 0x0B.' }),
};

/** Nothing where a broken frame has no MSH that could be answered. */
async function answerTo(
  door: MllpDoor,
  { socket, client }: Peer,
  { bytes, fault }: Frame,
): Promise<string | undefined> {
  const requestId = door.rooms.newId();
  if (fault !== undefined) return refuse(door, requestId, firstLine(bytes), FAULTS[fault]());
  const { remoteAddress: from } = socket;
  const asked: Asked = { requestId, ...(from !== undefined && { from }) };
  try {
    const caller: Caller = { actor: await door.actorOf(client, asked), ...asked };
    return await receive(door, caller, bytes);
  } catch (error) {
    return refuse(door, requestId, firstLine(bytes), error);
  }
}

/** A frame that had begun when the other side had nothing more to say. */
const lastWord = async (door: MllpDoor, peer: Peer, frames: Frames): Promise<string | undefined> => {
  const bytes = frames.unfinished();
  return bytes === undefined ? undefined : answerTo(door, peer, { bytes, fault: 'truncated' });
};

/** MSH, as far as it goes. */
function firstLine(bytes: Buffer): Buffer {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** Waits until it is on its way: who sends and does not read is not read from either. */
async function say(socket: TLSSocket, answer: string | undefined, patience: Patience): Promise<void> {
  if (answer === undefined) return;
  patience.await('idle');
  await new Promise<void>((done, failed) => {
    socket.write(framed(answer), (error) => {
      if (error) failed(error);
      else done();
    });
  });
  patience.stop();
}

function hangUp(socket: TLSSocket, answer: string | undefined): void {
  if (answer === undefined) socket.end();
  else socket.end(framed(answer));
  // What still arrives is thrown away: unread, it would take the answer with it.
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.on('close', () => {
    clearTimeout(cut);
  });
}
