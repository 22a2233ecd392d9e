import { describe, expect, test } from '@jest/globals';
import { finds, refusalOf, ask } from '../asking.ts';

const catherine = {
  resourceType: 'Patient',
  name: [{ family: 'Schmidt-Ortiz', given: ['Catherine', 'Ann'] }],
};

describe('a search by how a name sounds', () => {
  test.each([
    ['phonetic=kathryn', true],
    ['phonetic=smith', true],
    ['phonetic=kathryn smyth', true],
    ['phonetic=ortees', true],
    ['phonetic=kathryn jones', false],
    ['phonetic=jones', false],
    ['phonetic=jones,smyth', true],
  ])('%s is %s of Catherine Schmidt-Ortiz', (asked, found) => {
    expect(finds(asked, catherine)).toBe(found);
  });

  test('has no modifiers', () => {
    expect(refusalOf(() => ask('Patient', 'phonetic:exact=smith'))).toBe('not-understood');
  });
});
