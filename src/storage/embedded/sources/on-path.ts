/** The `mongod` that is installed on the machine. */
import { probe, unfit } from '../version.ts';
import type { Source } from './source.ts';

export const onPath: Source = {
  name: 'mongod on the PATH',
  async seek({ dataVersion }) {
    const found = await probe('mongod');
    if ('missing' in found) return found;
    const reason = unfit(found.version, dataVersion);
    return reason === undefined ? found : { missing: reason };
  },
};
