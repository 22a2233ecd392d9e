#!/usr/bin/env node
// Runs the program on the Node that the project pins, whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (below) => fileURLToPath(new URL(below, import.meta.url));
const pinned = path('../node_modules/node/bin/node');
const node = existsSync(pinned) ? pinned : process.execPath;
const child = spawn(node, [path('../src/cli/fhir-iis.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
