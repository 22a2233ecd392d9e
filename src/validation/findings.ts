/** What a validation has found so far, and where in the resource it is looking: issues carry FHIRPath expressions. */
import type { FailureKind, Issue } from '../core/failure.ts';

/** A JSON object of a resource. */
export type Node = Readonly<Record<string, unknown>>;

/** More would help nobody, and a body can be made to have a million. */
const ENOUGH = 50;

/** Element names and list indexes from the resource type down. One array is pushed to and popped from all the way. */
export type Place = (string | number)[];

export interface Findings {
  readonly place: Place;
  /** What refuses the resource. */
  readonly issues: Issue[];
  /** What its sender should know, though it is stored. */
  readonly warnings: Issue[];
}

/** Nothing found yet, at the top of a resource of the type. */
export const noFindings = (...place: Place): Findings => ({ place, issues: [], warnings: [] });

/** The FHIRPath of a place: `Patient.name[0].given[1]`. */
export function expressionAt(place: Place): string {
  return place
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('');
}

/** What is found: what it is called, and the code that it is counted by where it has one. */
type What = FailureKind | { readonly kind: FailureKind; readonly detection: string };

function issueAt({ place }: Findings, what: What, message: string, below: Place): Issue {
  const called = typeof what === 'string' ? { kind: what } : what;
  return {
    ...called,
    message,
    expression: [expressionAt(below.length === 0 ? place : [...place, ...below])],
  };
}

/** Notes an issue at the place, or at the element named below it. */
export function report(findings: Findings, what: What, message: string, ...below: Place): void {
  if (findings.issues.length < ENOUGH) findings.issues.push(issueAt(findings, what, message, below));
}

/** Notes what does not refuse the resource. */
export function warn(findings: Findings, what: What, message: string, ...below: Place): void {
  if (findings.warnings.length < ENOUGH) findings.warnings.push(issueAt(findings, what, message, below));
}

/** Whether the value is a JSON object. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The elements of a list, or the one value there is. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

/** The objects at a property, whether it is a list or not. */
export function nodesAt(node: Node, name: string): readonly Node[] {
  return listOf(node[name]).filter(isNode);
}

/** The text at a property, where there is one. */
export function textAt(node: Node, name: string): string | undefined {
  const value = node[name];
  return typeof value === 'string' ? value : undefined;
}
