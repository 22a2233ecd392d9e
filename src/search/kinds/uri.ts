/** Uri search: whole URIs, by case, character for character (https://hl7.org/fhir/R4/search.html#uri). */
import type { UriParameter } from '../../catalog/define.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import type { Clause } from '../clause.ts';
import { unescaped } from '../escape.ts';
import { keyOf } from '../key.ts';
import { WHOLE_MAX } from '../limits.ts';

export function index(name: string, _parameter: UriParameter, values: readonly unknown[]): Written {
  const uris = values.filter((value) => typeof value === 'string');
  return { tokens: uris.map((each) => keyOf(name, each)), ...(uris[0] !== undefined && { sort: uris[0] }) };
}

const URL_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i;

/** Only URLs have parts, and one is above another that has more of them. */
function urlOf(asked: Asked<UriParameter>, value: string): string {
  const url = unescaped(value);
  if (!URL_FORM.test(url)) return refuseValue(asked, `:${asked.modifier ?? ''} takes a URL, not another URI`);
  return url.length <= WHOLE_MAX ? url : refuseValue(asked, `a URL has at most ${WHOLE_MAX} characters here`);
}

/** The URL and what its path is under, with and without a slash at the end. */
function upwards(url: string): readonly string[] {
  const server = URL_FORM.exec(url)?.[0] ?? '';
  const parts = url
    .slice(server.length)
    .split('/')
    .filter((part) => part !== '');
  const above = parts.map((_, at) => [server, ...parts.slice(0, at)].join('/'));
  return [...new Set([url, ...above.flatMap((each) => [each, `${each}/`])])];
}

const equal = (name: string, uris: readonly string[]): Clause => ({
  op: 'in',
  field: 'tokens',
  keys: uris.map((each) => keyOf(name, each)),
});

export function compile(asked: Asked<UriParameter>): Clause {
  const { name, modifier, values } = asked;
  if (modifier === undefined) return equal(name, values.map(unescaped));
  if (modifier === 'above') {
    return equal(
      name,
      values.flatMap((value) => upwards(urlOf(asked, value))),
    );
  }
  if (modifier !== 'below') return refuseModifier(asked);
  return { op: 'prefix', field: 'tokens', prefixes: values.map((value) => keyOf(name, urlOf(asked, value))) };
}
