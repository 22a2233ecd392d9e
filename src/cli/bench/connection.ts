/**
 * One keep-alive HTTP/1.1 connection of the load client: it sends, waits for the answer, sends again. Written for
 * this because what the client burns is missing to the server on a small machine: measured on two cores against a
 * fixed Express route, autocannon 9 takes 50 µs of CPU a request and rounds times to whole milliseconds, node:http
 * 75 µs, this 25 µs.
 */
import { connect, type Socket } from 'node:net';
import type { Shot } from './shot.ts';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const FHIR_JSON = 'application/fhir+json';
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
/** An answer that takes longer is a failure. */
const PATIENCE_MS = 30_000;

interface Received {
  readonly status: number;
  readonly body: string;
}
export interface Connection {
  /** Sends one request and waits for its answer. Rejects where the connection breaks or the answer takes too long. */
  ask(shot: Shot): Promise<Received>;
  close(): void;
}

interface Head {
  readonly status: number;
  /** Where the body begins. */
  readonly from: number;
  /** Undefined where it comes in chunks. */
  readonly length: number | undefined;
}

function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const said = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const chunked = said === undefined && /\r\ntransfer-encoding: *chunked/i.test(head);
  return { status, from: end + END_OF_HEAD.length, length: chunked ? undefined : Number(said ?? 0) };
}

/** The answer, once all of it is there. Chunks stay as they came: only status and size are of interest. */
function answerIn(bytes: Buffer): Received | undefined {
  const head = headOf(bytes);
  if (head === undefined) return undefined;
  const end = head.length === undefined ? endOfChunks(bytes, head.from) : head.from + head.length;
  if (end === undefined || bytes.length < end) return undefined;
  return { status: head.status, body: bytes.toString('utf8', head.from, end) };
}

function endOfChunks(bytes: Buffer, from: number): number | undefined {
  const isEnd = bytes.length >= from + 5 && bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
  return isEnd ? bytes.length : undefined;
}

function requestText(shot: Shot, headers: string): string {
  const head = `${shot.method} ${shot.path} HTTP/1.1\r\n${headers}`;
  if (shot.body === undefined) return `${head}\r\n`;
  return `${head}Content-Type: ${shot.contentType ?? FHIR_JSON}\r\nContent-Length: ${Buffer.byteLength(shot.body)}\r\n\r\n${shot.body}`;
}

interface Waiting {
  readonly resolve: (received: Received) => void;
  readonly reject: (error: Error) => void;
}

function listen(socket: Socket, waiting: () => Waiting | undefined): void {
  let parts: Buffer | undefined;
  socket.on('data', (part) => {
    const bytes = parts === undefined ? part : Buffer.concat([parts, part]);
    const answer = answerIn(bytes);
    parts = answer === undefined ? bytes : undefined;
    if (answer !== undefined) waiting()?.resolve(answer);
  });
  socket.on('timeout', () => socket.destroy(new Error('no answer in time')));
  socket.on('close', () => waiting()?.reject(new Error('the connection was closed')));
  socket.on('error', (error) => waiting()?.reject(error));
}

/** Connects to a port of this machine; nothing else is ever measured. */
export function connectTo(port: number, authorization?: string): Connection {
  const host = '127.0.0.1';
  const proof = authorization === undefined ? '' : `Authorization: ${authorization}\r\n`;
  const headers = `Host: ${host}:${port}\r\nAccept: application/fhir+json\r\n${proof}`;
  const socket = connect(port, host).setNoDelay(true).setTimeout(PATIENCE_MS);
  let waiting: Waiting | undefined;
  listen(socket, () => waiting);
  return {
    ask: (shot) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (socket.destroyed) reject(new Error('the connection is closed'));
        else socket.write(requestText(shot, headers));
      }),
    close: () => socket.destroy(),
  };
}
