/**
 * From a StructureDefinition's differential to rules that can be checked without reading it again. What it says of
 * support and meaning is left out: only what a resource can break is a rule.
 * https://hl7.org/fhir/R4/profiling.html
 */
import type {
  ElementDefinition,
  ElementDefinitionSlicingDiscriminator,
  StructureDefinition,
} from '@medplum/fhirtypes';
import { definitions } from '../../fhir/definitions.ts';
import { propertyName } from '../../fhir/element-table.ts';
import { isNode, listOf, type Node } from '../findings.ts';
import { CONSTRAINTS } from './constraints.ts';
import { holdsPattern, isSame } from './pattern.ts';
import type { Constraint, ElementRule, Profile, SliceRule, ValueRule } from './rule.ts';

/** The elements of a differential by their ids: `Patient.identifier:registry.system`. */
type Elements = ReadonlyMap<string, ElementDefinition>;

interface Spot {
  readonly elements: Elements;
  /** Id of the element. */
  readonly id: string;
  /** Name of its type in the table of elements. */
  readonly type: string;
}

function valueOf(element: ElementDefinition | undefined, prefix: 'fixed' | 'pattern'): unknown {
  const key = Object.keys(element ?? {}).find((name) => name.startsWith(prefix));
  return key === undefined ? undefined : (element as unknown as Node)[key];
}

function constraintsOf(element: ElementDefinition | undefined): readonly Constraint[] {
  return (element?.constraint ?? []).flatMap(({ key, human, severity }) => {
    const holds = CONSTRAINTS[key];
    return holds === undefined ? [] : [{ key, human, isWarning: severity === 'warning', holds }];
  });
}

const PREFIX = /^.*\//;

function targetsOf(element: ElementDefinition | undefined): readonly string[] {
  const references = (element?.type ?? []).filter(({ code }) => code === 'Reference');
  return references.flatMap(({ targetProfile = [] }) => targetProfile.map((url) => url.replace(PREFIX, '')));
}

function bindingOf(element: ElementDefinition | undefined): Pick<ValueRule, 'binding'> {
  const { strength, valueSet } = element?.binding ?? {};
  const isChecked = strength === 'required' || strength === 'extensible';
  return isChecked && valueSet !== undefined ? { binding: { strength, valueSet } } : {};
}

/** Names of what stands directly below an id, slices left aside. */
function namesBelow({ elements, id }: Spot): readonly string[] {
  const below = [...elements.keys()].flatMap((each) =>
    each.startsWith(`${id}.`) ? [each.slice(id.length + 1)] : [],
  );
  return [...new Set(below.map((each) => (each.split('.')[0] ?? '').split(':')[0] ?? ''))];
}

function slicesBelow({ elements, id }: Spot): readonly string[] {
  const own = `${id}:`;
  const below = [...elements.keys()].flatMap((each) =>
    each.startsWith(own) ? [each.slice(own.length).split('.')[0] ?? ''] : [],
  );
  return [...new Set(below)];
}

function valueRule(spot: Spot): ValueRule {
  const element = spot.elements.get(spot.id);
  const [fixed, pattern] = [valueOf(element, 'fixed'), valueOf(element, 'pattern')];
  const targets = targetsOf(element);
  const extension = element?.type?.find(({ code }) => code === 'Extension')?.profile?.[0];
  return {
    ...(fixed !== undefined && { fixed }),
    ...(pattern !== undefined && { pattern }),
    ...bindingOf(element),
    ...(targets.length > 0 && { targets }),
    constraints: constraintsOf(element),
    children: namesBelow(spot).flatMap((name) => elementRule(spot, name)),
    ...(extension !== undefined && { extension }),
  };
}

const maxOf = (max: string | undefined): number =>
  max === undefined || max === '*' ? Infinity : Number(max);

function propertiesOf(
  type: string,
  name: string,
  element: ElementDefinition | undefined,
): Pick<ElementRule, 'properties' | 'refused'> {
  const row = definitions.get(type)?.elements[name];
  if (row === undefined) return { properties: [name], refused: [] };
  const types = element?.type?.map(({ code }) => code) ?? row.types;
  const all = row.types.map((each) => propertyName(name, row, each));
  const kept = row.choice === true ? types.map((each) => propertyName(name, row, each)) : all;
  return { properties: kept, refused: all.filter((each) => !kept.includes(each)) };
}

