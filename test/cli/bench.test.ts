import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { bench } from '../../src/cli/bench.ts';

const refusalOf = async (...words: readonly string[]): Promise<string> => {
  const program = new Command('fhir-iis');
  bench(program);
  let said = '';
  program.commands[0]?.exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  await expect(program.parseAsync(['node', 'fhir-iis', 'bench', ...words])).rejects.toThrow();
  return said;
};

test('the benchmark names its scenarios where it is asked for one that it does not have', async () => {
  expect(await refusalOf('--scenario', 'upload')).toContain(
    'create, transaction, read, doses, people, mixed, v2-vxu, v2-qbp, start-time',
  );
});

test('the benchmark takes no counts below one', async () => {
  expect(await refusalOf('--seconds', '0')).toContain('at least 1');
  expect(await refusalOf('--connections', 'many')).toContain('whole number');
});
