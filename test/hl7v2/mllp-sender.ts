/** The other end of an MLLP line: a sender with a certificate, its frames, and what it is told. */
import { connect, type TLSSocket } from 'node:tls';
import { expect } from '@jest/globals';
import { generate } from 'selfsigned';
import { field, HISTORICAL, MSH, person, told, vxu } from './messages.ts';

export interface Pair {
  readonly key: string;
  readonly cert: string;
}

/** A key and its certificate; an authority's own where none signs it. */
export async function pair(name: string, ca?: Pair): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...{ keyType: 'ec', algorithm: 'sha256' },
    ...(ca
      ? { ca }
      : {
          extensions: [
            { name: 'basicConstraints', cA: true, critical: true },
            { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
          ],
        }),
  });
  return { key: made.private, cert: made.cert };
}

/** A sender's end of a connection: all that it is told, and when it is hung up on. */
export interface End {
  readonly socket: TLSSocket;
  readonly closed: Promise<void>;
  /** Waits for so many answers. */
  readonly answers: (count: number) => Promise<readonly (readonly string[])[]>;
}

/** Connects to a listener whose certificate is of an authority. */
export function connected(port: number, ca: Pair, as: Pair | undefined): End {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: ca.cert, ...as });
  const whole: string[] = [];
  let text = '';
  let heard = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    const parts = text.split('\x1c\r');
    text = parts.pop() ?? '';
    whole.push(...parts);
    heard();
  });
  // What went wrong shows in what was answered.
  socket.on('error', () => undefined);
  let isClosed = false;
  const closed = new Promise<void>((done) => {
    socket.on('close', () => {
      isClosed = true;
      heard();
      done();
    });
  });
  const answers: End['answers'] = async (count) => {
    while (whole.length < count && !isClosed)
      await new Promise<void>((done) => {
        heard = done;
      });
    return whole.map((each) => {
      expect(each.startsWith('\x0b')).toBe(true);
      return each.slice(1).split('\r').slice(0, -1);
    });
  };
  return { socket, closed, answers };
}

/** A message as it stands on the line. */
export const frame = (text: string): Buffer => Buffer.from(`\x0b${text}\x1c\r`);
/** The registry's own id of an organisation is a facility id of it. */
const OWN_MSH = MSH.replaceAll('RIVER', 'river');
/** Of a person and a dose of their own. */
export const message = (control: string, number: string): string =>
  vxu(
    HISTORICAL.map((line) => line.replace('D2^RIVER', `${number}^RIVER`)),
    { msh: field(OWN_MSH, 10, control), pid: person(number, `Line${number}`) },
  );
/** MSA-1 and MSA-2 of each answer. */
export const codes = (answers: readonly (readonly string[])[]): readonly (string | undefined)[] =>
  answers.map((answer) => told(answer)[0]);
