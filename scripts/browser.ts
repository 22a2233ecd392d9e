/**
 * The suites in a browser: `npm run test:browser`. They need Chromium, which is taken from CHROMIUM or where systems have
 * it, and otherwise installed by apt-get; where that cannot be done this fails, and no suite is left out in silence.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function chromium(): string {
  const { CHROMIUM } = process.env;
  if (CHROMIUM !== undefined) return CHROMIUM;
  const found = PLACES.find(existsSync);
  if (found !== undefined) return found;
  console.log('Installing chromium …');
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-yq', '--no-install-recommends', 'chromium'], options);
  return PLACES.find(existsSync) ?? '/usr/bin/chromium';
}

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--testMatch',
    '<rootDir>/test/browser/*.browser.ts',
    '--runInBand',
    '--testTimeout=180000',
  ],
  { stdio: 'inherit', env: { ...process.env, CHROMIUM: chromium() } },
);
process.exitCode = status ?? 1;
