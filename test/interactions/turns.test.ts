import { describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { targetOf, turns } from '../../src/interactions/turns.ts';
import { ask, creates, updates } from '../world/asks.ts';
import { patient } from '../world/resources.ts';

/** Work that notes when it begins and ends. */
const noted =
  (log: string[], name: string, ms = 5) =>
  async (): Promise<string> => {
    log.push(`${name} begins`);
    await pause(ms);
    log.push(`${name} ends`);
    return name;
  };

describe('writers of one thing', () => {
  test('go one after the other, in the order in which they came', async () => {
    const log: string[] = [];
    const inTurn = turns();
    const target = { key: 'Patient/1', once: false };
    const names = await Promise.all(['a', 'b', 'c'].map((name) => inTurn(target, noted(log, name))));
    expect(names).toEqual(['a', 'b', 'c']);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  test('do not wait for writers of another, nor who writes what nobody else can', async () => {
    const log: string[] = [];
    const inTurn = turns();
    await Promise.all([
      inTurn({ key: 'Patient/1', once: false }, noted(log, 'a', 20)),
      inTurn({ key: 'Patient/2', once: false }, noted(log, 'b')),
      inTurn(undefined, noted(log, 'c')),
    ]);
    expect(log.slice(0, 3)).toEqual(['a begins', 'b begins', 'c begins']);
  });

  test('that need only be first wait for the first alone', async () => {
    const log: string[] = [];
    const inTurn = turns();
    const target = { key: 'Patient?x', once: true };
    await Promise.all(['a', 'b', 'c'].map((name) => inTurn(target, noted(log, name))));
    expect(log.slice(0, 4)).toEqual(['a begins', 'a ends', 'b begins', 'c begins']);
  });

  test('go on after one that failed, whose fault is its own', async () => {
    const inTurn = turns();
    const target = { key: 'Patient/1', once: false };
    const failing = inTurn(target, () => Promise.reject(new Error('The first fails.')));
    const next = inTurn(target, () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('The first fails.');
    expect(await next).toBe('done');
  });
});

describe('what is written', () => {
  test('is the resource of the id, or whatever a condition names', () => {
    expect(targetOf(updates(patient({ id: '1' })))).toEqual({ key: 'Patient/1', once: false });
    expect(targetOf(creates(patient()))).toBeUndefined();
    expect(targetOf(ask({ interaction: 'transaction' }))).toBeUndefined();
    const condition = [['identifier', 'x']] as const;
    const created = targetOf(creates(patient(), { conditions: { ifNoneExist: condition } }));
    const updated = targetOf(ask({ interaction: 'update', type: 'Patient', query: condition }));
    expect([created?.once, updated?.once]).toEqual([true, false]);
    expect(created?.key).toBe(updated?.key);
  });
});
