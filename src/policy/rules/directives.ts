/**
 * What directives and vital status leave of a record: a clause that goes into the query, for every type whose sight
 * the standing of the patient decides. It speaks of what is shown and changed, not of what is newly stored: storing and
 * disclosing are two decisions.
 */
import { isSighted } from '../../catalog/define.ts';
import type { Types } from '../../catalog/index.ts';
import { EMERGENCY, keysOf } from '../../consent/keys.ts';
import { recipientOf } from '../../consent/recipients.ts';
import type { Actor } from '../../core/context.ts';
import type { Pack } from '../../jurisdictions/pack.ts';
import { allOf, anyOf, NOTHING, type Clause } from '../../search/clause.ts';
import type { Asked, Rule } from '../decide.ts';
import { emergencyDenial, isOfOpened, isOpening } from '../emergency.ts';
import { ownOrganizations, submitterOf, type Known } from '../known.ts';
import { purposeAndAbove } from '../purposes.ts';
import { inRecordsOf } from './reach.ts';

/** Makes the rule of a pack. */
export function directives(catalog: Types, pack: Pack): Rule {
  return (asked) => {
    const { interaction, type } = asked;
    const entry = type === undefined ? undefined : catalog.get(type);
    if (entry === undefined || entry.patient.length === 0 || interaction === 'create') return {};
    const clause = sightOf(pack, asked);
    // What is derived from doses is shown to who sees those; who looked at a record, by the caller's role.
    return clause !== undefined && (isSighted(entry) || clause === NOTHING) ? { filter: [clause] } : {};
  };
}

/** The sight of an ask: its caller's, wider where it opens or has opened a record in an emergency. */
function sightOf(pack: Pack, { ask, known }: Asked): Clause | undefined {
  const { emergencies = [] } = known;
  const sight = sightFor(pack, ask.actor, known);
  const isOpen = isOpening(ask) || (emergencies.length > 0 && isOfOpened(ask));
  if (sight?.op !== 'sighted' || !isOpen || emergencyDenial(pack, ask.actor) !== undefined) return sight;
  const wide: Clause = { ...sight, keys: [...sight.keys, EMERGENCY] };
  return isOpening(ask) ? wide : anyOf([sight, allOf([inRecordsOf(emergencies), wide])]);
}

/**
 * What directives leave of records to a caller on the day of the ask; undefined for public health, whose sight holds
 * whatever a person says. Whom a caller belongs to is what the registry knows: its organisation, and those of which
 * that is a site.
 */
export function sightFor({ recipients }: Pack, actor: Actor, known: Known): Clause | undefined {
  const recipient = recipientOf(actor.role);
  if (recipient === 'public-health') return undefined;
  if (recipient !== undefined && recipients[recipient]?.access === 'none') return NOTHING;
  const organizations = [...new Set([submitterOf(known, actor), ...ownOrganizations(known)])];
  const purposes = purposeAndAbove(actor.purpose);
  return { op: 'sighted', keys: keysOf({ recipient, organizations, purposes }), day: known.today };
}
