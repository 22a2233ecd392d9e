/** Where a search value is cut: at commas, bars and dollars that are not escaped (https://hl7.org/fhir/R4/search.html#escaping). */

/** The parts between separators, their escapes still in place. */
export function cutAt(separator: ',' | '|' | '$', value: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === separator) {
      parts.push(value.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, value.slice(start)];
}

/** The text meant: `\,` `\|` `\$` `\\` without their backslash; any other backslash is itself. */
export function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\([,|$\\])/g, '$1') : value;
}
