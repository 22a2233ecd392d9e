/** Organization/[id]/$participation: how an organisation, or somebody of it, stands. */
import type { Handler } from '../../interactions/rooms.ts';
import { stateIn } from '../../policy/rules/standing.ts';
import { inputsOf } from '../inputs.ts';
import { standingAnswer, subjectOf } from './change.ts';
import { checkMayChange } from './may-change.ts';

export const participation: Handler = async (rooms, ask, grant, entry) => {
  const subject = await subjectOf(rooms, ask, inputsOf(ask, ['account', 'client']));
  const by = ['registry-manager', 'registry-staff', 'privacy-officer', 'auditor'] as const;
  checkMayChange(grant, { by, byManager: true, bySelf: true }, subject);
  entry.wrote(`Organization/${ask.id ?? ''}`);
  return standingAnswer(subject, stateIn(subject, grant.known));
};
