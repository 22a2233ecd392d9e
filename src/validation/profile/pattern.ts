/** Whether a value is what a profile fixes, or has at least what its pattern has. https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_ */
import { isNode } from '../findings.ts';

/** Whether two values are the same to the last element. */
export function isSame(value: unknown, fixed: unknown): boolean {
  if (Array.isArray(value) && Array.isArray(fixed))
    return value.length === fixed.length && value.every((each, at) => isSame(each, fixed[at]));
  if (!isNode(value) || !isNode(fixed)) return value === fixed;
  const names = Object.keys(fixed);
  return (
    Object.keys(value).length === names.length && names.every((name) => isSame(value[name], fixed[name]))
  );
}

/** Whether the value has all that the pattern has; of a list, each of the pattern's somewhere. */
export function holdsPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) && pattern.every((part) => value.some((each: unknown) => holdsPattern(each, part)))
    );
  if (!isNode(pattern)) return value === pattern;
  return isNode(value) && Object.keys(pattern).every((name) => holdsPattern(value[name], pattern[name]));
}
