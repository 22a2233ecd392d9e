/**
 * What passes along the corridor: an Ask goes in by any door, an Answer comes out by the same door.
 * No Express and no HL7 v2 here; a batch entry, a message and a command line make the same Ask.
 */
import type { Resource } from '@medplum/fhirtypes';
import type { Issue } from './failure.ts';
import type { Scope } from './scopes.ts';

/** The type-level interactions are FHIR's own (https://hl7.org/fhir/R4/valueset-system-restful-interaction.html). */
export type Interaction =
  | 'read'
  | 'vread'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'search-type'
  | 'search-system'
  | 'history-instance'
  | 'history-type'
  | 'history-system'
  | 'batch'
  | 'transaction'
  | 'capabilities'
  | 'operation';

/** Who asks: the proven client, and whom it acts for. */
export interface Actor {
  readonly client: string;
  readonly user?: string;
  /** Whether the token tells that the user signed on with a second factor. */
  readonly hasSecondFactor?: true;
  /** Id of the organisation that it works for, and acts as. */
  readonly organization?: string;
  /** Id of the organisation that the credentials are of, where it acts as another: a site of it, or one that lets it send. */
  readonly through?: string;
  readonly role: string;
  readonly purpose: string;
  /** What the token allows; absent where no token speaks for the actor. */
  readonly scopes?: readonly Scope[];
  /** The patient of the launch. */
  readonly patient?: string;
}

/** One parameter of a query, decoded: `name` still has its modifier and chain, `value` its prefixes and escapes. */
export type QueryPair = readonly [name: string, value: string];

/** Conditions of the request as they were sent (https://hl7.org/fhir/R4/http.html#concurrency, #ccreate, #cread). */
export interface Conditions {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: Date;
  readonly ifNoneExist?: readonly QueryPair[];
}

export type Return = 'minimal' | 'representation' | 'OperationOutcome';

export interface Ask {
  readonly interaction: Interaction;
  readonly actor: Actor;
  /** Correlates log, audit and answer; safe to show to anybody. */
  readonly requestId: string;
  readonly door: 'http' | 'bundle' | 'hl7v2' | 'command';
  readonly type?: string;
  readonly id?: string;
  readonly version?: string;
  /** Name of the operation, without `$`. */
  readonly operation?: string;
  /** The compartment searched in, for `Patient/1/Immunization`. */
  readonly compartment?: { readonly type: string; readonly id: string };
  readonly query: readonly QueryPair[];
  /** Whether the query came in the URL, where secrets must not be. */
  readonly queryInUrl: boolean;
  readonly conditions: Conditions;
  readonly prefer: {
    readonly return?: Return;
    readonly handling?: 'strict' | 'lenient';
    /** Whether a Patient that comes is looked for among those on file (interactions/arrival.ts). */
    readonly placing?: 'match' | 'new';
  };
  readonly body?: Body;
  /** The bytes of the body as they came, for what must wait for a person. */
  readonly original?: { readonly contentType: string; readonly bytes: Uint8Array };
  readonly idempotencyKey?: string;
  /** Where the caller is, for the audit. */
  readonly from?: string;
  /** The message that the ask was made from, which is kept beside what it makes. */
  readonly message?: Message;
}

/** A message as it came, and what a report may say of it: nothing personal is in `facts`. */
export interface Message {
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A body that could be read: a resource (as sent, not yet validated), or the operations of a JSON Patch. */
export type Body =
  | { readonly kind: 'resource'; readonly resource: Resource }
  | { readonly kind: 'json-patch'; readonly operations: readonly unknown[] };

export interface Answer {
  readonly status: number;
  /** JSON text, ready for the wire; absent where the answer has no body. */
  readonly body?: string;
  readonly version?: number;
  readonly lastUpdated?: Date;
  /** `Type/id/_history/version`, relative to the base. */
  readonly location?: string;
  /** Answers of a transaction's entries, in their order. */
  readonly parts?: readonly Answer[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What the caller should know of what was stored. */
  readonly warnings?: readonly Issue[];
}
