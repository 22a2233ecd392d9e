/** How much one search may ask. */

/** Matches on a page when `_count` is absent, and at most. */
export const COUNT_DEFAULT = 50;
export const COUNT_MAX = 500;
/** Parameters in a query: every one is a clause. */
export const PARAMETERS_MAX = 50;
/** Values joined by commas: registries ask for many identifiers at once when they match. */
export const VALUES_MAX = 500;
export const SORT_KEYS_MAX = 3;
export const INCLUDES_MAX = 20;
/** Characters of a text that are indexed; a search for more could not tell what comes after. */
export const TEXT_MAX = 128;
/** Characters of a key; what is longer is kept as its beginning and a hash. */
export const KEY_MAX = 160;
/** Characters that are sure to be kept of a key: beginnings can be asked for up to here. */
export const WHOLE_MAX = 137;
/** Characters of a page link's cursor: with the base it must fit where URLs are cut at 8 KB. */
export const CURSOR_MAX = 6000;
/** References that one criterion may follow, one after the other (`a.b.c=x`, `_has` inside `_has`). */
export const CHAIN_MAX = 3;
/** Chained criteria of a query: each is a search of its own. */
export const CHAINS_MAX = 10;
/** Resources that a step of a chain may lead to. */
export const CHAIN_IDS_MAX = 1000;
/** Resources that a step of a chain may read to find where they lead: many doses are of one patient. */
export const CHAIN_READ_MAX = 10_000;
/** Codes of a value set that a search can ask for at once. */
export const EXPANSION_MAX = 2000;
/** Of a stretch of time no longer than this a population has few events and births. */
export const SHORT_STRETCH_MS = 31 * 86_400_000;
/** Letters with which a text begins that few names share. */
export const TELLING_LETTERS = 3;
/** Months that a search by a date without an order of its own may span. */
export const LEAD_MONTHS_MAX = 36;
