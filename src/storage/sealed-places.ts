/** Where in a store something is sealed under the master keys: what key rotation seals anew, and what is lost with lost keys. */
import type { Catalog } from '../catalog/index.ts';
import { SIGNING_KEYS } from './signing-keys.ts';
import { pastOf } from './write.ts';

/** Collections whose documents may have `secrets` and `secretKeys`. */
export const collectionsWithSecrets = (catalog: Catalog): readonly string[] =>
  [...catalog.keys()].flatMap((type) => [type, pastOf(type)]);

/** Collections whose documents are of no use unopened, and are made anew where they are missing. */
export const SEALED_WHOLE: ReadonlySet<string> = new Set([SIGNING_KEYS]);
