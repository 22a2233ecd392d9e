/**
 * The suite of the Python client fhirpy, against a server of its own. Needs Python 3 and a package index; what it
 * installs is put under build/clients. `npm run test:clients:python`
 */
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxOf } from './validator/server.ts';

const ROOT = join(import.meta.dirname, '..');
const SUITE = join(ROOT, 'test/conformance/clients/fhirpy');
const VENV = join(ROOT, 'build/clients/venv');
const PYTHON = join(VENV, 'bin/python');

function prepare(): void {
  mkdirSync(join(ROOT, 'build/clients'), { recursive: true });
  if (!existsSync(PYTHON)) execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  const packages = ['-r', join(SUITE, 'requirements.txt')];
  execFileSync(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
    stdio: 'inherit',
  });
}

prepare();
const server = await sandboxOf(0);
try {
  const suite = spawn(PYTHON, [join(SUITE, 'test_fhirpy.py')], {
    env: { ...process.env, FHIR_BASE: server.url },
    stdio: 'inherit',
  });
  const [code] = (await once(suite, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
}
