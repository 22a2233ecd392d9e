/**
 * Every way to fail, once: what HTTP, FHIR (issue-type, R4) and HL7 v2 (table 0357) each call it.
 * `docs/errors.md` is written from this table. Status and issue code per https://hl7.org/fhir/R4/http.html
 * and https://hl7.org/fhir/R4/valueset-issue-type.html.
 */
export const FAILURES = {
  malformed: {
    status: 400,
    issue: 'structure',
    v2: '102',
    means: 'The bytes or their FHIR structure cannot be read.',
  },
  'invalid-value': {
    status: 400,
    issue: 'value',
    v2: '102',
    means: 'A parameter, header or id has a value that cannot be understood.',
  },
  'not-understood': {
    status: 400,
    issue: 'not-supported',
    v2: '207',
    means: 'A parameter, modifier or directive that this server does not know.',
  },
  'unknown-actor': { status: 401, issue: 'login', v2: '207', means: 'Nobody proved who is asking.' },
  forbidden: { status: 403, issue: 'forbidden', v2: '207', means: 'The caller may not do this.' },
  'not-found': {
    status: 404,
    issue: 'not-found',
    v2: '204',
    means: 'There is no such resource for this caller.',
  },
  'unknown-type': {
    status: 404,
    issue: 'not-supported',
    v2: '200',
    means: 'This server has no such resource type.',
  },
  'unknown-operation': {
    status: 404,
    issue: 'not-supported',
    v2: '200',
    means: 'This server has no such operation or path.',
  },
  'not-allowed': {
    status: 405,
    issue: 'not-supported',
    v2: '200',
    means: 'The interaction is not offered here.',
  },
  'not-acceptable': {
    status: 406,
    issue: 'not-supported',
    v2: '207',
    means: 'No representation that the caller accepts can be made.',
  },
  'too-slow': { status: 408, issue: 'timeout', v2: '207', means: 'The request did not arrive in time.' },
  conflict: {
    status: 409,
    issue: 'conflict',
    v2: '206',
    means: 'Another write came between; the request may be sent again.',
  },
  'in-use': { status: 409, issue: 'conflict', v2: '207', means: 'Others refer to the resource.' },
  gone: { status: 410, issue: 'deleted', v2: '204', means: 'The resource was deleted.' },
  'version-conflict': {
    status: 412,
    issue: 'conflict',
    v2: '206',
    means: 'The resource is no longer at the version the request names.',
  },
  'multiple-matches': {
    status: 412,
    issue: 'multiple-matches',
    v2: '205',
    means: 'A condition matches several resources.',
  },
  'condition-too-wide': {
    status: 412,
    issue: 'incomplete',
    v2: '207',
    means: 'A condition has no criterion that this server uses.',
  },
  'too-large': {
    status: 413,
    issue: 'too-long',
    v2: '102',
    means: 'The request is larger than the server takes.',
  },
  'unsupported-media': {
    status: 415,
    issue: 'not-supported',
    v2: '102',
    means: 'The body is of a type that the server does not read.',
  },
  invalid: { status: 422, issue: 'invalid', v2: '102', means: 'Readable FHIR that breaks a rule.' },
  required: { status: 422, issue: 'required', v2: '101', means: 'Something that must be there is missing.' },
  'code-invalid': {
    status: 422,
    issue: 'code-invalid',
    v2: '103',
    means: 'A code is not in the set it must come from.',
  },
  invariant: {
    status: 422,
    issue: 'invariant',
    v2: '102',
    means: 'A constraint of the FHIR definition does not hold.',
  },
  'business-rule': {
    status: 422,
    issue: 'business-rule',
    v2: '207',
    means: 'A rule of the registry does not hold.',
  },
  'reused-key': {
    status: 422,
    issue: 'duplicate',
    v2: '205',
    means: 'An Idempotency-Key came again with another request.',
  },
  'too-costly': { status: 422, issue: 'too-costly', v2: '207', means: 'No index can serve the request.' },
  throttled: {
    status: 429,
    issue: 'throttled',
    v2: '207',
    means: 'Too many requests; wait as long as Retry-After says.',
  },
  internal: {
    status: 500,
    issue: 'exception',
    v2: '207',
    means: 'A fault of the server; its log has the request id.',
  },
  unavailable: { status: 503, issue: 'transient', v2: '207', means: 'The server cannot answer just now.' },
} as const satisfies Record<string, { status: number; issue: string; v2: string; means: string }>;

export type FailureKind = keyof typeof FAILURES;

/** One thing wrong: what it is called, what to tell the caller, and where it is (FHIRPath expressions). */
export interface Issue {
  readonly kind: FailureKind;
  readonly message: string;
  readonly expression?: readonly string[];
  /** By which it is counted in reports of data quality (docs/hl7v2-codes.md). */
  readonly detection?: string;
}

/**
 * The request cannot go on. The message is written for the caller: it says what, where and what to do, and
 * never repeats a value that could be personal. The first issue decides the HTTP status.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly issues: readonly [Issue, ...Issue[]];
  constructor(first: Issue, ...more: Issue[]) {
    super(first.message);
    this.kind = first.kind;
    this.issues = [first, ...more];
  }
}

/** Throws a Failure of one issue. */
export function fail(kind: FailureKind, message: string, expression: readonly string[] = []): never {
  throw new Failure({ kind, message, expression });
}
