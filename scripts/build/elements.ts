/** The elements table: what the snapshots of R4 say of every element, without the prose. */
import type { ElementDefinition, ElementDefinitionType, StructureDefinition } from '@medplum/fhirtypes';
import type { DefinitionTable, ElementRow, TypeRow } from '../../src/fhir/element-table.ts';
import { enumerate, type Codes } from './codes.ts';
import type { Terminology } from './definitions.ts';

const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type';
const BASE = 'http://hl7.org/fhir/StructureDefinition/';

type CodesOf = (element: ElementDefinition) => string | undefined;

function typeName(type: ElementDefinitionType): string {
  const profile = type.profile?.[0];
  if (profile !== undefined) return profile.slice(BASE.length);
  const code = type.code;
  if (!code.startsWith('http://hl7.org/fhirpath/')) return code;
  return type.extension?.find((each) => each.url === FHIR_TYPE)?.valueUrl ?? 'string';
}

function typesOf(element: ElementDefinition, parents: ReadonlySet<string>): readonly string[] {
  if (element.contentReference !== undefined) return [element.contentReference.slice(1)];
  if (parents.has(element.path)) return [element.path];
  // Ids of resources are declared as strings, though their own page gives them the narrower type.
  if (element.base?.path === 'Resource.id') return ['id'];
  return (element.type ?? []).map(typeName);
}

/** Resource types that every reference of the element may lead to; none where one may lead anywhere. */
function targetsOf(element: ElementDefinition): readonly string[] | undefined {
  const references = (element.type ?? []).filter((type) => type.code === 'Reference');
  const targets = references.flatMap((type) => (type.targetProfile ?? [BASE + 'Resource']).map((url) => url.slice(BASE.length)));
  return targets.length === 0 || targets.includes('Resource') ? undefined : targets;
}

function row(element: ElementDefinition, parents: ReadonlySet<string>, codesOf: CodesOf): ElementRow {
  const targets = targetsOf(element);
  const codes = codesOf(element);
  return {
    types: typesOf(element, parents),
    ...(element.path.endsWith('[x]') ? { choice: true } : {}),
    ...(element.min === 0 ? {} : { required: true }),
    ...(element.max === '*' ? { list: true } : {}),
    ...(element.isSummary === true ? { summary: true } : {}),
    ...(element.isModifier === true ? { modifier: true } : {}),
    ...(targets === undefined ? {} : { targets }),
    ...(codes === undefined ? {} : { codes }),
  };
}

/** The rows of a type and of the elements within it that have elements of their own. */
function rowsOf(type: StructureDefinition, codesOf: CodesOf): Record<string, TypeRow> {
  const elements = (type.snapshot?.element ?? []).filter((element) => element.max !== '0');
  const parents = new Set(elements.map((element) => element.path.slice(0, element.path.lastIndexOf('.'))));
  const types: Record<string, Record<string, ElementRow>> = {};
  for (const element of elements) {
    const dot = element.path.lastIndexOf('.');
    if (dot === -1) continue;
    const parent = element.path.slice(0, dot);
    const owner = parent === type.type ? type.id ?? '' : parent;
    const name = element.path.slice(dot + 1).replace('[x]', '');
    (types[owner] ??= {})[name] = row(element, parents, codesOf);
  }
  return types;
}

/** The whole table; the codes of a binding are written once, however many elements it binds. */
export function elementsTable(types: readonly StructureDefinition[], terminology: Terminology): DefinitionTable {
  const codes: Record<string, Codes> = {};
  const codesOf: CodesOf = ({ binding }) => {
    if (binding?.strength !== 'required') return undefined;
    const url = (binding.valueSet ?? '').split('|')[0] ?? '';
    const found = codes[url] ?? enumerate(terminology.valueSets.get(url), terminology);
    if (found === undefined) return undefined;
    codes[url] = found;
    return url;
  };
  const composite = types.filter((type) => type.kind !== 'primitive-type');
  return {
    resources: composite.filter((type) => type.kind === 'resource' && !type.abstract).map((type) => type.name),
    types: Object.assign({}, ...composite.map((type) => rowsOf(type, codesOf))) as Record<string, TypeRow>,
    codes,
  };
}
