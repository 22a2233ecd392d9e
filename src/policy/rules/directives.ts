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
import type { Pack, Recipient } from '../../jurisdictions/pack.ts';
import { NOTHING, type Clause } from '../../search/clause.ts';
import type { Rule } from '../decide.ts';

/** Makes the rule of a pack. */
export function directives(catalog: Types, pack: Pack): Rule {
  return ({ ask: { actor }, known, interaction, type }) => {
    const entry = type === undefined ? undefined : catalog.get(type);
    const recipient = recipientOf(actor.role);
    // Public health's sight holds whatever a person says.
    if (entry === undefined || interaction === 'create' || recipient === 'public-health') return {};
    if (entry.patient.length > 0 && isShutOut(pack, recipient)) return { filter: [NOTHING] };
    return isSighted(entry) ? { filter: [sightOf(actor, known.today)] } : {};
  };
}

/** Whether no individual record is shown to its kind at all. */
const isShutOut = ({ recipients }: Pack, recipient: Recipient | undefined): boolean =>
  recipient !== undefined && recipients[recipient]?.access === 'none';

function sightOf({ role, organization, purpose }: Actor, day: string): Clause {
  const keys = keysOf({
    recipient: recipientOf(role),
    organizations: organization === undefined ? [] : [organization],
    purposes: [purpose],
  });
  return { op: 'sighted', keys, day };
}
