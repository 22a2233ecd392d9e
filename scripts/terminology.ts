/**
 * Rewrites profiles/terminology/ from a folder of code tables and says what changed, as `fhir-iis terminology` does:
 * `node scripts/terminology.ts DIR [RELEASE] [OUT]`, where RELEASE is what the folder's origin calls its state.
 */
import { TABLES_FOLDER } from '../src/fhir/profile-files.ts';
import { takeRelease } from '../src/terminology/release/take.ts';

const [from, name = 'unnamed', to = TABLES_FOLDER] = process.argv.slice(2);
if (from === undefined)
  throw new Error('Say which folder holds the code tables: node scripts/terminology.ts DIR [RELEASE] [OUT]');
process.stdout.write(takeRelease({ from, name, to }));
