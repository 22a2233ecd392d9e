/** How far apart two spellings are: Jaro–Winkler likeness, and whether one edit (a swap of neighbours included) parts them. */

/** Letters of a name that are looked at: as many as an integer has bits to mark which are taken. */
const LETTERS_MAX = 30;
const PREFIX_MAX = 4;
const PREFIX_SHARE = 0.1;

/** Bits of the letters that each has in common with the other within reach, each letter taken once. */
function common(one: string, other: string): readonly [ofOne: number, ofOther: number] {
  const reach = Math.max(0, Math.floor(Math.max(one.length, other.length) / 2) - 1);
  let [ofOne, ofOther] = [0, 0];
  for (let i = 0; i < one.length; i += 1) {
    const end = Math.min(other.length - 1, i + reach);
    let j = Math.max(0, i - reach);
    while (j <= end && ((ofOther & (1 << j)) !== 0 || one.charCodeAt(i) !== other.charCodeAt(j))) j += 1;
    if (j > end) continue;
    ofOne |= 1 << i;
    ofOther |= 1 << j;
  }
  return [ofOne, ofOther];
}

const nextBit = (bits: number, from: number): number => {
  let at = from;
  while ((bits & (1 << at)) === 0) at += 1;
  return at;
};

function jaroWinkler(one: string, other: string): number {
  const [ofOne, ofOther] = common(one, other);
  if (ofOne === 0) return 0;
  let [matched, moved, j] = [0, 0, -1];
  for (let i = 0; i < one.length; i += 1) {
    if ((ofOne & (1 << i)) === 0) continue;
    j = nextBit(ofOther, j + 1);
    matched += 1;
    if (one.charCodeAt(i) !== other.charCodeAt(j)) moved += 0.5;
  }
  const jaro = (matched / one.length + matched / other.length + (matched - moved) / matched) / 3;
  let prefix = 0;
  while (prefix < PREFIX_MAX && prefix < one.length && one[prefix] === other[prefix]) prefix += 1;
  return jaro + prefix * PREFIX_SHARE * (1 - jaro);
}

/** Likeness from 0 to 1 (W. Winkler 1990), the same whichever comes first. */
export function likeness(one: string, other: string): number {
  if (one === other) return 1;
  const [a, b] = [one.slice(0, LETTERS_MAX), other.slice(0, LETTERS_MAX)];
  // Which letters are taken depends on who begins: the order is fixed, so that the measure is symmetric.
  return a < b ? jaroWinkler(a, b) : jaroWinkler(b, a);
}

/** Whether one edit at most (a letter lost, added, changed, or two neighbours swapped) makes one text the other. */
export function isOneEdit(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  const isSwap = short[at] === long[at + 1] && short[at + 1] === long[at];
  return isSwap && short.slice(at + 2) === long.slice(at + 2);
}
