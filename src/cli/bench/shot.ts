/** What a load client sends and what it expects back. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly status: number;
}

/** Makes the next request; never runs dry. */
export type Aim = () => Shot;
