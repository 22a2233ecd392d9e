/** The pages of the authorization server: plain HTML without a script; whatever is shown in them is escaped. */
import type { Response } from 'express';
import { renderSVG } from 'uqr';

/** HTML that is safe to put into a page. */
export interface Html {
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

/** A text as a picture that a telephone reads. */
export const svg = (text: string): Html => ({ html: renderSVG(text, { border: 2 }) });

type Part = string | number | Html | undefined | readonly Html[];

const shown = (part: Part): string => {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map(({ html }) => html).join('');
};

/** A template whose values are escaped. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: texts.reduce((all, text, at) => all + shown(parts[at - 1]) + text),
});

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1c2530}h1{font-size:1.3rem}label{display:block;margin:.6rem 0}input[type=text],input[type=password],input[type=date],select{width:100%;padding:.45rem;font:inherit;box-sizing:border-box}button{font:inherit;padding:.45rem 1.1rem;margin:.8rem .5rem 0 0}.fault{color:#a3191f}.note{color:#5a6675;font-size:.9rem}ul{padding-left:1.2rem}';

/** Sends a page. Nothing frames it, nothing is loaded from elsewhere, and no address leaks from it. */
export function sendPage(response: Response, title: string, body: Html, status = 200): void {
  response
    .status(status)
    .set({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      // No form-action: browsers apply it to the redirect back to the app as well.
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    })
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style><h1>${escaped(title)}</h1>${body.html}</html>`,
    );
}
