/** One entry of a transaction on its way, and how a fault in it is told (https://hl7.org/fhir/R4/http.html#transaction-response). */
import type { Ask } from '../core/context.ts';
import { Failure } from '../core/failure.ts';
import { Denied, type Grant } from '../policy/decide.ts';

export interface Step {
  /** Its place in the Bundle. */
  readonly at: number;
  readonly ask: Ask;
  readonly grant: Grant;
  readonly isHead: boolean;
  readonly fullUrl?: string;
  /** The id it gets if it creates something. */
  readonly newId: string;
}

/** The fault with the entry it is in: `Bundle.entry[3]…`. */
export function located(error: unknown, at: number): unknown {
  if (error instanceof Denied) return new Denied(error.denial, [inBundle('', at)]);
  if (!(error instanceof Failure)) return error;
  const [first, ...more] = error.issues.map((issue) => ({
    ...issue,
    // A 405 would speak of the base, where the Bundle was sent.
    kind: issue.kind === 'not-allowed' ? ('not-understood' as const) : issue.kind,
    expression: (issue.expression?.length ? issue.expression : ['']).map((path) => inBundle(path, at)),
  }));
  return first === undefined ? error : new Failure(first, ...more);
}

/** Paths of a resource go below the entry's resource; others below the entry. */
function inBundle(path: string, at: number): string {
  const entry = `Bundle.entry[${at}]`;
  if (path === '') return entry;
  if (path.startsWith('Bundle.')) return path;
  if (!/^[A-Z]/.test(path)) return `${entry}.${path}`;
  const below = path.replace(/^[^.]+\.?/, '');
  return below === '' ? `${entry}.resource` : `${entry}.resource.${below}`;
}
