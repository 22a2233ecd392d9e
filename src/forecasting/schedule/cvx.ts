/** Spells a CVX code as the schedule does. */

/** A CVX code with two digits at least and no further zeros: `3`, `03` and `003` are one vaccine. */
export function cvxCode(code: string): string {
  return code
    .trim()
    .replace(/^0+(?=\d)/, '')
    .padStart(2, '0');
}
