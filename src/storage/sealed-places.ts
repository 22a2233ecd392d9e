/** Where in a store something is sealed under the master keys: what key rotation seals anew, and what is lost with lost keys. */
import type { Catalog } from '../catalog/index.ts';
import { KEPT_TEXTS, KEPT_USE } from './kept-texts.ts';
import { SIGNING_KEYS, SIGNING_USE } from './signing-keys.ts';
import { pastOf } from './write.ts';

/** Collections whose documents may have `secrets` and `secretKeys`. */
export const collectionsWithSecrets = (catalog: Catalog): readonly string[] =>
  [...catalog.keys()].flatMap((type) => [type, pastOf(type)]);

/** What waits for a person, as it came (pending/kept-ask.ts). */
export const PENDING = 'pending';
export const PENDING_USE = 'pending';

/** The messages that doors were given, as they came (interactions/message.ts). */
export const MESSAGES = 'messages';

/** Collections whose documents are one sealed text each, of no use without its key: by name, with the use. */
export const SEALED_TEXTS: ReadonlyMap<string, string> = new Map([
  [SIGNING_KEYS, SIGNING_USE],
  [KEPT_TEXTS, KEPT_USE],
  [PENDING, PENDING_USE],
  [MESSAGES, MESSAGES],
]);
