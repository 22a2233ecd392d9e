import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectTo } from '../../../src/cli/bench/connection.ts';
import { percentile, put } from '../../../src/cli/bench/load.ts';
import type { Shot } from '../../../src/cli/bench/shot.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  open.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const http = (answer: RequestListener): Promise<number> => listening(createHttp(answer));
const get: Shot = { method: 'GET', path: '/x', status: 200 };

describe('The load client reads an answer', () => {
  test('of a length that is told, with the body that was sent', async () => {
    const port = await http((request, response) => {
      request
        .setEncoding('utf8')
        .on('data', (text: string) => response.end(`${request.method ?? ''} ${request.url ?? ''} ${text}`));
    });
    const connection = connectTo(port);
    const answer = await connection.ask({ method: 'POST', path: '/a', body: '"ä"', status: 200 });
    expect(answer).toEqual({ status: 200, body: 'POST /a "ä"' });
    connection.close();
  });

  test('in chunks, and the next on the same connection', async () => {
    const ports: (number | undefined)[] = [];
    const port = await http((request, response) => {
      ports.push(request.socket.remotePort);
      response.write('first');
      setTimeout(() => response.end('second'), 5);
    });
    const connection = connectTo(port);
    expect((await connection.ask(get)).body).toContain('second');
    expect((await connection.ask(get)).status).toBe(200);
    expect(new Set(ports).size).toBe(1);
    connection.close();
  });

  test('without a body', async () => {
    const connection = connectTo(await http((_request, response) => response.writeHead(204).end()));
    expect((await connection.ask(get)).status).toBe(204);
    connection.close();
  });

  test('cut into pieces anywhere', async () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
    const port = await listening(
      createServer((socket) => {
        socket.setNoDelay(true).on('error', () => undefined);
        socket.once('data', () => {
          for (const [place, letter] of Array.from(text).entries())
            setTimeout(() => socket.write(letter), place * 2);
        });
      }),
    );
    const connection = connectTo(port);
    expect(await connection.ask(get)).toEqual({ status: 200, body: 'hello' });
    connection.close();
  });

  test('and rejects where the connection breaks', async () => {
    const connection = connectTo(await http((request) => request.socket.destroy()));
    await expect(connection.ask(get)).rejects.toThrow();
    await expect(connection.ask(get)).rejects.toThrow();
  });
});

describe('The load', () => {
  test('keeps as many requests open as it has connections, and ends when it has enough', async () => {
    let [now, most] = [0, 0];
    const held: (() => void)[] = [];
    const port = await http((_request, response) => {
      now += 1;
      most = Math.max(most, now);
      held.push(() => {
        now -= 1;
        response.end('{}');
      });
      // Nobody is answered before all four have asked.
      if (most === 4) for (const answer of held.splice(0)) answer();
    });
    const measured = await put({ port, connections: 4, seconds: 50, answers: 20 }, () => get);
    expect(most).toBe(4);
    expect(measured.failed).toEqual({});
    expect(measured.answers).toBeGreaterThanOrEqual(20);
    expect(measured.answers).toBeLessThan(24);
    expect(measured.p50).toBeGreaterThan(0);
    expect(measured.p99).toBeGreaterThanOrEqual(measured.p50);
  });

  test('counts answers of another status as failed, by status, and not as answers', async () => {
    let count = 0;
    const port = await http((_request, response) => {
      count += 1;
      response.statusCode = count % 2 === 0 ? 200 : 503;
      response.end();
    });
    const measured = await put({ port, connections: 1, seconds: 50, answers: 5 }, () => get);
    expect(measured.answers + (measured.failed['503'] ?? 0)).toBe(count);
    expect(measured.failed['503']).toBe(5);
  });

  test('counts broken connections and goes on with new ones', async () => {
    let count = 0;
    const port = await http((request, response) => {
      count += 1;
      if (count % 2 === 0) response.end();
      else request.socket.destroy();
    });
    const measured = await put({ port, connections: 1, seconds: 50, answers: 3 }, () => get);
    expect(measured.failed['0']).toBe(3);
    expect(measured.answers).toBe(3);
  });
});

test('a percentile is the time that so many answers took no longer than', () => {
  const times = Array.from({ length: 200 }, (_, n) => n + 1);
  expect(percentile(times, 0.5)).toBe(100);
  expect(percentile(times, 0.99)).toBe(198);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBe(0);
});