function typeBelow(type: string, name: string, element: ElementDefinition | undefined): string {
  const row = definitions.get(type)?.elements[name];
  return element?.type?.[0]?.code ?? row?.types[0] ?? '';
}

/** None where the profile says of the element only what no resource can break. */
function elementRule(parent: Spot, name: string): readonly ElementRule[] {
  const id = `${parent.id}.${name}`;
  const element = parent.elements.get(id);
  const plain = name.replace('[x]', '');
  const spot = { elements: parent.elements, id, type: typeBelow(parent.type, plain, element) };
  const rule: ElementRule = {
    ...valueRule(spot),
    ...propertiesOf(parent.type, plain, element),
    name: plain,
    min: element?.min ?? 0,
    max: maxOf(element?.max),
    slices: slicesBelow(spot).flatMap((slice) => sliceRule(spot, slice, element?.slicing?.discriminator)),
  };
  return isEmpty(rule) ? [] : [rule];
}

function isEmpty(rule: ValueRule & { min: number; max: number; slices?: readonly SliceRule[] }): boolean {
  const { min, max, slices = [], constraints, children, ...rest } = rule;
  const bound = rest.fixed ?? rest.pattern ?? rest.binding ?? rest.targets ?? rest.extension;
  const refused = 'refused' in rest ? (rest.refused as readonly string[]) : [];
  const counted = min > 0 || max !== Infinity;
  return (
    !counted &&
    bound === undefined &&
    [slices, constraints, children, refused].every(({ length }) => length === 0)
  );
}

function sliceRule(
  parent: Spot,
  slice: string,
  discriminators: readonly ElementDefinitionSlicingDiscriminator[] | undefined,
): readonly SliceRule[] {
  const id = `${parent.id}:${slice}`;
  const element = parent.elements.get(id);
  const value = valueRule({ ...parent, id });
  const counts = { min: element?.min ?? 0, max: maxOf(element?.max) };
  const isMember = memberOf(value, discriminators);
  if (isMember === undefined || isEmpty({ ...value, ...counts })) return [];
  return [{ ...value, ...counts, slice, isMember }];
}

type IsMember = SliceRule['isMember'];

/** Whether a value is of the slice; undefined where the profile leaves that to definitions that are not here. */
function memberOf(
  rule: ValueRule,
  discriminators: readonly ElementDefinitionSlicingDiscriminator[] | undefined,
): IsMember | undefined {
  if (rule.extension !== undefined) return (value) => isNode(value) && value['url'] === rule.extension;
  if (rule.fixed !== undefined || rule.pattern !== undefined) return meets(rule);
  const tests = (discriminators ?? []).map(({ path }) => testAt(rule, path.split('.')));
  if (tests.length === 0 || tests.includes(undefined)) return undefined;
  return (value) => tests.every((test) => test?.(value) === true);
}

const meets =
  ({ fixed, pattern }: ValueRule): IsMember =>
  (value) =>
    (fixed === undefined || isSame(value, fixed)) && (pattern === undefined || holdsPattern(value, pattern));

function testAt(rule: ValueRule, [name, ...rest]: readonly string[]): IsMember | undefined {
  if (name === undefined)
    return rule.fixed === undefined && rule.pattern === undefined ? undefined : meets(rule);
  const child = rule.children.find((each) => each.name === name);
  const test = child && testAt(child, rest);
  if (child === undefined || test === undefined) return undefined;
  return (value) => isNode(value) && child.properties.some((property) => listOf(value[property]).some(test));
}

/** The rules of a profile. */
export function compile({
  url,
  name,
  title,
  type,
  baseDefinition,
  differential,
}: StructureDefinition): Profile {
  const elements = new Map((differential?.element ?? []).map((element) => [element.id ?? '', element]));
  return {
    url,
    name,
    title: title ?? name,
    type,
    base: baseDefinition ?? '',
    rule: valueRule({ elements, id: type, type }),
  };
}
