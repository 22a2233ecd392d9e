/**
 * What the registry keeps, and how the other rooms ask for it. Resources are stored as the text that is
 * served, beside the keys they are found by.
 */
import type { Keyed } from '../search/keys.ts';

/** A stored version of a resource. Current versions and superseded ones have the same shape. */
export interface Stored extends Keyed {
  readonly version: number;
  /** The resource as served: JSON text with its meta, secrets masked. */
  readonly json: string;
}
