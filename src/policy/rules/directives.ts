/**
 * What directives and vital status leave of a record: a clause that goes into the query, for every type whose sight
 * the standing of the patient decides. It speaks of what is shown and changed, not of what is newly stored: storing and
 * disclosing are two decisions.
 */
import { isSighted } from '../../catalog/define.ts';
import type { Types } from '../../catalog/index.ts';
import { keysOf } from '../../consent/keys.ts';
import { recipientOf } from '../../consent/recipients.ts';
import type { Actor } from '../../core/context.ts';
import type { Pack } from '../../jurisdictions/pack.ts';
import { NOTHING, type Clause } from '../../search/clause.ts';
import type { Rule } from '../decide.ts';

/** Makes the rule of a pack. */
export function directives(catalog: Types, pack: Pack): Rule {
  return ({ ask: { actor }, known, interaction, type }) => {
    const entry = type === undefined ? undefined : catalog.get(type);
    if (entry === undefined || entry.patient.length === 0 || interaction === 'create') return {};
    const clause = sightFor(pack, actor, known.today);
    // What is derived from doses is shown to who sees those; who looked at a record, by the caller's role.
    return clause !== undefined && (isSighted(entry) || clause === NOTHING) ? { filter: [clause] } : {};
  };
}

/**
 * What directives leave of records to a caller on a civil day; undefined for public health, whose sight holds whatever
 * a person says.
 */
export function sightFor({ recipients }: Pack, actor: Actor, day: string): Clause | undefined {
  const recipient = recipientOf(actor.role);
  if (recipient === 'public-health') return undefined;
  if (recipient !== undefined && recipients[recipient]?.access === 'none') return NOTHING;
  // A program that belongs to no organization stands for itself, as the submitter of what it reported.
  const { client, organization = client, purpose } = actor;
  return {
    op: 'sighted',
    keys: keysOf({ recipient, organizations: [organization], purposes: [purpose] }),
    day,
  };
}
