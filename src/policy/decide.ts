/**
 * Whether an ask may go on, and how far it sees. Every rule is asked about each type and interaction that the
 * ask touches (its own, and those of includes, chains and entries); the strictest rule wins.
 */
import type { Ask, Interaction } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import type { Clause } from '../search/clause.ts';

/** What an ask may see of one type: clauses that go into the query itself. */
export interface Limits {
  readonly filter: readonly Clause[];
}

/** `type` is undefined for what belongs to no type (batch, capabilities, system history). */
export type Rule = (
  ask: Ask,
  interaction: Interaction,
  type: string | undefined,
) => Limits | { readonly deny: string };

const decided = Symbol('decided');

/** Leave to touch storage: every Store method asks for one, and only decide() makes one. */
export interface Grant {
  readonly [decided]: true;
  /**
   * What the same ask may see of another type or by another interaction.
   * @throws Failure `forbidden`
   */
  for(interaction: Interaction, type: string | undefined): Limits;
}

/**
 * One denial denies; every filter applies.
 * @throws Failure `forbidden` with the rule's fixed text
 */
export function decide(rules: readonly [Rule, ...Rule[]], ask: Ask): Grant {
  const limits = (interaction: Interaction, type: string | undefined): Limits => ({
    filter: rules.flatMap((rule) => {
      const said = rule(ask, interaction, type);
      return 'deny' in said ? fail('forbidden', said.deny) : said.filter;
    }),
  });
  limits(ask.interaction, ask.type);
  return { [decided]: true, for: limits };
}
