import { describe, expect, test } from '@jest/globals';
import { ask, finds, refusalOf } from '../asking.ts';

const UCUM = 'http://unitsofmeasure.org';
const titer = (valueQuantity: object) => ({ resourceType: 'Observation', valueQuantity });
const tenUnits = titer({ value: 10, unit: 'mIU/mL', system: UCUM, code: 'm[IU]/mL' });

describe('a quantity search (R4 search.html#quantity)', () => {
  test.each([
    ['10', true],
    ['10.0', true],
    ['10.1', false],
    ['ge10', true],
    ['gt10', false],
    ['lt10.5', true],
    [`10|${UCUM}|m[IU]/mL`, true],
    [`10|${UCUM}|mg`, false],
    ['10||m[IU]/mL', true],
    ['10||mIU/mL', true],
    ['10||mg', false],
    [`gt9|${UCUM}|m[IU]/mL,lt1`, true],
    ['10|http://other|m[IU]/mL', false],
  ])('value-quantity=%s of ten milli-units is %s', (asked, found) => {
    expect(finds(`value-quantity=${asked}`, tenUnits)).toBe(found);
  });

  test.each([
    ['<', 'gt5', true],
    ['<', 'gt10', false],
    ['<', 'lt5', true],
    ['<', '10', false],
    ['>=', 'gt100', true],
    ['>=', 'lt5', false],
  ])('a quantity %s 10 is found by %s: %s', (comparator, asked, found) => {
    expect(finds(`value-quantity=${asked}`, titer({ value: 10, comparator }))).toBe(found);
  });

  test('the unit is asked of the same quantity', () => {
    const two = {
      resourceType: 'Observation',
      component: [{ valueQuantity: { value: 1, unit: 'a' } }, { valueQuantity: { value: 2, unit: 'b' } }],
    };
    expect(finds('component-value-quantity=1||a', two)).toBe(true);
    expect(finds('component-value-quantity=2||a', two)).toBe(false);
    expect(finds('combo-value-quantity=2||b', two)).toBe(true);
  });

  test.each([
    ['30', false],
    ['ge30', true],
    ['ge34', true],
    ['sa29', true],
    ['gt40', false],
  ])('an age from 30 to 35 is found by onset-age=%s: %s', (asked, found) => {
    const range = { low: { value: 30, unit: 'a' }, high: { value: 35, unit: 'a' } };
    expect(finds(`onset-age=${asked}`, { resourceType: 'Condition', onsetRange: range })).toBe(found);
  });

  test('sampled data reach from the least to the greatest', () => {
    const valueSampledData = {
      origin: { value: 10, unit: 'x' },
      period: 1,
      dimensions: 1,
      factor: 2,
      data: '1 E 4 U',
    };
    const resource = { resourceType: 'Observation', valueSampledData };
    expect(finds('value-quantity=gt17||x', resource)).toBe(true);
    expect(finds('value-quantity=gt18||x', resource)).toBe(false);
    expect(finds('value-quantity=lt13', resource)).toBe(true);
  });

  test.each(['ten', '10|mg', '10|a|b|c', '||mg'])('%s cannot be understood', (value) => {
    expect(refusalOf(() => ask('Observation', `value-quantity=${value}`))).toBe('invalid-value');
  });
});
