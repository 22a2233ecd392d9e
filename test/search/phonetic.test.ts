import { expect, test } from '@jest/globals';
import { soundsOfWord } from '../../src/search/phonetic.ts';

const alike = (a: string, b: string): boolean =>
  soundsOfWord(a).some((sound) => soundsOfWord(b).includes(sound));

test.each([
  ['smith', 'smyth'],
  ['smith', 'schmidt'],
  ['catherine', 'kathryn'],
  ['jon', 'john'],
  ['stephen', 'steven'],
  ['philip', 'filip'],
  ['wright', 'right'],
  ['knight', 'night'],
  ['thompson', 'tomson'],
  ['gonzalez', 'gonsales'],
  ['schultz', 'shults'],
  ['michael', 'mikel'],
  ['geoffrey', 'jeffrey'],
  ['xavier', 'savier'],
  ['mcdonald', 'mackdonald'],
  ['vasquez', 'vasques'],
  ['lewandowski', 'lewandofski'],
])('%s and %s are said alike, or could be', (a, b) => {
  expect([a, b, alike(a, b)]).toEqual([a, b, true]);
});

test.each([
  ['smith', 'jones'],
  ['maria', 'mark'],
  ['garcia', 'gomez'],
  ['nguyen', 'tran'],
  ['anna', 'emma'],
])('%s and %s are not', (a, b) => {
  expect(alike(a, b)).toBe(false);
});

test('what is not of the Latin alphabet sounds as it is written', () => {
  expect(soundsOfWord('иванов')).toEqual(['иванов']);
  expect(soundsOfWord('')).toEqual([]);
});

test('a name of vowels alone sounds like one', () => {
  expect(soundsOfWord('aoi')).toEqual(['A']);
});
