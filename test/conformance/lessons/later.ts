/** Lessons that cannot be tested against what this server does so far, and why; all others have a test of their number. */
export const LATER: Readonly<Record<number, string>> = {
  6: 'Nothing is throttled yet, so that no entry of a batch can be.',
  14: 'Pages are walked by a property test of search; rule 69 walks them while others write.',
  18: 'Indexes are derived from the catalog and made at start; a test of storage holds the two together.',
  19: 'No single array holds all keys: texts, dates and hot parameters have indexes of their own.',
  24: 'Search parameters are fixed in the catalog; none can be added while the server runs.',
};
