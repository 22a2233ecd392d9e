/**
 * Doses and people that came as FHIR and were refused for what was wrong with them: counted for the quality of the data
 * of their sender, by codes alone. What was sent is not kept; messages of HL7 v2 are counted by themselves (message.ts).
 */
import type { Bundle } from '@medplum/fhirtypes';
import type { Entry } from '../audit/record.ts';
import type { Answer, Ask } from '../core/context.ts';
import { FAILURES, Failure, type FailureKind } from '../core/failure.ts';
import { isJudged, REFUSALS } from '../storage/judged.ts';
import { refusalCodes } from '../validation/registry/detected.ts';
import type { Rooms } from './rooms.ts';

/** What is wrong with what was sent, and not with the asking; so is what is malformed in an element of it. */
const FAULTS: ReadonlySet<FailureKind> = new Set([
  'invalid',
  'required',
  'code-invalid',
  'invariant',
  'business-rule',
]);
const WRITES: ReadonlySet<Ask['interaction']> = new Set(['create', 'update', 'patch', 'transaction']);

/** Does the work; where it refuses a dose or a person, that is counted in the transaction of its record. */
export async function refusalsCounted(
  rooms: Rooms,
  { ask, entry }: { readonly ask: Ask; readonly entry: Entry },
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const { organization } = ask.actor;
    if (!(error instanceof Failure) || organization === undefined || !isOfRecord(ask, error)) throw error;
    const findings = refusalCodes(error.issues).map((code) => ({ code, severity: 'E' }));
    const doc = { _id: rooms.newId(), organization, at: rooms.now(), findings };
    const record = entry.draft(FAILURES[error.kind].status);
    const clash = await rooms.store.commit([{ do: 'insert', in: REFUSALS, doc }], record);
    if (clash === undefined) entry.committed();
    throw error;
  }
}

function isOfRecord(ask: Ask, { kind, issues: [{ expression }] }: Failure): boolean {
  const { type, of } = refusedIn(ask, expression?.[0] ?? '');
  const isFault = FAULTS.has(kind) || (kind === 'malformed' && of.includes('.'));
  return WRITES.has(ask.interaction) && ask.door !== 'hl7v2' && isFault && isJudged(type);
}

interface Refused {
  readonly type: string | undefined;
  /** The path within the resource. */
  readonly of: string;
}

/** What was refused; of a transaction, the entry at fault. */
function refusedIn({ type, interaction, body }: Ask, path: string): Refused {
  if (interaction !== 'transaction' || body?.kind !== 'resource') return { type, of: path };
  const [, at, of = ''] = /^Bundle\.entry\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  const entries = (body.resource as Bundle).entry ?? [];
  return { type: entries[Number(at)]?.resource?.resourceType, of };
}
