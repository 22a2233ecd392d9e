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

const STYLE = `
:root{color-scheme:light;--ink:#17212b;--soft:#4d5b69;--line:#c3ccd5;--act:#0b5394;--bad:#9b1c1c}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:#f3f5f7}
header{padding:.8rem 1.2rem;background:var(--act);color:#fff;font-weight:600}
main{max-width:34rem;margin:2rem auto;padding:1.2rem 1.6rem 1.6rem;background:#fff;border:1px solid var(--line);border-radius:.5rem}
h1{margin:.2rem 0 1rem;font-size:1.35rem;line-height:1.3}
label{display:block;margin:.8rem 0;font-weight:600}
label.choice{display:flex;gap:.6rem;align-items:baseline;margin:.4rem 0;font-weight:400}
label.choice code{color:var(--soft);font-size:.8rem}
fieldset{margin:1rem 0;padding:.4rem 1rem;border:1px solid var(--line);border-radius:.4rem}
legend{padding:0 .4rem;font-weight:600}
input[type=text],input[type=password],input[type=date],select{display:block;width:100%;margin-top:.25rem;padding:.5rem .6rem;font:inherit;font-weight:400;border:1px solid #6b7885;border-radius:.3rem;background:#fff;color:inherit}
button{margin:1rem .6rem 0 0;padding:.55rem 1.2rem;font:inherit;font-weight:600;color:#fff;background:var(--act);border:1px solid var(--act);border-radius:.3rem;cursor:pointer}
button.other{color:var(--act);background:#fff}
:focus-visible{outline:3px solid #f0a500;outline-offset:2px}
.fault{padding:.6rem .8rem;color:var(--bad);background:#fdf0f0;border-left:4px solid var(--bad)}
.note{color:var(--soft)}
.qr svg{width:11rem;height:11rem}`;

/** Nothing frames a page, nothing is loaded into it from elsewhere, and no address leaks from it. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // No form-action: browsers apply it to the redirect back to the app as well.
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
} as const;

/** A page as text. */
const pageOf = (title: string, body: Html): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><header>Immunization registry</header><main><h1>${escaped(title)}</h1>${body.html}</main></body></html>`;

/** Sends a page. */
export function sendPage(response: Response, title: string, body: Html, status = 200): void {
  response.status(status).set(PAGE_HEADERS).send(pageOf(title, body));
}

/** What a request that went wrong is told: a page for a person, JSON for a program (RFC 6749, 5.2). */
export const faultPage = (error: string, description: string | undefined): string =>
  pageOf(
    'This cannot go on',
    html`<p class="fault" role="alert">${description ?? error}</p>
      <p>
        Go back to the app and begin again. If it says the same, its developer needs to know:
        <code>${error}</code>.
      </p>`,
  );
