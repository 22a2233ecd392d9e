/** What the purpose of use and the security role leave of an ask: types, interactions and fields. */
import type { Interaction } from '../../core/context.ts';
import type { Asked, Rule } from '../decide.ts';
import { isOfParts, isOpened } from '../opened.ts';
import { purposeNamed, type Purpose } from '../purposes.ts';
import { hasNoAccount, purposeOf, roleOf, type Role } from '../roles.ts';

/** Asks that look among records; an operation on one record reads its parts all the same. */
const SEARCHES: ReadonlySet<Interaction> = new Set(['search-type', 'history-type', 'history-system']);

export const purpose: Rule = (asked) => {
  const { actor } = asked.ask;
  if (hasNoAccount(actor.role)) return {};
  const row = purposeNamed(actor.purpose);
  if (row === undefined) return { deny: 'no_such_purpose' };
  const role = roleOf(actor.role);
  if (role === undefined || purposeOf(role, actor.purpose) === undefined)
    return { deny: 'purpose_not_yours' };
  if (row.isPersonal === true && actor.user === undefined) return { deny: 'purpose_of_people' };
  if (row.isUnsearched === true && SEARCHES.has(asked.ask.interaction)) return { deny: 'no_search' };
  return opened(asked, role, row);
};

function opened({ interaction, type }: Asked, role: Role, { opens, hides }: Purpose): ReturnType<Rule> {
  if (isOfParts(interaction, type)) return {};
  if (!isOpened(role.scopes, interaction, type)) return { deny: 'beyond_role' };
  if (!isOpened(opens, interaction, type)) return { deny: 'beyond_purpose' };
  return { hides: hides?.[type ?? ''] ?? [] };
}
