/** Who sees one status of several (policy/status-sight.ts) cannot search by all of them. */
import { PROVIDER_STATUS } from '../../status/extensions.ts';
import type { Leaves, Rule } from '../decide.ts';
import { isRegistryStaff } from '../roles.ts';

const CLOSED: Leaves = { closes: [`extension[url=${PROVIDER_STATUS}]`] };

export const statuses: Rule = ({ ask: { actor }, type }) =>
  type !== 'Patient' || isRegistryStaff(actor.role) ? {} : CLOSED;
