/** What a load client sends and what it expects back. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** FHIR's JSON where nothing is said. */
  readonly contentType?: string;
  readonly status: number;
  /** What the body of an answer has in it that is none of a failure. */
  readonly expects?: string;
}

/** Makes the next request; never runs dry. */
export type Aim = () => Shot;
