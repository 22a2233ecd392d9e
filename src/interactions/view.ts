/** How much of a resource is shown: all of it, or what `_summary` or `_elements` asks for. */
import type { Resource } from '@medplum/fhirtypes';
import type { Answer, Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { isPartial, select } from '../fhir/elements.ts';
import { parseJson, serialize } from '../fhir/json.ts';
import { controlsOf, type Summary } from '../search/controls.ts';

/** A stored text as it is to be shown. */
export type Viewer = (json: string) => string;

export interface Wanted {
  readonly summary?: Summary;
  readonly elements?: readonly string[];
}

/** Text that is shown whole is not parsed. */
export function viewer(wanted: Wanted): Viewer {
  if (!isPartial(wanted)) return (json) => json;
  return (json) => serialize(select(parseJson(json) as Resource & Record<string, unknown>, wanted));
}

/**
 * A read's answer as its query asks for it.
 * @throws Failure `not-understood` for a parameter that a read does not have
 */
export function view(ask: Ask, answer: Answer): Answer {
  if (ask.query.length === 0 || answer.body === undefined) return answer;
  const unknown = ask.query.find(([name]) => !VIEW_PARAMETERS.has(name));
  if (unknown !== undefined && ask.prefer.handling !== 'lenient') {
    fail('not-understood', 'A read takes the parameters _summary, _elements, _format and _pretty only.');
  }
  return { ...answer, body: viewer(wantedOf(ask.query))(answer.body) };
}

/** Parameters of a query that say how much is shown. */
export const VIEW_PARAMETERS: ReadonlySet<string> = new Set(['_summary', '_elements']);

/**
 * How much a query wants to see of each resource.
 * @throws Failure `invalid-value`
 */
export function wantedOf(query: readonly QueryPair[]): Wanted {
  const { _summary, _elements } = Object.fromEntries(query.filter(([, value]) => value !== ''));
  const wanted = controlsOf({
    ...(_summary !== undefined && { _summary }),
    ...(_elements !== undefined && { _elements }),
  });
  if (wanted.summary === 'count') fail('invalid-value', 'A count is asked of a search only.');
  return wanted;
}

/**
 * A write of one resource by its id has nothing to ask; a parameter that it does not know could have meant a
 * condition.
 * @throws Failure `not-understood`
 */
export function takesNoQuery(ask: Ask): void {
  if (ask.query.length > 0 && ask.prefer.handling !== 'lenient') {
    fail('not-understood', 'This write takes the parameters _format and _pretty only.');
  }
}
