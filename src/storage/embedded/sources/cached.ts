/** The copy that an earlier run downloaded, if it is still what it was. */
import { rm, stat } from 'node:fs/promises';
import { checksum, copiesIn, type Copy } from '../cache.ts';
import { unfit } from '../version.ts';
import type { Mongod, Source } from './source.ts';

export const cached: Source = {
  name: 'the copy of an earlier run',
  async seek({ cacheDir, dataVersion, say }) {
    const reasons: string[] = [];
    for (const copy of newestFirst(await copiesIn(cacheDir))) {
      const reason = unfit(copy.version, dataVersion) ?? (await untrusted(copy));
      if (reason === undefined) return found(copy);
      reasons.push(`${copy.path} ${reason}`);
      if (reason === CORRUPTED) {
        say(`The copy of MongoDB at ${copy.path} is not what was downloaded; it is removed.`);
        await rm(copy.path, { force: true });
      }
    }
    return { missing: reasons.length === 0 ? `none in ${cacheDir}` : reasons.join('; ') };
  },
};

const CORRUPTED = 'does not have the checksum it is named by';

async function untrusted(copy: Copy): Promise<string | undefined> {
  const info = await stat(copy.path);
  if (info.uid !== process.getuid?.()) return 'belongs to another user';
  return (await checksum(copy.path)) === copy.sha256 ? undefined : CORRUPTED;
}

const found = ({ path, version }: Copy): Mongod => ({ path, version });

const newestFirst = (copies: readonly Copy[]): Copy[] =>
  copies.toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
