/**
 * Lists of SNOMED codes that CDC means together (Schedule Supporting Data, "Coded Observations"): a microbiologist is
 * at no risk, one who is exposed to a germ is. Of the occupations of such a list one is enough, and of its substances.
 */

/** Codes that say nothing alone, each with what it is in such a list. */
const CONTEXTS: ReadonlySet<string> = new Set([
  '24932003', // exposure to
  '11723008', // contact with
  '410519009', // at risk
  '257561002', // further education establishment, of a student
  '427314002', // antiviral therapy, beside the infection
]);

const OCCUPATIONS =
  '159138004 14698002 159282002 223366009 26369006 68867008 307969004 56466003 56079002 60008001';
const BODY_FLUIDS = '87612001 32457005';
const ALTERNATIVES: readonly ReadonlySet<string>[] = [OCCUPATIONS, BODY_FLUIDS].map(
  (codes) => new Set(codes.split(' ')),
);

/** Whether a code only says how another is meant. */
export const isContext = (code: string): boolean => CONTEXTS.has(code);

/** Whether the codes of a person amount to a list of CDC's. */
export function meansList(listed: readonly string[], isNamed: (code: string) => boolean): boolean {
  if (!listed.some(isContext)) return listed.some(isNamed);
  const oneOf = ALTERNATIVES.map((some) => listed.filter((code) => some.has(code)));
  const alone = listed.filter((code) => !ALTERNATIVES.some((some) => some.has(code)));
  return alone.every(isNamed) && oneOf.every((some) => some.length === 0 || some.some(isNamed));
}
