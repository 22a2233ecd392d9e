/** What a profile demands of an element, ready to be checked: as compile.ts makes it, once, of a StructureDefinition. */
import type { Node } from '../findings.ts';

export interface Binding {
  readonly strength: 'required' | 'extensible';
  readonly valueSet: string;
}

/** A constraint of a profile, as a function of the element that it is on. */
export interface Constraint {
  readonly key: string;
  readonly human: string;
  readonly isWarning: boolean;
  readonly holds: (node: Node) => boolean;
}

/** What holds for each value of an element. */
export interface ValueRule {
  /** The value must be this, or have at least this. */
  readonly fixed?: unknown;
  readonly pattern?: unknown;
  readonly binding?: Binding;
  /** Types that a reference may lead to. */
  readonly targets?: readonly string[];
  readonly constraints: readonly Constraint[];
  readonly children: readonly ElementRule[];
  /** Canonical of the profile that an extension must meet. */
  readonly extension?: string;
}

export interface SliceRule extends ValueRule {
  readonly slice: string;
  readonly min: number;
  readonly max: number;
  readonly isMember: (value: unknown) => boolean;
}

export interface ElementRule extends ValueRule {
  /** Without `[x]`. */
  readonly name: string;
  /** The properties that may carry it. */
  readonly properties: readonly string[];
  /** Those that may not, because the profile leaves out their types. */
  readonly refused: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly slices: readonly SliceRule[];
}

export interface Profile {
  readonly url: string;
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly base: string;
  readonly rule: ValueRule;
}
