/**
 * The JSON Schema of R4, made from the elements table: HL7's own (fhir.schema.json) lets empty objects and
 * lists, blank text and a text in an object's place go by, and has no null in lists of primitive values.
 * https://hl7.org/fhir/R4/json.html and https://hl7.org/fhir/R4/datatypes.html#primitive
 */
import { isPrimitiveType, propertyName, type DefinitionTable, type ElementRow, type TypeRow } from '../../src/fhir/element-table.ts';

export type Schema = Readonly<Record<string, unknown>>;

const YEAR = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const MONTH = '(0[1-9]|1[0-2])';
const DAY = '(0[1-9]|[12][0-9]|3[01])';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?';
const ZONE = '(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f';
const WORD = `[^\\s${CONTROLS}]+`;
/** Text with something to see in it, and no control character but tab and line ends; read in one go, whatever it is. */
const TEXT = `^[^\\S\\u000b\\u000c]*[^\\s${CONTROLS}][^${CONTROLS}]*$`;

const text = (pattern: string): Schema => ({ type: 'string', pattern });
const INT32 = 2 ** 31;

const PRIMITIVES: Readonly<Record<string, Schema>> = {
  // No grouping in fours: such a pattern goes back and forth over white space, for minutes if somebody wants it.
  base64Binary: text('^\\s*[0-9A-Za-z+/][0-9A-Za-z+/=\\s]*$'),
  boolean: { type: 'boolean' },
  canonical: text(`^${WORD}$`),
  code: text(`^${WORD}( ${WORD})*$`),
  date: text(`^${YEAR}(-${MONTH}(-${DAY})?)?$`),
  dateTime: text(`^${YEAR}(-${MONTH}(-${DAY}(T${TIME}${ZONE})?)?)?$`),
  decimal: { type: 'number' },
  id: text('^[A-Za-z0-9\\-.]{1,64}$'),
  instant: text(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`),
  integer: { type: 'integer', minimum: -INT32, maximum: INT32 - 1 },
  markdown: text(TEXT),
  oid: text('^urn:oid:[0-2](\\.(0|[1-9][0-9]*))+$'),
  positiveInt: { type: 'integer', minimum: 1, maximum: INT32 - 1 },
  string: text(TEXT),
  time: text(`^${TIME}$`),
  unsignedInt: { type: 'integer', minimum: 0, maximum: INT32 - 1 },
  uri: text(`^${WORD}$`),
  url: text(`^${WORD}$`),
  uuid: text('^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  xhtml: text(TEXT),
};

/** What replaces a resource inside another: src/validation recurses by itself, which keeps the types apart. */
const ANY_RESOURCE: Schema = { type: 'object', required: ['resourceType'], properties: { resourceType: { type: 'string' } } };

const reference = (type: string): Schema => (type === 'Resource' ? ANY_RESOURCE : { $ref: `#/definitions/${type}` });

/** Lists of primitive values hold null where only the sibling list of extensions has something to say. */
function orNull(schema: Schema): Schema {
  return { ...schema, type: [schema['type'], 'null'] };
}

const ELEMENT_OR_NULL = 'ElementOrNull';

const listOf = (items: Schema): Schema => ({ type: 'array', minItems: 1, items });

function primitiveSchemas(name: string, type: string, isList: boolean): readonly (readonly [string, Schema])[] {
  const value = PRIMITIVES[type];
  if (value === undefined) throw new Error(`No schema is written for the primitive type ${type}`);
  const sibling = `_${name}`;
  if (!isList) return [[name, value], [sibling, reference('Element')]];
  return [[name, listOf(orNull(value))], [sibling, listOf(reference(ELEMENT_OR_NULL))]];
}

function propertySchemas(element: string, row: ElementRow): readonly (readonly [string, Schema])[] {
  const isList = row.list === true;
  return row.types.flatMap((type): readonly (readonly [string, Schema])[] => {
    const name = propertyName(element, row, type);
    if (isPrimitiveType(type)) return primitiveSchemas(name, type, isList);
    return [[name, isList ? listOf(reference(type)) : reference(type)]];
  });
}

function typeSchema(name: string, elements: TypeRow, isResource: boolean): Schema {
  const properties = Object.entries(elements).flatMap(([element, row]) => propertySchemas(element, row));
  const own: readonly (readonly [string, Schema])[] = isResource ? [['resourceType', { const: name }]] : [];
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries([...own, ...properties]),
  };
}

/** One schema with a definition for each type; how often an element must be there is for src/validation to say. */
export function schemaOf(table: DefinitionTable): Schema {
  const definitions = Object.entries(table.types).map(([name, elements]): [string, Schema] => [
    name,
    typeSchema(name, elements, table.resources.includes(name)),
  ]);
  const element = typeSchema('Element', table.types['Element'] ?? {}, false);
  return { $id: 'r4', definitions: Object.fromEntries([...definitions, [ELEMENT_OR_NULL, orNull(element)]]) };
}
