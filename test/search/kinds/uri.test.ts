import { expect, test } from '@jest/globals';
import { finds } from '../asking.ts';

const dose = {
  resourceType: 'Immunization',
  meta: { profile: ['http://example.org/P|1'], source: 'urn:clinic#1' },
};

test.each([
  ['_profile=http://example.org/P|1', true],
  ['_profile=http://example.org/p|1', false],
  ['_profile=http://example.org/P', false],
  ['_source=urn:clinic#1', true],
])('a uri is found whole and by case: %s is %s (R4 search.html#uri)', (asked, found) => {
  expect(finds(asked, dose)).toBe(found);
});
