/** GET [base]/.well-known/smart-configuration: JSON for anybody, whatever Accept says (SMART App Launch 2.2, "Conformance"). */
import type { RequestHandler } from 'express';

/** Serves the document. */
export const smartDocument =
  (document: () => Promise<Readonly<Record<string, unknown>>>): RequestHandler =>
  async (_request, response) => {
    response.set('Cache-Control', 'no-cache').json(await document());
  };
