import { spawn } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { readStat, readTime, usageOf } from '../../../src/cli/bench/usage.ts';

describe('What processes use is read as the system writes it', () => {
  test('a line of /proc, whatever the process is called', () => {
    const numbers = Array.from({ length: 50 }, (_, n) => n + 3).map(String);
    const line = `4711 (a (strange) name) S 17 ${numbers.slice(2).join(' ')}`;
    const read = readStat(line);
    expect(read).toMatchObject({ pid: 4711, name: 'a (strange) name', parent: 17 });
    // Fields 14, 15 and 24 of proc_pid_stat(5); the numbers count fields from 3.
    expect(read.cpuSeconds).toBeCloseTo((14 + 15) / 100);
    expect(read.rssBytes).toBe(24 * 4096);
  });

  test('a time of ps', () => {
    expect(readTime('0:01.50')).toBeCloseTo(1.5);
    expect(readTime('01:02:03')).toBe(3723);
    expect(readTime('2-00:00:01')).toBe(172_801);
  });

  test('processes below count with their parent', async () => {
    const alone = await usageOf(process.pid);
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 10000)']);
    try {
      await new Promise((resolve) => child.once('spawn', resolve));
      const both = await usageOf(process.pid);
      expect(alone.server.rssBytes).toBeGreaterThan(10_000_000);
      expect(both.server.cpuSeconds).toBeGreaterThanOrEqual(alone.server.cpuSeconds);
      expect((await usageOf(child.pid ?? 0)).server.rssBytes).toBeGreaterThan(0);
      expect(both.mongod).toEqual({ cpuSeconds: 0, rssBytes: 0 });
    } finally {
      child.kill();
    }
  });
});
