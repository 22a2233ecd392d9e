#!/usr/bin/env node
// Runs the program on the Node that the project pins, whatever Node the machine has, within the memory it needs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 24;
/**
 * Unasked, Node lets young objects fill 128 MB and doubles or trebles the old ones before it collects, and every thread
 * of glibc keeps freed memory of its own. Together that is a third of what a server holds (docs/benchmark.md).
 */
const MEMORY = ['--max-semi-space-size=16', '--heap-growing-percent=100'];
const ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

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
const args = [...process.execArgv, ...MEMORY, program, ...process.argv.slice(2)];
const env = { ...ENVIRONMENT, ...process.env };

// Where this process can become the program, it does: no second one waits for it or hands on its signals.
if (process.execve !== undefined && process.platform !== 'win32') process.execve(node, [node, ...args], env);

const child = spawn(node, args, { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
