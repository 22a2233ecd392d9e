/**
 * Task/[id]/$resend: its sender sends what was rejected again, corrected: a message, or a resource. It goes the way of
 * everything that comes, as the caller's own; where it could be filed the rejection is done.
 */
import type { Bundle, ParametersParameter, Resource } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import { ER7 } from '../../core/media-types.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { Denied } from '../../policy/decide.ts';
import { hasNoAccount } from '../../policy/roles.ts';
import { DETECTIONS } from '../../quality/detections.ts';
import { inputsOf } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { endRejection, isOpenRejection } from './close.ts';
import { ownRecord } from './own.ts';

/** What is told of a message for trying out, of which nothing is stored. */
const ONLY_TESTED = DETECTIONS['test-only'].code;

/** What came of it. */
interface Outcome {
  readonly isFiled: boolean;
  readonly by: readonly string[];
  readonly told: readonly ParametersParameter[];
}

export const resend: Handler = async (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, ['message', 'resource']);
  const { task, whose } = await ownRecord(rooms, ask, grant);
  if (whose !== 'sender' && !hasNoAccount(ask.actor.role)) throw new Denied('beyond_scope');
  if (!isOpenRejection(task))
    fail('business-rule', 'Only what was rejected, and not corrected yet, is sent again.');
  const { id = '' } = task;
  entry.wrote(`Task/${id}`);
  const outcome = await sent(rooms, ask, {
    message: inputs.text('message'),
    resource: inputs.resource('resource'),
  });
  if (outcome.isFiled) await endRejection(rooms, id, { status: 'completed', by: outcome.by });
  return parametersAnswer([
    { name: 'outcome', valueCode: outcome.isFiled ? 'filed' : 'rejected' },
    ...outcome.told,
    { name: 'task', valueReference: { reference: `Task/${id}` } },
  ]);
};

interface Given {
  readonly message: string | undefined;
  readonly resource: Resource | undefined;
}

/** @throws Failure `required`, and whatever refuses a resource */
function sent(rooms: Rooms, ask: Ask, { message, resource }: Given): Promise<Outcome> {
  if ((message === undefined) === (resource === undefined))
    return fail('required', 'Send either a message, in base64, or a resource.');
  return resource === undefined ? asMessage(rooms, ask, message ?? '') : asResource(rooms, ask, resource);
}

const askAs = ({ actor, from }: Ask, requestId: string): Omit<Ask, 'interaction'> => ({
  actor,
  requestId,
  ...(from !== undefined && { from }),
  door: 'bundle',
  query: [],
  queryInUrl: false,
  conditions: {},
  prefer: {},
});

async function asMessage(rooms: Rooms, ask: Ask, base64: string): Promise<Outcome> {
  const take = rooms.resume?.get('hl7v2');
  if (take === undefined) return fail('unknown-operation', 'This server takes no messages.');
  const kept = { ...askAs(ask, rooms.newId()), interaction: 'transaction', door: 'hl7v2' } as const;
  const answer = await take({ ask: kept, original: Buffer.from(base64, 'base64'), contentType: ER7 });
  const acknowledgment = answer.body ?? '';
  return {
    isFiled:
      !acknowledgment.includes(ONLY_TESTED) &&
      !/^ERR(\|[^|\r]*){3}\|E/m.test(acknowledgment.replaceAll('\r', '\n')),
    by: [],
    told: [{ name: 'acknowledgment', valueString: acknowledgment }],
  };
}

async function asResource(rooms: Rooms, ask: Ask, resource: Resource): Promise<Outcome> {
  const { resourceType: type } = resource;
  const isBundle = type === 'Bundle';
  const answer = await rooms.handle({
    ...askAs(ask, rooms.newId()),
    ...(isBundle ? { interaction: 'transaction' } : { interaction: 'create', type }),
    body: { kind: 'resource', resource },
    prefer: { return: 'minimal' },
  });
  const by = filedBy(answer);
  return {
    isFiled: true,
    by,
    told: by.map((reference) => ({ name: 'filed', valueReference: { reference } })),
  };
}

/** What the answer says was stored, or was there already, as references. */
function filedBy({ location, body = '{}' }: Answer): string[] {
  const { entry = [] } = JSON.parse(body) as Pick<Bundle, 'entry'>;
  const locations = [location, ...entry.map(({ response }) => response?.location)];
  return locations.flatMap(
    (each) => /([A-Z][A-Za-z]+\/[^/]+)(\/_history\/[^/]+)?$/.exec(each ?? '')?.[1] ?? [],
  );
}
