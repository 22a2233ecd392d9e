/** How much of a resource is shown: all of it, or what `_summary` or `_elements` asks for. */
import type { Resource } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { isPartial, select } from '../fhir/elements.ts';
import { parseJson, serialize } from '../fhir/json.ts';
import { controlsOf, type Summary } from '../search/controls.ts';

/** A stored text as it is to be shown. */
export type Viewer = (json: string) => string;

interface Wanted {
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
  const unknown = ask.query.find(([name]) => name !== '_summary' && name !== '_elements');
  if (unknown !== undefined && ask.prefer.handling !== 'lenient') {
    fail('not-understood', 'A read takes the parameters _summary, _elements, _format and _pretty only.');
  }
  const { _summary, _elements } = Object.fromEntries(ask.query);
  const wanted = controlsOf({
    ...(_summary !== undefined && { _summary }),
    ...(_elements !== undefined && { _elements }),
  });
  if (wanted.summary === 'count') fail('invalid-value', 'A count is asked of a search, not of a read.');
  return { ...answer, body: viewer(wanted)(answer.body) };
}
