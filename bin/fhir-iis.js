#!/usr/bin/env node
// Runs the program on the Node that the project pins, whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;

/** The pinned Node is a dependency: beside this package, or below it. */
function pinnedNode() {
  try {
    const found = createRequire(import.meta.url).resolve('node/package.json');
    const program = join(dirname(found), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

const node = pinnedNode() ?? process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(
    `fhir-iis runs on Node ${OLDEST}. npm brings it as the package "node", whose install script was not run: ` +
      'allow it (npm rebuild node), or use a newer Node.',
  );
  process.exit(1);
}

// A checkout has the sources; what npm packed has them with their types blanked out (scripts/package.ts).
const path = (below) => fileURLToPath(new URL(below, import.meta.url));
const source = path('../src/cli/fhir-iis.ts');
const program = existsSync(source) ? source : path('../dist/cli/fhir-iis.js');
const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
