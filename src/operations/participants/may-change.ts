/** Who may change what participant: by role, as its manager, or for itself (participants/changes.ts). */
import type { Change } from '../../participants/changes.ts';
import { Denied, type Grant } from '../../policy/decide.ts';
import { ownOrganizations } from '../../policy/known.ts';
import type { Participant } from '../../policy/participant.ts';
import { hasNoAccount, mayManage, roleOf } from '../../policy/roles.ts';

type Rights = Pick<Change, 'by' | 'byManager' | 'bySelf'>;

/** @throws Denied `not_manager` */
export function checkMayChange(grant: Grant, rights: Rights, subject: Participant): void {
  const { role } = grant.actor;
  const allowed =
    hasNoAccount(role) ||
    (rights.by as readonly string[]).includes(role) ||
    (rights.bySelf === true && isSelf(grant, subject)) ||
    (rights.byManager === true && isManager(grant, subject));
  if (!allowed) throw new Denied('not_manager');
}

function isSelf({ actor: { client, user } }: Grant, { _id }: Participant): boolean {
  return _id === (user === undefined ? `client:${client}` : `account:${user}`);
}

/** Whether somebody manages a role, where it may; an organisation and its sites are its administrator's. */
function isManager({ actor: { role }, known }: Grant, subject: Participant): boolean {
  if (roleOf(role)?.manages.where === 'everywhere') return true;
  const own = ownOrganizations(known).slice(0, 1);
  if (subject.what === 'organization') {
    const ids = [subject._id.slice('organization:'.length), subject.organization];
    return role === 'organization-administrator' && ids.some((id) => id !== undefined && own.includes(id));
  }
  return (
    subject.role !== undefined &&
    mayManage(role, subject.role) &&
    subject.organization !== undefined &&
    own.includes(subject.organization)
  );
}
