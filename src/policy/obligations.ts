/** What policy asks of those who carry out an ask that it lets go on. */
export type Obligation =
  /** A search of people must name one well enough, and shows so many candidates at most. */
  { readonly must: 'identify'; readonly most: number };
