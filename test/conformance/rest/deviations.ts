/** Where this server decides otherwise than a rule advises, or answers a rule later; each decision has a test. */

export interface Deviation {
  /** Number of the rule, as in the names of the tests. */
  readonly rule: number;
  readonly decision: string;
  readonly reason: string;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    rule: 8,
    decision: '_summary and _elements are not taken together: 400.',
    reason: 'R4 does not say which of them would win.',
  },
  {
    rule: 28,
    decision: 'If-Match is never demanded.',
    reason: 'R4 leaves it to the server; writers of one version are kept apart without it.',
  },
  {
    rule: 31,
    decision: 'updateCreate is not declared: a PUT to an unknown id is 405.',
    reason:
      'Ids are the registry’s; a chosen one could collide with that of a record which the caller may not see.',
  },
  {
    rule: 40,
    decision: 'A conditional delete without a match is 204.',
    reason: 'What is wished is so already, as after any second delete.',
  },
  {
    rule: 59,
    decision: 'Searches are strict unless "Prefer: handling=lenient" is sent.',
    reason: 'A criterion left out finds the records of people who were not asked for.',
  },
  {
    rule: 67,
    decision: '_total=estimate is counted exactly; the total of one page is given also with _total=none.',
    reason: 'An exact count within the limits is the best estimate; a whole answer has counted itself.',
  },
  {
    rule: 85,
    decision: 'A condition (If-None-Exist, PUT, PATCH or DELETE with a query) takes no chains: 400.',
    reason: 'What a chain leads through may change between the search and the write.',
  },
  {
    rule: 91,
    decision: 'A history takes no _count=0, and gives a total only where one page holds all.',
    reason: 'Counting versions means reading them (CVE-2021-32053).',
  },
  {
    rule: 95,
    decision:
      'A read that fails fails its transaction where that can be known before; else it is told in its entry.',
    reason: 'A read has to see what was written, which is done by then.',
  },
  {
    rule: 96,
    decision: 'Elements of type canonical are not rewritten.',
    reason: 'R4 http.html#trules says so in as many words.',
  },
  {
    rule: 102,
    decision: 'Bundles are not kept: POST [base]/Bundle is 404.',
    reason: 'A registry keeps what is in a Bundle, each part under its own rules.',
  },
  {
    rule: 114,
    decision: 'Nothing is throttled yet; the answer is tested in the table of errors.',
    reason: 'Limits for each client come with the clients.',
  },
];
