/**
 * What a resource has at an element path: `name.family`, through arrays, choices named without `[x]`.
 * A choice is found under the names that R4 gives it: https://hl7.org/fhir/R4/formats.html#choice
 */

/** A value found. `type` is the ending of a choice's property: `DateTime` where `occurrenceDateTime` was read. */
export interface Found {
  readonly value: unknown;
  readonly type?: string;
}

/** Every data type that a choice of R4 may end in; `outcomeDesc` is thereby no choice of `outcome`. */
const CHOICE_ENDINGS = new Set(
  (
    'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String ' +
    'Time UnsignedInt Uri Url Uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count ' +
    'Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ' +
    'ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition ' +
    'UsageContext Dosage Meta'
  ).split(' '),
);

type Node = Readonly<Record<string, unknown>>;

function collect(value: unknown, type: string | undefined, into: Found[]): void {
  if (Array.isArray(value)) for (const each of value) collect(each, type, into);
  else if (value !== undefined && value !== null) into.push(type === undefined ? { value } : { value, type });
}

/** Whether a property is a choice's of that name: `occurrenceDateTime` of `occurrence`. */
export const choiceName = (key: string, name: string): boolean =>
  key.length > name.length && key.startsWith(name) && CHOICE_ENDINGS.has(key.slice(name.length));

function collectChoice(node: Node, name: string, into: Found[]): void {
  for (const key in node) if (choiceName(key, name)) collect(node[key], key.slice(name.length), into);
}

function step(from: readonly Found[], name: string): Found[] {
  const into: Found[] = [];
  for (const { value } of from) {
    if (typeof value !== 'object' || value === null) continue;
    const node = value as Node;
    if (node[name] === undefined) collectChoice(node, name, into);
    else collect(node[name], undefined, into);
  }
  return into;
}

const steps = new Map<string, readonly string[]>();

/** Paths come from the catalog, never from a caller, so that what is remembered stays small. */
function stepsOf(path: string): readonly string[] {
  const known = steps.get(path);
  if (known !== undefined) return known;
  const names = path.split('.');
  steps.set(path, names);
  return names;
}

/**
 * Every value at the path, in the order of the resource; none where the path leads nowhere. Kept decimals
 * (fhir/json.ts) come as they are.
 *
 * @param path element names below the resource, joined by dots, `[x]` left out
 */
export function valuesAt(resource: unknown, path: string): readonly Found[] {
  let found: readonly Found[] = [{ value: resource }];
  for (const name of stepsOf(path)) found = step(found, name);
  return found;
}
