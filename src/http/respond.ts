/** From an Answer or a fault to bytes and headers (https://hl7.org/fhir/R4/http.html#versions, #create). */
import type { Response } from 'express';
import type { Answer } from '../core/context.ts';
import type { Issue } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import type { Form } from './form.ts';

/** Sends an answer. */
export function send(response: Response, answer: Answer, form: Form): void {
  response.statusCode = answer.status;
  const { version, lastUpdated, location, headers, warnings } = answer;
  if (version !== undefined) response.setHeader('ETag', `W/"${version}"`);
  if (lastUpdated !== undefined) response.setHeader('Last-Modified', lastUpdated.toUTCString());
  if (location !== undefined) {
    response.setHeader('Location', `${form.baseUrl}/${location}`);
  }
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (warnings !== undefined)
    response.setHeader('Warning', warnings.slice(0, WARNINGS_TOLD).map(warningText));
  sendBody(response, answer.body, form);
}

/** A header has no room for more; `Prefer: return=OperationOutcome` tells all. */
const WARNINGS_TOLD = 10;

/** A warning for a caller whose answer is the resource: "299 Miscellaneous persistent warning" of RFC 7234, 5.5. */
function warningText({ message, expression = [] }: Issue): string {
  const text = `${expression.join(' ')}: ${message}`.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'");
  return `299 - "${text}"`;
}

/** Our own text, which may hold a Bundle of resources that are as deep as they may be. */
const OURS = { depth: 1000 };

function sendBody(response: Response, body: string | undefined, form: Form): void {
  if (body === undefined) {
    response.end();
    return;
  }
  const text = form.pretty ? `${JSON.stringify(parseJson(body, OURS), null, 2)}\n` : body;
  const bytes = Buffer.from(text, 'utf8');
  response.setHeader('Content-Type', `${form.contentType}; charset=utf-8`);
  // No browser may take a narrative for a page.
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
