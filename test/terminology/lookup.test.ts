import { describe, expect, test } from '@jest/globals';
import { terminology } from '../../src/terminology/load.ts';
import {
  codeIn,
  groupCodesOf,
  groupsOf,
  manufacturerOf,
  ndcDigits,
  productOf,
  productsOf,
  sharesGroup,
  statementFor,
  tradeNamesOf,
  vaccineOf,
  vaccinesOfCpt,
} from '../../src/terminology/lookup.ts';

const terms = terminology();

describe('A code is looked up', () => {
  test('by CVX: name, status and groups', () => {
    expect(vaccineOf(terms, '110')).toMatchObject({ short: 'DTaP-Hep B-IPV', status: 'Active' });
    expect(groupsOf(terms, '110')).toEqual(['DTAP', 'HepB', 'POLIO']);
  });

  test('and has no group where CDC gives none', () => {
    expect(groupsOf(terms, '998')).toEqual([]);
  });

  test('by MVX', () => {
    expect(manufacturerOf(terms, 'PMC')?.name).toBe('Sanofi Pasteur');
  });

  test.each(['49281-0400-58', '49281-400-58', '49281040058', '4928140058'])('by NDC written as %s', (ndc) => {
    expect(productOf(terms, ndc)).toMatchObject({ cvx: '115', mvx: ['PMC'], product: 'Adacel' });
  });

  test.each(['', 'abc', '49281-0400', '1234', '49281-04A0-58'])(
    'and is unknown where the NDC is %p',
    (ndc) => {
      expect(productOf(terms, ndc)).toBeUndefined();
    },
  );

  test('and ten digits of an NDC stand for three packages at most', () => {
    expect(ndcDigits('4928140058')).toEqual(['04928140058', '49281040058', '49281400508']);
  });

  test('by CPT, which may stand for several vaccines', () => {
    expect(vaccinesOfCpt(terms, '90715').map((vaccine) => vaccine.code)).toEqual(['115']);
    expect(vaccinesOfCpt(terms, '00000')).toEqual([]);
  });

  test('by value set', () => {
    expect(codeIn(terms, 'eligibility', 'V02')?.system).toBe('http://terminology.hl7.org/CodeSystem/v2-0064');
    expect(codeIn(terms, 'route', 'C28161')?.system).toContain('Thesaurus');
    expect(codeIn(terms, 'eligibility', 'V99')).toBeUndefined();
  });
});

describe('A vaccine', () => {
  test('is sold in packages that were on the market that day', () => {
    const sold = productsOf(terms, '133', '2015-06-01');
    expect(sold.length).toBeGreaterThan(0);
    expect(sold.every((product) => (product.start ?? '') <= '2015-06-01')).toBe(true);
    expect(productsOf(terms, '133', '1990-01-01')).toEqual([]);
    expect(productsOf(terms, '133').length).toBeGreaterThanOrEqual(sold.length);
  });

  test('is reported under the code of its group when its formulation is unknown', () => {
    expect(groupCodesOf(terms, '20')).toEqual(['107']);
  });

  test('shares a group with a combination that contains it', () => {
    expect(sharesGroup(terms, '10', '110')).toBe(true);
    expect(sharesGroup(terms, '10', '03')).toBe(false);
    expect(sharesGroup(terms, '998', '998')).toBe(true);
  });

  test('has the statement that was in force that day', () => {
    expect(statementFor(terms, '03', '2022-01-01')?.edition).toBe('2021-08-06');
    expect(statementFor(terms, '03', '1999-01-01')).toBeUndefined();
  });

  test('has trade names', () => {
    expect(tradeNamesOf(terms, '165')).toContain('Gardasil 9');
  });
});
