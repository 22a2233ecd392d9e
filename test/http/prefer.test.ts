import { expect, test } from '@jest/globals';
import { preferOf } from '../../src/http/prefer.ts';

test.each([
  [undefined, {}],
  ['', {}],
  ['return=minimal', { return: 'minimal' }],
  ['return=representation', { return: 'representation' }],
  ['return=OperationOutcome', { return: 'OperationOutcome' }],
  ['return=operationoutcome', { return: 'OperationOutcome' }],
  ['return="minimal"', { return: 'minimal' }],
  ['Return=minimal', { return: 'minimal' }],
  ['handling=lenient', { handling: 'lenient' }],
  ['return=minimal; handling=strict', { return: 'minimal', handling: 'strict' }],
  ['return=minimal, handling=lenient, respond-async', { return: 'minimal', handling: 'lenient' }],
  ['return=everything, handling=loose', {}],
  ['constructor=x; __proto__=y', {}],
])('Prefer: %s', (header, expected) => {
  expect(preferOf(header)).toEqual(expected);
});
