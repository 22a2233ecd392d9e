/** Organization/[id]/$approve, $suspend, $renew …: what happens to a participant, as one transaction with its record. */
import type { Answer, Ask } from '../../core/context.ts';
import { fail } from '../../core/failure.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import { codesOf } from '../../participants/contact.ts';
import { CHANGES, type Change, type ChangeName } from '../../participants/changes.ts';
import type { Grant } from '../../policy/decide.ts';
import { STATES, type Participant, type State } from '../../policy/participant.ts';
import { stateIn } from '../../policy/rules/standing.ts';
import { inputsOf, type Inputs } from '../inputs.ts';
import { parametersAnswer } from '../parameters.ts';
import { checkMayChange } from './may-change.ts';
import { actOf, changeUnit } from './units.ts';

const VALUES = ['version', 'reason', 'investigation', 'email', 'code', 'sender'];
const PARAMETERS = ['account', 'client', ...VALUES];

/** The handler of one change. */
export const changer =
  (name: ChangeName): Handler =>
  (rooms, ask, grant, entry) =>
    writeThrough(rooms, { ask, grant, entry }, () => planChange(rooms, { ask, grant, name }));

interface Asked {
  readonly ask: Ask;
  readonly grant: Grant;
  readonly name: ChangeName;
}

async function planChange(rooms: Rooms, { ask, grant, name }: Asked): Promise<Plan> {
  const change: Change = CHANGES[name];
  const inputs = inputsOf(ask, PARAMETERS);
  const was = await subjectOf(rooms, ask, inputs);
  checkMayChange(grant, change, was);
  const before = stateIn(was, grant.known);
  if (!change.from.includes(before)) {
    fail('business-rule', `The participant ${STATES[before]}; $${name} is not possible then.`);
  }
  const act = actOf(ask, rooms.now());
  const left = change.leaves(was, {
    act,
    today: grant.known.today,
    terms: grant.known.terms,
    ...given(change, inputs),
    codes: codesOf(rooms.secrets, was),
  });
  const is = { ...left, revision: was.revision + 1 };
  const state = stateIn(is, grant.known);
  return {
    unit: changeUnit(rooms, { change: name, was, is, state, act }),
    answer: standingAnswer(is, state),
    wrote: [`Organization/${ask.id ?? ''}`],
    patients: [],
  };
}

/**
 * The participant that an operation on an organisation is about: a person or program of it, or itself.
 * @throws Failure `not-found`
 */
export async function subjectOf(rooms: Rooms, { id = '' }: Ask, inputs: Inputs): Promise<Participant> {
  const [account, client] = [inputs.text('account'), inputs.text('client')];
  const name =
    account !== undefined
      ? `account:${account}`
      : client !== undefined
        ? `client:${client}`
        : `organization:${id}`;
  const found = (await rooms.store.note('participants', name)) as Participant | undefined;
  return found !== undefined && isOf(found, id)
    ? found
    : fail('not-found', 'There is no such participant in this organization.');
}

/** Who stands for nobody but a person is asked about at any organisation; who may is another question. */
const isOf = ({ _id, what, organization }: Participant, id: string): boolean =>
  _id === `organization:${id}` || organization === id || (what === 'person' && organization === undefined);

function given({ needs }: Change, inputs: Inputs) {
  const texts = VALUES.flatMap((name) => {
    const value = inputs.text(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const missing = needs.find((name) => inputs.text(name) === undefined);
  if (missing !== undefined) fail('required', `The parameter ${missing} is needed.`);
  return Object.fromEntries(texts);
}

/** How a participant stands, as Parameters. */
export const standingAnswer = ({ _id, until, role }: Participant, state: State): Answer =>
  parametersAnswer([
    { name: 'participant', valueString: _id },
    { name: 'state', valueCode: state },
    ...(role === undefined ? [] : [{ name: 'role', valueCode: role }]),
    ...(until === undefined ? [] : [{ name: 'until', valueDate: until }]),
  ]);
