/** What npm packs, used as a developer uses it who has no server: as a library with its types, and as a command. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const project = mkdtempSync(join(tmpdir(), 'fhir-iis-package-'));
const installed = join(project, 'node_modules', 'fhir-iis');
const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args, { cwd: project });

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: root });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components', '1']);
  // The dependencies that npm would fetch are the project's own.
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

const CHILD = {
  patient: { birthDate: '2024-03-01', gender: 'female' },
  doses: [{ id: 'mmr', date: '2025-02-20', cvx: '03' }],
  assessmentDate: '2025-04-01',
};

describe('an installed package', () => {
  test('forecasts and explains as a library', async () => {
    writeFileSync(
      join(project, 'child.js'),
      `import { forecast } from 'fhir-iis/forecasting';
       import { explain } from 'fhir-iis/forecasting/explain';
       import { loadSchedule } from 'fhir-iis/forecasting/schedule';
       const request = ${JSON.stringify(CHILD)};
       const { evaluations } = forecast(loadSchedule(), request);
       const { lines } = explain(loadSchedule(), request, { vaccineGroup: 'MMR' });
       console.log(JSON.stringify([evaluations[0].status, lines[0]]));`,
    );
    const { stdout } = await node('child.js');
    expect(JSON.parse(stdout)).toEqual(['Not Valid', 'Measles 2-dose series:']);
  });

  test('has types that hold under the strictest reading, without those of Node', async () => {
    writeFileSync(
      join(project, 'child.ts'),
      `import { forecast } from 'fhir-iis/forecasting';
       import { explain } from 'fhir-iis/forecasting/explain';
       import type { ForecastRequest } from 'fhir-iis/forecasting/patient';
       import type { ForecastResult } from 'fhir-iis/forecasting/result';
       import { loadSchedule } from 'fhir-iis/forecasting/schedule';
       const request: ForecastRequest = ${JSON.stringify(CHILD)};
       const result: ForecastResult = forecast(loadSchedule(), request);
       export const lines: readonly string[] = explain(loadSchedule(), request).lines;
       // @ts-expect-error a release is named by a text
       export const version: number = result.scheduleVersion;`,
    );
    const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', types: [] };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['child.ts'] }));
    const { stdout } = await node(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.').catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  });

  test('has the command, which tells what is due', async () => {
    writeFileSync(join(project, 'child.json'), JSON.stringify(CHILD));
    const { stdout } = await node(join(installed, 'bin', 'fhir-iis.js'), 'forecast', 'child.json');
    expect(stdout).toMatch(/^MMR \(Standard\) +dose 1: earliest 2025-03-20/m);
  });
});
