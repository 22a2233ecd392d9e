import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { Command } from 'commander';
import { hl7v2 } from '../../src/cli/hl7v2.ts';

const ACK = (id: string, code: string): string =>
  `MSH|^~\\&|OTHER|OTHERIIS|EHR|RIVER|20261122110000-0500||ACK^V04^ACK|R${id}|P|2.5.1\nMSA|${code}|M${id}\n`;

test('answers of another system are told as one Bundle a line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'answers-'));
  const file = join(folder, 'answers.hl7');
  writeFileSync(file, `FHS|^~\\&\n${ACK('1', 'AA')}${ACK('2', 'AE')}ERR||PID^1^5|101|E\nFTS|1\n`);
  let said = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const program = new Command('fhir-iis');
  hl7v2(program);
  try {
    await program.parseAsync(['node', 'fhir-iis', 'hl7v2', 'read', file]);
  } finally {
    write.mockRestore();
    rmSync(folder, { recursive: true });
  }
  const bundles = said
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Bundle);
  expect(bundles.map(({ identifier }) => identifier?.value)).toEqual(['M1', 'M2']);
  expect(bundles[1]?.entry?.[0]?.resource).toMatchObject({
    issue: [{ severity: 'error' }, { severity: 'error', code: 'required', expression: ['PID^1^5'] }],
  });
});
