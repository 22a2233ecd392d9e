/**
 * Runs every suite that docs/conformance.md tells of, those that need Java and Python too, and writes the page:
 * `npm run conformance`. Fails where a suite does.
 */
import { spawnSync } from 'node:child_process';
import { SUITES } from '../test/conformance/suites.ts';

const commands = new Set(
  SUITES.flatMap((suite) =>
    suite()
      .command.replace(/ \(.*\)$/, '')
      .split('; '),
  ),
);

let failed = 0;
for (const command of [...commands, 'npm run docs']) {
  console.log(`\n== ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
console.log(`${commands.size + 1 - failed} of ${commands.size + 1} commands passed`);
process.exitCode = failed === 0 ? 0 : 1;
