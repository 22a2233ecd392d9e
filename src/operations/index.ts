/** Every `$operation` by its name in the catalog, and who carries it out. */
import type { Handler } from '../interactions/rooms.ts';
import { everything } from './everything.ts';
import { meta } from './meta.ts';

export const operations: ReadonlyMap<string, Handler> = new Map([
  ['meta', meta],
  ['everything', everything],
]);
