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
/** Characters of a page link's cursor: with the base it must fit where URLs are cut at 8 KB. */
export const CURSOR_MAX = 6000;
