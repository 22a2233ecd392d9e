import { describe, expect, test } from '@jest/globals';
import { terminology } from '../../src/terminology/load.ts';

const terms = terminology();

describe('The code tables', () => {
  test('say of themselves where they come from, how new they are and under what licence', () => {
    for (const about of Object.values(terms.about)) {
      expect(about.origin).not.toBe('');
      expect(about.licence).not.toBe('');
      expect(about.version).toMatch(/^(\d{4}-\d\d-\d\d|undated)$/);
      expect(about.release).not.toBe('');
    }
  });

  test('are read once', () => {
    expect(terminology()).toBe(terms);
  });

  test('keep CVX codes as text with their leading zeros', () => {
    expect(terms.vaccines.get('03')?.short).toBe('MMR');
    expect(terms.vaccines.has('3')).toBe(false);
  });

  test('name only vaccines that the CVX table has', () => {
    const used = [
      ...[...terms.products.values()].map((product) => product.cvx),
      ...[...terms.groups.values()].flatMap((group) => [group.cvx, ...group.members]),
      ...[...terms.cpt.values()].flat(),
      ...terms.tradeNames.map((name) => name.cvx),
      ...terms.statements.keys(),
    ];
    expect(used.filter((cvx) => !terms.vaccines.has(cvx))).toEqual([]);
  });

  test('name only manufacturers that the MVX table has', () => {
    const used = [...terms.products.values()].flatMap((product) => product.mvx);
    expect(used.filter((mvx) => !terms.manufacturers.has(mvx))).toEqual([]);
  });

  test('write every NDC in the form 5-4-2', () => {
    const odd = [...terms.products.values()].filter((product) => !/^\d{5}-\d{4}-\d\d$/.test(product.ndc));
    expect(odd).toEqual([]);
  });

  test('accept 998 and 999, which say that no vaccine or an unknown one was given', () => {
    expect(terms.vaccines.get('998')?.status).toBe('Inactive');
    expect(terms.vaccines.get('999')?.status).toBe('Inactive');
  });

  test('have every value set that doses and people are written with', () => {
    expect([...terms.sets.keys()]).toEqual(
      expect.arrayContaining([
        'body-site',
        'route',
        'funding-source',
        'eligibility',
        'refusal-reason',
        'race',
        'ethnicity',
      ]),
    );
    expect(
      ['V01', 'V02', 'V03', 'V04', 'V05', 'V06', 'V07', 'V08'].every((v) =>
        terms.sets.get('eligibility')?.has(v),
      ),
    ).toBe(true);
  });
});
