/**
 * Whether an ask may go on, and how far it sees. Every rule is asked about each type and interaction that the
 * ask touches (its own, and those of includes, chains and entries); the strictest rule wins.
 */
import type { Actor, Ask, Interaction } from '../core/context.ts';
import { Failure } from '../core/failure.ts';
import type { Clause } from '../search/clause.ts';
import { holds } from '../search/holds.ts';
import type { Keyed } from '../search/keys.ts';
import { DENIALS, type Denial } from './denials.ts';
import type { Known } from './known.ts';
import { hiddenOf, OPEN, type Mask } from './mask.ts';
import type { Obligation } from './obligations.ts';
import type { StatusSight } from '../status/status.ts';
import { statusSight } from './status-sight.ts';

/** Whose relationships open records, on which civil day. */
export interface Related {
  readonly holders: readonly string[];
  readonly today: string;
}

/** What an ask may see of one type. */
export interface Limits {
  /** Clauses that go into the query itself, and that what it writes must meet. */
  readonly filter: readonly Clause[];
  /** What of each resource is hidden. */
  readonly mask: Mask;
  /** Of people: whose statuses it sees. */
  readonly statuses: StatusSight;
  /** The patients of what it reads must stand in these relationships (storage/related.ts). */
  readonly related: readonly Related[];
  readonly obligations: readonly Obligation[];
}

/** What one rule leaves of a type; what it does not speak of, it leaves alone. */
export interface Leaves {
  readonly filter?: readonly Clause[];
  /** Element paths that are hidden, as the catalog writes them (`address.line`). */
  readonly hides?: readonly string[];
  /** Element paths that are shown in part, and cannot be searched by. */
  readonly closes?: readonly string[];
  readonly related?: Related;
  readonly obligations?: readonly Obligation[];
}

/** Policy said no; the code goes to the caller's software, the text to whoever reads it. */
export class Denied extends Failure {
  readonly denial: Denial;
  constructor(denial: Denial, expression: readonly string[] = []) {
    super({ kind: 'forbidden', message: DENIALS[denial], expression });
    this.denial = denial;
  }
}

/** What a rule is asked about. */
export interface Asked {
  readonly ask: Ask;
  readonly known: Known;
  readonly interaction: Interaction;
  /** Undefined for what belongs to no type (batch, capabilities, system history). */
  readonly type: string | undefined;
}

/** Pure: values in, values out. It can only narrow what other rules leave. */
export type Rule = (asked: Asked) => Leaves | { readonly deny: Denial };

const decided = Symbol('decided');

/** Leave to touch storage: every Store method asks for one, and only decide() makes one. */
export interface Grant {
  readonly [decided]: true;
  /** Whose leave it is, and what was known when it was given. */
  readonly actor: Actor;
  readonly known: Known;
  /**
   * What the same ask may see of another type or by another interaction.
   * @throws Denied
   */
  for(interaction: Interaction, type: string | undefined): Limits;
  /** Whether it may see any of it: what is only brought along is left out instead of refused. */
  may(interaction: Interaction, type: string): boolean;
  /** What is hidden of a type, whichever way it is reached. */
  mask(type: string): Mask;
  /** Whether a document lies within what the interaction opens: what it would leave, or what it would show. */
  admits(interaction: Interaction, type: string, document: Keyed): boolean;
}

/**
 * One denial denies; every filter, every mask and every obligation applies.
 * @throws Denied with the rule's fixed text
 */
export function decide(rules: readonly [Rule, ...Rule[]], ask: Ask, known: Known): Grant {
  const judged = new Map<string, Limits | { readonly deny: Denial }>();
  const judge = (interaction: Interaction, type: string | undefined): Limits | { readonly deny: Denial } => {
    const name = `${interaction} ${type ?? ''}`;
    const before = judged.get(name);
    if (before !== undefined) return before;
    const said = limitsOf(rules, { ask, known, interaction, type });
    judged.set(name, said);
    return said;
  };
  const limits = (interaction: Interaction, type: string | undefined): Limits => {
    const said = judge(interaction, type);
    if ('deny' in said) throw new Denied(said.deny);
    return said;
  };
  limits(ask.interaction, ask.type);
  return {
    [decided]: true,
    actor: ask.actor,
    known,
    for: limits,
    may: (interaction, type) => !('deny' in judge(interaction, type)),
    mask: (type) => {
      const said = SHOWING.map((interaction) => judge(interaction, type)).find((each) => !('deny' in each));
      return said === undefined || 'deny' in said ? OPEN : said.mask;
    },
    admits: (interaction, type, document) => {
      const said = judge(interaction, type);
      return !('deny' in said) && said.filter.every((clause) => isMet(clause, document));
    },
  };
}

/** What is only to be stored has no entries of sight yet: storing is another decision than disclosing. */
const isMet = (clause: Clause, document: Keyed): boolean =>
  (clause.op === 'sighted' && document.visibility === undefined) || holds(clause, document);

const SHOWING: readonly Interaction[] = ['read', 'search-type'];
/** Interactions that build on what is there: who does not see all of it would write over what is hidden, or test it. */
const BUILDING: ReadonlySet<Interaction> = new Set(['update', 'patch']);

function limitsOf(rules: readonly Rule[], asked: Asked): Limits | { readonly deny: Denial } {
  const all: Leaves[] = [];
  for (const rule of rules) {
    const said = rule(asked);
    if ('deny' in said) return said;
    all.push(said);
  }
  const mask = hiddenOf(
    all.flatMap(({ hides = [] }) => hides),
    all.flatMap(({ closes = [] }) => closes),
  );
  if (mask.hides.length > 0 && BUILDING.has(asked.interaction)) return { deny: 'masked' };
  return {
    filter: all.flatMap(({ filter = [] }) => filter),
    mask,
    statuses: statusSight(asked.ask.actor, asked.known),
    related: all.flatMap(({ related }) => related ?? []),
    obligations: all.flatMap(({ obligations = [] }) => obligations),
  };
}
