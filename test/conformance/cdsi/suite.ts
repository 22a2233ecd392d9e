import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest, ROOT, type Suite } from '../suite.ts';

interface Known {
  readonly id: string;
  readonly fields: readonly string[];
  readonly reason: string;
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(join(ROOT, 'test/forecasting/cases', file), 'utf8'));

export function cdsi(): Suite {
  const [healthy, condition] = ['healthy.json', 'condition.json'].map((file) => read(file) as Known[]);
  const known = read('known-differences.json') as Known[];
  const differing = (cases: readonly Known[] = []): number =>
    cases.filter(({ id }) => known.some((each) => each.id === id)).length;
  const share = (cases: readonly Known[] = []): string =>
    `${cases.length - differing(cases)} of ${cases.length}`;
  return {
    title: 'CDSi test cases',
    against:
      'CDC’s cases for the CDSi logic, healthy 4.45 and underlying conditions 4.6, every field of each',
    command: jest('test/forecasting/cdsi-cases.test.ts'),
    passes: `${share(healthy)} healthy cases and ${share(condition)} cases of underlying conditions agree in every field`,
    deviations: known.map(({ id, fields, reason }) => ({
      of: id,
      decision: `Differs in ${fields.join(', ')}.`,
      reason,
    })),
  };
}
