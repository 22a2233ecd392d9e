/** What waits for a person, as it came: the ask and the bytes of its body, sealed, so that it can go on when it is settled. */
import type { Actor, Ask } from '../core/context.ts';
import { parseJson, serialize } from '../fhir/json.ts';
import type { Resource } from '@medplum/fhirtypes';
import { PENDING_USE } from '../storage/sealed-places.ts';
import type { Secrets } from '../storage/secrets.ts';
import { sealingOf } from '../storage/secrets.ts';
import type { Note } from '../storage/store.ts';

/** Beside the Task of the same id. */
export interface Pending extends Note {
  readonly sealed: string;
  readonly door: Ask['door'];
  readonly contentType: string;
  /** What is decided is remembered under it. */
  readonly placement: string;
  readonly at: Date;
}

/** What came, with the bytes as they came. */
export interface Kept {
  readonly ask: Omit<Ask, 'body' | 'original'>;
  readonly original: Buffer;
  readonly contentType: string;
}

const FHIR_JSON = 'application/fhir+json';

/** Seals what came. */
export function sealedAsk(secrets: Secrets, ask: Ask): Pick<Pending, 'sealed' | 'door' | 'contentType'> {
  const { body, original, ...rest } = ask;
  const text = body?.kind === 'resource' ? serialize(body.resource) : '';
  const bytes = original?.bytes ?? Buffer.from(text, 'utf8');
  const kept = { ask: rest, original: Buffer.from(bytes).toString('base64') };
  return {
    sealed: sealingOf(secrets, PENDING_USE).seal(JSON.stringify(kept, listed)),
    door: ask.door,
    contentType: original?.contentType ?? FHIR_JSON,
  };
}

/** Sets are lists in JSON. */
const listed = (_name: string, value: unknown): unknown =>
  value instanceof Set ? [...(value as ReadonlySet<unknown>)] : value;

function scopesIn({ scopes }: Actor): Pick<Actor, 'scopes'> {
  if (scopes === undefined) return {};
  return { scopes: scopes.map((scope) => ({ ...scope, permissions: new Set(scope.permissions) })) };
}

/** Opens it again. */
export function keptAsk(secrets: Secrets, { sealed, contentType }: Pending): Kept {
  const { ask, original } = JSON.parse(sealingOf(secrets, PENDING_USE).open(sealed)) as {
    readonly ask: Kept['ask'];
    readonly original: string;
  };
  const actor = { ...ask.actor, ...scopesIn(ask.actor) };
  return { ask: { ...ask, actor }, original: Buffer.from(original, 'base64'), contentType };
}

/** The resource that the bytes are, of what came as FHIR JSON. */
export const resourceOf = ({ original }: Kept): Resource => parseJson(original.toString('utf8')) as Resource;
