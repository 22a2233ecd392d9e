/** What leaves storage for a caller: of its text only what the grant does not hide. */
import { masked, type Mask } from '../policy/mask.ts';

/** The document as the caller may see it. */
export const shownUnder = <D extends { readonly json?: string }>(mask: Mask, document: D): D =>
  document.json === undefined || mask.hides.length === 0
    ? document
    : { ...document, json: masked(mask, document.json) };

/** Several of them. */
export const allUnder = <D extends { readonly json?: string }>(
  mask: Mask,
  documents: readonly D[],
): readonly D[] => (mask.hides.length === 0 ? documents : documents.map((each) => shownUnder(mask, each)));
