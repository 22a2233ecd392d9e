/** What leaves storage for a caller: of its text only what the grant does not hide, with the statuses that it sees. */
import type { Limits } from '../policy/decide.ts';
import { masked, type Mask } from '../policy/mask.ts';
import { withStatuses } from './statuses.ts';
import type { Stored } from './store.ts';

type Text = Pick<Stored, 'statuses' | 'seam'> & { readonly json?: string };

/** The document without what a mask hides. */
export const shownUnder = <D extends { readonly json?: string }>(mask: Mask, document: D): D =>
  document.json === undefined || mask.hides.length === 0
    ? document
    : { ...document, json: masked(mask, document.json) };

/** The document as the caller may see it. */
export function shownWithin<D extends Text>({ mask, statuses }: Shown, document: D): D {
  const { json } = document;
  if (json === undefined || document.statuses === undefined || mask.hides.includes('extension'))
    return shownUnder(mask, document);
  return shownUnder(mask, { ...document, json: withStatuses({ ...document, json }, statuses) });
}

/** What of a caller's limits decides how a document looks. */
type Shown = Pick<Limits, 'mask' | 'statuses'>;

/** Several of them. */
export const allWithin = <D extends Text>(limits: Shown, documents: readonly D[]): readonly D[] =>
  documents.map((each) => shownWithin(limits, each));
