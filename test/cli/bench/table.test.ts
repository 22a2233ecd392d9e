import { describe, expect, test } from '@jest/globals';
import type { Row } from '../../../src/cli/bench/measure.ts';
import { tableOf } from '../../../src/cli/bench/table.ts';

const MB = 1024 * 1024;
const row = (scenario: string, parts: Partial<Row>): Row => ({
  scenario,
  seconds: 2,
  answers: 1000,
  failed: {},
  p50: 1.234,
  p99: 9.876,
  used: { server: { cpuSeconds: 1, rssBytes: 200 * MB }, mongod: { cpuSeconds: 0.6, rssBytes: 0 } },
  clientCpuSeconds: 0.5,
  ...parts,
});

describe('The table of the benchmark', () => {
  const floor = row('floor-find', { answers: 4000 });

  test('says throughput, times, memory, processor time and what a second of it answers', () => {
    expect(tableOf([row('read', {})])).toMatch(
      /read Immunization +500 +1\.23 +9\.88 +0 +200 +1\.00 +0\.60 +625$/m,
    );
  });

  test('compares with the floor of the same run', () => {
    expect(tableOf([floor, row('read', {})])).toMatch(/read Immunization .* 25 %$/m);
    expect(tableOf([floor, row('transaction', {})])).not.toContain('%');
  });

  test('never hides failed answers', () => {
    expect(tableOf([row('read', { failed: { 0: 2, 503: 7 } })])).toContain('2×broken 7×503');
  });
});
