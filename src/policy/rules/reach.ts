/**
 * Whose records a purpose opens to this caller: everybody's, those of people whom it can name, those of people it
 * stands in a relationship to, or its own.
 */
import type { Actor } from '../../core/context.ts';
import type { Catalog } from '../../catalog/index.ts';
import { recipientOf } from '../../consent/recipients.ts';
import type { Pack } from '../../jurisdictions/pack.ts';
import { allOf, NOTHING, type Clause } from '../../search/clause.ts';
import type { Asked, Leaves, Rule } from '../decide.ts';
import { ownAmendments } from '../amendments.ts';
import { ownOrganizations } from '../known.ts';
import type { Obligation } from '../obligations.ts';
import { isOfParts } from '../opened.ts';
import { purposeNamed, type Reach } from '../purposes.ts';
import { hasNoAccount } from '../roles.ts';

/** What is about people because of somebody's work: only those who hold it, and the registry, see it. */
const WORK: ReadonlySet<string> = new Set(['AuditEvent', 'Communication', 'Group', 'MeasureReport', 'Task']);
const BROWSING: ReadonlySet<string> = new Set(['history-type', 'history-system']);
/** Storing and disclosing are two decisions: what is reported is taken whoever the person is. */
const REPORTS: ReadonlySet<string> = new Set(['create']);

/** Makes the rule of a pack, which says how many candidates a search for one person may show. */
export function reach(catalog: Catalog, { lookup }: Pick<Pack, 'lookup'>): Rule {
  const identify = { must: 'identify', most: lookup.candidates } as const;
  return (asked) => {
    const { ask, interaction, type } = asked;
    const row = purposeNamed(ask.actor.purpose);
    const isJudged = !hasNoAccount(ask.actor.role) && !isOfParts(interaction, type);
    return isJudged && row !== undefined && type !== undefined
      ? within({ catalog, identify }, asked, row.reach)
      : {};
  };
}

interface Bounds {
  readonly catalog: Catalog;
  readonly identify: Obligation;
}

function within({ catalog, identify }: Bounds, asked: Asked, how: Reach): ReturnType<Rule> {
  const { type = '', ask } = asked;
  if (WORK.has(type) && how !== 'own') return ofWork(asked);
  // Whoever was launched for a patient has named one.
  if (how === 'identified' && isOfOnePatient(ask.actor)) return {};
  if (catalog.get(type)?.patient.length !== 0) return OF_REACH[how](asked, identify);
  return how === 'all' ? {} : { obligations: [identify] };
}

const isOfOnePatient = ({ patient, scopes = [] }: Actor): boolean =>
  patient !== undefined && scopes.length > 0 && scopes.every(({ level }) => level === 'patient');

/** The registry sees all work, others what their organisation holds. */
function ofWork({ ask: { actor }, known }: Asked): Leaves {
  const recipient = recipientOf(actor.role);
  if (recipient === 'public-health' || recipient === 'privacy') return {};
  return { filter: [{ op: 'in', field: 'custodians', keys: [...ownOrganizations(known)] }] };
}

const OF_REACH: Readonly<Record<Reach, (asked: Asked, identify: Obligation) => ReturnType<Rule>>> = {
  all: () => ({}),
  none: ofWork,
  identified: ({ interaction }, identify) =>
    BROWSING.has(interaction) ? { deny: 'browsing' } : { obligations: [identify] },
  related: ({ interaction, known }, identify) => {
    if (BROWSING.has(interaction)) return { deny: 'browsing' };
    if (REPORTS.has(interaction)) return {};
    const holders = ownOrganizations(known).map((id) => `organization:${id}`);
    return { obligations: [identify], related: { holders, today: known.today } };
  },
  own: ({ ask, interaction, type, known: { patients } }) => {
    const own = inRecordsOf(patients);
    if (type !== 'Task') return { filter: [own] };
    // A wish comes by its operation alone, which says of whom and by whom it is.
    if (interaction === 'create' && ask.interaction !== 'operation') return { deny: 'own_record_only' };
    return { filter: [own, ...ownAmendments(ask.actor)] };
  },
};

/** In the record of one of these people, and in no second one: a list of several is not one person's to see. */
export const inRecordsOf = (patients: readonly string[]): Clause =>
  patients.length === 0
    ? NOTHING
    : allOf([
        { op: 'in', field: 'patients', keys: [...patients] },
        { op: 'exists', field: 'patients.1', exists: false },
      ]);
