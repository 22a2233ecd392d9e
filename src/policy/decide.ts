/**
 * Whether an ask may go on, and how far it sees. Every rule is asked about each type and interaction that the
 * ask touches (its own, and those of includes, chains and entries); the strictest rule wins.
 */
import type { Actor, Ask, Interaction } from '../core/context.ts';
import { Failure } from '../core/failure.ts';
import type { Clause } from '../search/clause.ts';
import { DENIALS, type Denial } from './denials.ts';

/** What an ask may see of one type: clauses that go into the query itself, and that what it writes must meet. */
export interface Limits {
  readonly filter: readonly Clause[];
}

/** Policy said no; the code goes to the caller's software, the text to whoever reads it. */
export class Denied extends Failure {
  readonly denial: Denial;
  constructor(denial: Denial, expression: readonly string[] = []) {
    super({ kind: 'forbidden', message: DENIALS[denial], expression });
    this.denial = denial;
  }
}

/** `type` is undefined for what belongs to no type (batch, capabilities, system history). */
export type Rule = (
  ask: Ask,
  interaction: Interaction,
  type: string | undefined,
) => Limits | { readonly deny: Denial };

const decided = Symbol('decided');

/** Leave to touch storage: every Store method asks for one, and only decide() makes one. */
export interface Grant {
  readonly [decided]: true;
  /** Whose leave it is. */
  readonly actor: Actor;
  /**
   * What the same ask may see of another type or by another interaction.
   * @throws Denied
   */
  for(interaction: Interaction, type: string | undefined): Limits;
  /** Whether it may see any of it: what is only brought along is left out instead of refused. */
  may(interaction: Interaction, type: string): boolean;
}

/**
 * One denial denies; every filter applies.
 * @throws Denied with the rule's fixed text
 */
export function decide(rules: readonly [Rule, ...Rule[]], ask: Ask): Grant {
  const judge = (interaction: Interaction, type: string | undefined): Limits | { readonly deny: Denial } => {
    const filter: Clause[] = [];
    for (const rule of rules) {
      const said = rule(ask, interaction, type);
      if ('deny' in said) return said;
      filter.push(...said.filter);
    }
    return { filter };
  };
  const limits = (interaction: Interaction, type: string | undefined): Limits => {
    const said = judge(interaction, type);
    if ('deny' in said) throw new Denied(said.deny);
    return said;
  };
  limits(ask.interaction, ask.type);
  const may = (interaction: Interaction, type: string): boolean => !('deny' in judge(interaction, type));
  return { [decided]: true, actor: ask.actor, for: limits, may };
}
