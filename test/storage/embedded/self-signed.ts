/** A server of downloads that vouches for itself: its certificate (X.509 version 1) is made here and signed by nobody else. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTC_TIME = 0x17;
/** ecdsa-with-SHA256 (RFC 5758 3.2). */
const ALGORITHM = Buffer.from('300a06082a8648ce3d040302', 'hex');
/** Common name localhost. */
const NAME = Buffer.from('301431123010060355040313096c6f63616c686f7374', 'hex');

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function certificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const validity = der(
    SEQUENCE,
    ...['200101000000Z', '491231235959Z'].map((time) => der(UTC_TIME, Buffer.from(time))),
  );
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' });
  const toSign = der(SEQUENCE, der(INTEGER, Buffer.from([1])), ALGORITHM, NAME, validity, NAME, subjectKey);
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', toSign, privateKey));
  const base64 = der(SEQUENCE, toSign, ALGORITHM, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

export async function selfSignedServer(): Promise<{ address: string; close: () => void }> {
  const server = createServer(certificate(), (_, response) => response.writeHead(200).end());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
