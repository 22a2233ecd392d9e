import { expect, test } from '@jest/globals';
import { fold } from '../../src/search/fold.ts';

test.each([
  ['García  LÓPEZ', 'garcia lopez'],
  ["O'Brien", 'obrien'],
  ['O’Brien', 'obrien'],
  ['Smith-Jones', 'smith jones'],
  ['St. John', 'st john'],
  ['Søren Łukasz Weiß', 'soren lukasz weiss'],
  ['İstanbul', 'istanbul'],
  ['Nguyễn', 'nguyen'],
  ['Ａｎａ', 'ana'],
  ['Иванов', 'иванов'],
  ['李 小龍', '李 小龍'],
  ['-', ''],
  [`${'a'.repeat(127)} b`, 'a'.repeat(127)],
])('%s is searched as "%s"', (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test('folded text folds to itself', () => {
  for (const text of ['Ǆungla ß', 'ﬁne', 'ǅ', 'Å', '½']) expect(fold(fold(text))).toBe(fold(text));
});
