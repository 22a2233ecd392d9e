/**
 * $reset-second-factor, $link-identity and $unlink-identity: what is mended of how a person signs on, where the person
 * cannot. Each ends what is signed on, so that the next sign-on is by what counts from now on.
 */
import { fail } from '../../core/failure.ts';
import type { Handler, Rooms } from '../../interactions/rooms.ts';
import { writeThrough, type Plan } from '../../interactions/write-through.ts';
import type { Ask } from '../../core/context.ts';
import type { Grant } from '../../policy/decide.ts';
import type { Participant } from '../../policy/participant.ts';
import { roleOf, type RoleName } from '../../policy/roles.ts';
import { stateIn } from '../../policy/rules/standing.ts';
import { ACCOUNTS, factorName, identityKey, type Account } from '../../storage/accounts.ts';
import { KEPT_TEXTS } from '../../storage/kept-texts.ts';
import type { Note } from '../../storage/store.ts';
import type { Unit } from '../../storage/write.ts';
import { inputsOf, type Inputs } from '../inputs.ts';
import { standingAnswer, subjectOf } from './change.ts';
import { checkMayChange } from './may-change.ts';
import { actOf, changeUnit } from './units.ts';

interface Asked {
  readonly rooms: Rooms;
  readonly ask: Ask;
  readonly grant: Grant;
  readonly account: Account;
  readonly inputs: Inputs;
}

interface Mending {
  readonly change: string;
  readonly parameters: readonly string[];
  /** Whether who manages the person in its organisation may. */
  readonly byManager: boolean;
  readonly writes: (asked: Asked) => Promise<Unit>;
}

/** Mends the sign-on of an account of the organisation. */
const mending =
  ({ change, parameters, byManager, writes }: Mending): Handler =>
  async (rooms, ask, grant, entry) => {
    const inputs = inputsOf(ask, ['account', ...parameters]);
    const id = inputs.text('account') ?? fail('required', 'The parameter account is needed.');
    const answer = await writeThrough(rooms, { ask, grant, entry }, async (): Promise<Plan> => {
      const was = await subjectOf(rooms, ask, inputs);
      checkMayChange(grant, { by: staffFor(was), ...(byManager && { byManager: true }) }, was);
      const account = (await rooms.store.note(ACCOUNTS, id)) as Account | undefined;
      if (account === undefined) return fail('not-found', 'There is no such account.');
      const is = { ...was, revision: was.revision + 1 };
      const state = stateIn(is, grant.known);
      const act = actOf(ask, rooms.now());
      return {
        unit: [
          ...changeUnit(rooms, { change, was, is, state, act }),
          ...(await writes({ rooms, ask, grant, account, inputs })),
        ],
        answer: standingAnswer(is, state),
        wrote: [`Organization/${ask.id ?? ''}`],
        patients: [],
      };
    });
    await rooms.endSignOns?.(id);
    return answer;
  };

/** Of those who run the registry only its managers decide. */
function staffFor({ role }: Participant): readonly RoleName[] {
  const kinds = roleOf(role)?.kinds ?? [];
  const isOfRegistry = kinds.length === 1 && kinds[0] === 'public-health';
  return isOfRegistry ? ['registry-manager'] : ['registry-manager', 'registry-staff'];
}

/** The account as it is to be, unless somebody signs on meanwhile. */
const replaced = (was: Account, doc: Account): Unit => [
  {
    do: 'replace',
    in: ACCOUNTS,
    match: { _id: was._id, lastCode: was.lastCode ?? null },
    doc: doc as Account & Note,
  },
];

export const resetSecondFactor = mending({
  change: 'reset-second-factor',
  parameters: [],
  byManager: true,
  writes: async ({ rooms, account }) => {
    const { hasSecondFactor: _had, lastCode: _last, ...rest } = account;
    const name = factorName(account._id);
    const kept = await rooms.store.note(KEPT_TEXTS, name);
    const gone: Unit = kept === undefined ? [] : [{ do: 'delete', in: KEPT_TEXTS, match: { _id: name } }];
    return [...replaced(account, rest), ...gone];
  },
});

/** Who may link could sign on as anybody: that is for the registry, and not for the organisation. */
export const linkIdentity = mending({
  change: 'link-identity',
  parameters: ['issuer', 'subject'],
  byManager: false,
  writes: async ({ rooms, account, inputs }) => {
    const { issuer, subject } = {
      issuer: inputs.text('issuer') ?? '',
      subject: inputs.text('subject') ?? '',
    };
    if (!/^https?:\/\/\S+$/.test(issuer) || subject === '' || subject.length > 255)
      fail('required', 'issuer is the URL of the identity provider, subject whom it calls so (sub).');
    const identity = identityKey(issuer, subject);
    const [other] = await rooms.store.notes(ACCOUNTS, { identity }, 1);
    if (other !== undefined && other._id !== account._id)
      fail('in-use', 'This identity is linked to another account: one person, one account.');
    return replaced(account, { ...account, identity });
  },
});

export const unlinkIdentity = mending({
  change: 'unlink-identity',
  parameters: [],
  byManager: true,
  writes: ({ account: { identity: _gone, ...rest }, account }) => Promise.resolve(replaced(account, rest)),
});
