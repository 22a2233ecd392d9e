/** A SMART app to launch: two pages and the library `fhirclient`. `npm run sample-app`; PORT sets another port than 8000. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const FILES: Readonly<Record<string, readonly [type: string, path: string]>> = {
  '/': ['text/html', join(HERE, 'sample-app', 'index.html')],
  '/index.html': ['text/html', join(HERE, 'sample-app', 'index.html')],
  '/launch.html': ['text/html', join(HERE, 'sample-app', 'launch.html')],
  '/fhir-client.js': [
    'text/javascript',
    join(HERE, '..', 'node_modules', 'fhirclient', 'build', 'fhir-client.min.js'),
  ],
};

/** Serves the app on this machine. */
export async function serveSampleApp(
  port: number,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const [type, path] = FILES[new URL(request.url ?? '/', 'http://app').pathname] ?? [];
    if (path === undefined) {
      response.writeHead(404).end();
      return;
    }
    readFile(path).then(
      (text) => response.writeHead(200, { 'content-type': `${type ?? ''}; charset=utf-8` }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

if (import.meta.main) {
  const { url } = await serveSampleApp(Number(process.env['PORT'] ?? '8000'));
  console.log(
    `The sample app is at ${url}; open it from http://localhost:3000/oauth/simulator, or by itself.`,
  );
}
