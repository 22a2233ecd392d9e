/**
 * Whether a resource meets the registry's profile of its type. What it claims to meet (`meta.profile`) or is asked to
 * meet refuses it; of others the sender is told, and the resource is stored.
 */
import type { FailureKind } from '../../core/failure.ts';
import { library } from '../../terminology/library.ts';
import { memberKey, type Members } from '../../terminology/value-set.ts';
import {
  expressionAt,
  isNode,
  listOf,
  nodesAt,
  report,
  warn,
  type Findings,
  type Node,
  type Place,
} from '../findings.ts';
import { holdsPattern, isSame } from './pattern.ts';
import { profileFor, profiles } from './profiles.ts';
import type { Binding, ElementRule, Profile, SliceRule, ValueRule } from './rule.ts';

interface Inspection {
  readonly findings: Findings;
  readonly profile: Profile;
  readonly isDemanded: boolean;
}

/** What another check has said of the same place, of what it is in or of what is in it, is not said again. */
function isToldOf({ issues, warnings }: Findings, expression: string): boolean {
  const isRelated = (other: string): boolean => other.startsWith(expression) || expression.startsWith(other);
  return (
    issues.some((issue) => issue.expression?.some(isRelated)) ||
    warnings.some((issue) => issue.expression?.includes(expression))
  );
}

function tell(
  { findings, profile, isDemanded }: Inspection,
  kind: FailureKind,
  says: string,
  ...below: Place
): void {
  if (isToldOf(findings, expressionAt([...findings.place, ...below]))) return;
  const say = isDemanded ? report : warn;
  say(findings, kind, `${profile.name}: ${says}`, ...below);
}

const isIn = (members: Members, { system, code }: Node): boolean =>
  typeof code === 'string' && members.has(memberKey(typeof system === 'string' ? system : '', code));

function holdsBinding(members: Members, value: unknown): boolean {
  if (typeof value === 'string') return members.values().some(({ code }) => code === value);
  if (!isNode(value)) return true;
  if (value['coding'] === undefined) return isIn(members, value);
  return nodesAt(value, 'coding').some((coding) => isIn(members, coding));
}

/** Words alone are enough for an extensible binding: there may be no code for what they say. */
const isWordsOnly = (value: unknown): boolean =>
  isNode(value) && value['coding'] === undefined && value['text'] !== undefined;

function checkBinding(inspection: Inspection, { strength, valueSet }: Binding, value: unknown): void {
  const members = library().members(valueSet);
  if (members === undefined || holdsBinding(members, value)) return;
  if (strength === 'required') tell(inspection, 'code-invalid', `the code must be one of ${valueSet}.`);
  else if (!isWordsOnly(value))
    warn(
      inspection.findings,
      'code-invalid',
      `${inspection.profile.name}: the code is not one of ${valueSet}; take one of them where one says the same.`,
    );
}

const REFERENCE = /^([A-Z][A-Za-z]+)\//;

function leadsTo(targets: readonly string[], value: unknown): boolean {
  const text = isNode(value) ? value['reference'] : undefined;
  const type = typeof text === 'string' ? REFERENCE.exec(text)?.[1] : undefined;
  return type === undefined || targets.includes(type);
}

function checkConstraints({ findings, ...rest }: Inspection, rule: ValueRule, node: Node): void {
  for (const { key, human, isWarning, holds } of rule.constraints) {
    if (holds(node)) continue;
    if (isWarning) warn(findings, 'invariant', `${key}: ${human}.`);
    else tell({ findings, ...rest }, 'invariant', `${key}: ${human}.`);
  }
}

function checkValue(inspection: Inspection, rule: ValueRule, value: unknown): void {
  if (rule.fixed !== undefined && !isSame(value, rule.fixed))
    tell(inspection, 'invalid', 'the value must be the one that the profile fixes.');
  if (rule.pattern !== undefined && !holdsPattern(value, rule.pattern))
    tell(inspection, 'invalid', 'the value must have what the pattern of the profile has.');
  if (rule.binding !== undefined) checkBinding(inspection, rule.binding, value);
  if (rule.targets !== undefined && !leadsTo(rule.targets, value))
    tell(inspection, 'invalid', `this refers to ${rule.targets.join(', ')} only.`);
  if (isNode(value)) checkNode(inspection, rule, value);
}

function checkNode(inspection: Inspection, rule: ValueRule, node: Node): void {
  checkConstraints(inspection, rule, node);
  for (const child of rule.children) checkElement(inspection, child, node);
  const extension = rule.extension === undefined ? undefined : profiles().byUrl.get(rule.extension);
  if (extension !== undefined) checkNode(inspection, extension.rule, node);
}

interface Counted {
  readonly min: number;
  readonly max: number;
}

/** @param name what is counted: an element, or a slice of it */
function checkCount(inspection: Inspection, { min, max }: Counted, count: number, name: string): void {
  if (count < min)
    tell(inspection, 'required', `${name} must be there${min > 1 ? ` ${min} times` : ''}; send it.`);
  if (count > max)
    tell(inspection, 'invalid', `${name} may be there ${max === 0 ? 'not at all' : `${max} times`}.`);
}

function checkSlice(inspection: Inspection, slice: SliceRule, values: readonly unknown[]): void {
  const { place } = inspection.findings;
  let count = 0;
  values.forEach((value, at) => {
    if (!slice.isMember(value)) return;
    count += 1;
    place.push(at);
    checkValue(inspection, slice, value);
    place.pop();
  });
  checkCount(inspection, slice, count, `the part "${slice.slice}"`);
}

function checkElement(inspection: Inspection, rule: ElementRule, node: Node): void {
  const { place } = inspection.findings;
  const values = rule.properties.flatMap((property) => listOf(node[property]));
  const isThere = (property: string): boolean => node[`_${property}`] !== undefined;
  place.push(rule.name);
  // Extensions may stand in for a value.
  if (values.length > 0 || !rule.properties.some(isThere))
    checkCount(inspection, rule, values.length, rule.name);
  if (rule.refused.some((property) => node[property] !== undefined))
    tell(inspection, 'invalid', 'the value has a type that the profile does not take.');
  const isList = rule.properties.some((property) => Array.isArray(node[property]));
  values.forEach((value, at) => {
    if (isList) place.push(at);
    checkValue(inspection, rule, value);
    if (isList) place.pop();
  });
  for (const slice of rule.slices) checkSlice(inspection, slice, values);
  place.pop();
}

function claimedBy({ meta }: Node): readonly string[] {
  return isNode(meta) ? listOf(meta['profile']).filter((each) => typeof each === 'string') : [];
}

/**
 * Notes in what the resource, completed and of sound structure, falls short of the registry's profile of its type.
 *
 * @param asked canonicals that it must meet beside those it claims
 */
export function checkProfile(
  findings: Findings,
  type: string,
  resource: Node,
  asked: readonly string[],
): void {
  const profile = profiles().byType.get(type);
  if (profile === undefined) return;
  const demanded = [...claimedBy(resource), ...asked].some((url) => profileFor(url) === profile);
  checkNode({ findings, profile, isDemanded: demanded }, profile.rule, resource);
}
