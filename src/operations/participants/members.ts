/** Organization/[id]/$members: the people whom an organisation holds a relationship to, as a Group, page by page. */
import type { Group } from '@medplum/fhirtypes';
import { fail } from '../../core/failure.ts';
import type { Handler } from '../../interactions/rooms.ts';
import { inputsOf } from '../inputs.ts';
import { checkMayChange } from './may-change.ts';
import type { Participant } from '../../policy/participant.ts';

const COUNT_MOST = 500;
const COUNT_DEFAULT = 100;

export const members: Handler = async (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, ['_count', 'after']);
  const holder = `organization:${ask.id ?? ''}`;
  const participant = (await rooms.store.note('participants', holder)) as Participant | undefined;
  if (participant === undefined) return fail('not-found', 'The organization takes no part in the registry.');
  if (grant.known.organizations[0]?._id !== holder) {
    checkMayChange(grant, { by: ['registry-manager', 'registry-staff'] }, participant);
  }
  const count = Math.min(inputs.count('_count') ?? COUNT_DEFAULT, COUNT_MOST);
  const held = await rooms.store.heldBy(holder, grant.known.today, {
    after: inputs.text('after') ?? '',
    count,
  });
  // Whom a directive hides from the caller is on no list.
  const seen = await rooms.store.readMany(
    grant,
    'Patient',
    held.map(({ patient }) => patient),
  );
  const shown = new Set(seen.map(({ _id }) => _id));
  entry.concerns([...shown]);
  const group: Group = {
    resourceType: 'Group',
    type: 'person',
    actual: true,
    managingEntity: { reference: `Organization/${ask.id ?? ''}` },
    member: held
      .filter(({ patient }) => shown.has(patient))
      .map(({ patient, from, until }) => ({
        entity: { reference: `Patient/${patient}` },
        period: { start: from, ...(until !== undefined && { end: until }) },
      })),
  };
  return {
    status: 200,
    body: JSON.stringify(group.member?.length === 0 ? { ...group, member: undefined } : group),
  };
};
