/**
 * Which form the caller sends and wants: JSON only, said in one of several ways
 * (https://hl7.org/fhir/R4/http.html#mime-type, #parameters; RFC 9110, 12.5.1).
 */
import { fail } from '../core/failure.ts';

export const FHIR_JSON = 'application/fhir+json';
const JSON_PATCH = 'application/json-patch+json';

const JSON_TYPES: ReadonlySet<string> = new Set([
  FHIR_JSON,
  'application/json',
  'text/json',
  'json',
  'application/json+fhir',
]);
const WILD: ReadonlySet<string> = new Set(['*/*', 'application/*', 'text/*', '*']);
const VERSION = /^4\.0(\.\d+)?$/;

interface MediaType {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function mediaType(text: string): MediaType {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  const pairs = parameters.map((part): [string, string] => {
    const [key = '', value = ''] = part.split('=');
    return [key.trim().toLowerCase(), value.trim().replace(/^"|"$/g, '')];
  });
  // A plus that was not encoded in a URL arrives as a space.
  return { name: name.toLowerCase().replace(/ /g, '+'), parameters: new Map(pairs) };
}

const isOurVersion = ({ parameters }: MediaType): boolean => {
  const version = parameters.get('fhirversion');
  return version === undefined || VERSION.test(version);
};

const weightOf = ({ parameters }: MediaType): number => Number(parameters.get('q') ?? 1);

/**
 * The Content-Type of the answer: FHIR JSON, unless plain JSON was asked for by name.
 * @param format the `_format` parameter, which goes before the Accept header
 * @throws Failure `not-acceptable`
 */
export function answerType(accept: string | undefined, format: string | undefined): string {
  const asked = format || accept || '*/*';
  const types = asked
    .split(',')
    .map(mediaType)
    .filter((type) => weightOf(type) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
  const found = types.find(
    (type) => (JSON_TYPES.has(type.name) || WILD.has(type.name)) && isOurVersion(type),
  );
  if (found === undefined) {
    fail('not-acceptable', 'This server answers in JSON of FHIR 4.0 only; ask for application/fhir+json.');
  }
  return !format && found.name === 'application/json' ? 'application/json' : FHIR_JSON;
}

export type BodyType = 'resource' | 'json-patch';

/**
 * What a body's Content-Type says it is.
 * @throws Failure `unsupported-media`
 */
export function bodyType(contentType: string | undefined, method: string): BodyType {
  const type = mediaType(contentType ?? '');
  if (!isOurVersion(type) || isOtherCharset(type)) return refuse();
  if (method === 'PATCH') {
    if (type.name === JSON_PATCH) return 'json-patch';
    // Plain JSON could be either kind of patch.
    return type.name === FHIR_JSON ? 'resource' : refuse();
  }
  return JSON_TYPES.has(type.name) ? 'resource' : refuse();
}

const isOtherCharset = ({ parameters }: MediaType): boolean =>
  !/^utf-?8$/i.test(parameters.get('charset') ?? 'utf-8');

const refuse = (): never =>
  fail(
    'unsupported-media',
    `Send ${FHIR_JSON} in UTF-8 (a patch: ${JSON_PATCH}, or ${FHIR_JSON} with a Parameters resource), FHIR version 4.0.`,
  );

/** Whether a body is a form, as a `_search` sends it. */
export const isForm = (contentType: string | undefined): boolean =>
  mediaType(contentType ?? '').name === 'application/x-www-form-urlencoded';
