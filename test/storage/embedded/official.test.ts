import { afterEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { official } from '../../../src/storage/embedded/sources/official.ts';
import type { Need } from '../../../src/storage/embedded/sources/source.ts';
import { emptyDirectory } from './place.ts';
import { pretence } from './pretender.ts';
import { selfSignedServer } from './self-signed.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The address of a server of downloads on this machine. */
async function mirror(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function need(more: Partial<Need> = {}): Promise<Need> {
  return { cacheDir: await emptyDirectory(), say: () => undefined, ...more };
}

/** An archive as the makers offer it, with a program of more than a megabyte in it. */
function tarball(version: string): Buffer {
  const content = Buffer.from(`${pretence(version)}exit 0\n#${' '.repeat(2_000_000)}`);
  const header = Buffer.alloc(512);
  header.write('mongodb/bin/mongod', 0);
  header.write('0000755\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  // Not compressed, so that the archive is large enough for its progress to be told.
  return gzipSync(Buffer.concat([header, content, padding, Buffer.alloc(1024)]), { level: 0 });
}

function offering(archive: Buffer, md5: string): RequestListener {
  return (request, response) => {
    const body = request.url?.endsWith('.md5') === true ? Buffer.from(`${md5}  archive.tgz\n`) : archive;
    response.setHeader('content-length', body.length);
    response.end(body);
  };
}

const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

describe('the download from the makers', () => {
  test('is fetched, checked, unpacked and kept, and its progress is told', async () => {
    const said: string[] = [];
    const archive = tarball('7.0.40');
    const asked = await need({ say: (text) => said.push(text) });
    const found = await official({ mirror: await mirror(offering(archive, md5Of(archive))) }).seek(asked);
    expect(found).toMatchObject({ version: '7.0.40' });
    expect(await readdir(asked.cacheDir)).toEqual([
      expect.stringMatching(/^mongod-7\.0\.40-[0-9a-f]{64}$/) as unknown,
    ]);
    expect(said.at(-1)).toBe('Downloading MongoDB 7.0.40: 2 of 2 MB');
  });

  test('is of the version that wrote the data', async () => {
    const paths: string[] = [];
    const asked = await mirror((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(403).end();
    });
    const found = await official({ mirror: asked }).seek(await need({ dataVersion: '7.0.12' }));
    expect(found).toEqual({ missing: expect.stringContaining('403') as unknown });
    expect(paths).toEqual([expect.stringContaining('7.0.12')]);
  });

  test('is refused where the checksum published beside it is another', async () => {
    const asked = await need();
    const found = await official({
      mirror: await mirror(offering(tarball('7.0.40'), md5Of(Buffer.from('x')))),
    }).seek(asked);
    expect(found).toEqual({ missing: expect.stringMatching(/md5/i) as unknown });
    expect(await readdir(asked.cacheDir)).toEqual([]);
  });

  test('is given up where nobody listens, without waiting for an answer', async () => {
    const found = await official({ mirror: 'http://127.0.0.1:9', patienceMs: [600_000, 600_000] }).seek(
      await need(),
    );
    expect(found).toEqual({ missing: expect.stringContaining('ECONNREFUSED') as unknown });
  });

  test('is given up where nothing comes, at the start or on the way', async () => {
    const silent = await mirror(() => undefined);
    const none = await official({ mirror: silent, patienceMs: [1_500, 500] }).seek(await need());
    expect(none).toEqual({ missing: 'nothing came for 1.5 s' });
    const stalling = await mirror((_, response) => {
      response.writeHead(200, { 'content-length': 10_000_000 }).write(Buffer.alloc(1_000_000));
    });
    const half = await official({ mirror: stalling, patienceMs: [50_000, 500] }).seek(await need());
    expect(half).toEqual({ missing: 'nothing came for 0.5 s' });
  });

  test('is not taken from a server that cannot prove who it is', async () => {
    const { address, close } = await selfSignedServer();
    const found = await official({ mirror: address })
      .seek(await need())
      .finally(close);
    expect(found).toEqual({ missing: expect.stringMatching(/self-signed|certificate/i) as unknown });
  });
});
