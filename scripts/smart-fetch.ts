/**
 * `smart-fetch` (PyPI), a program that fetches records for research, against this server: `npm run test:smart-fetch`. It is
 * installed beside the build, which needs python3 and pip; where that cannot be done this fails.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '1.0.3';
const VENV = join(import.meta.dirname, '..', 'build', 'smart-fetch');
const PROGRAM = join(VENV, 'bin', 'smart-fetch');

if (!existsSync(PROGRAM)) {
  execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  const pip = join(VENV, 'bin', 'pip');
  execFileSync(pip, ['install', '--quiet', `smart-fetch==${VERSION}`], { stdio: 'inherit' });
}

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--testMatch',
    '<rootDir>/test/outside/smart-fetch.outside.ts',
  ],
  { stdio: 'inherit', env: { ...process.env, SMART_FETCH: PROGRAM } },
);
process.exitCode = status ?? 1;
