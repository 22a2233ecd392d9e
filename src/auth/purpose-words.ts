/**
 * How a purpose of use is spelled, and that it is one: codes alone, codes with their system (`urn:oid:…#TREAT`,
 * `http://…|TREAT`), the array of UDAP's hl7-b2b extension, the codings of IHE's IUA claim. Who may have which purpose is
 * decided elsewhere.
 */
import { systemOfPurpose } from '../policy/purposes.ts';

const BARE = /^[A-Z][A-Za-z0-9-]{0,63}$/;
/** HL7 v3 ActReason, by its object identifier and its canonical, and the code system of PurposeOfUse itself. */
const SYSTEMS: ReadonlySet<string> = new Set([
  'urn:oid:2.16.840.1.113883.5.8',
  'urn:oid:2.16.840.1.113883.1.11.20448',
  'http://terminology.hl7.org/CodeSystem/v3-ActReason',
]);
/** The code that a word spells, or undefined for a word that spells none. */
export function purposeIn(word: string): string | undefined {
  const [, system, code = word] = /^(.+)[#|]([^#|]+)$/.exec(word) ?? [];
  const isKnown = system === undefined || SYSTEMS.has(system) || systemOfPurpose(code) === system;
  return isKnown && BARE.test(code) ? code : undefined;
}

/** One word of a list: text, or a coding. */
function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { system, code } = value as { readonly system?: unknown; readonly code?: unknown };
  if (typeof code !== 'string') return '';
  return typeof system === 'string' && system !== '' ? `${system}|${code}` : code;
}

/** What was said of a purpose: nothing, exactly one, or what cannot count. */
export type SaidPurpose = { readonly code?: string } | { readonly fault: 'several' | 'unknown' };

/** The one purpose of all places that can name one; the same said twice is still one. */
export function onePurpose(said: readonly unknown[]): SaidPurpose {
  const words = said.flatMap((each) => (Array.isArray(each) ? (each as readonly unknown[]) : [each]));
  const codes = new Set(
    words.filter((word) => word !== undefined && word !== '').map((word) => purposeIn(wordOf(word))),
  );
  if (codes.has(undefined)) return { fault: 'unknown' };
  if (codes.size > 1) return { fault: 'several' };
  const [code] = codes;
  return code === undefined ? {} : { code };
}
