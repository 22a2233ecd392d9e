/**
 * Patient/[id]/$explain-access: who could see what of a record on a day, for which purposes, and which directive, rule or
 * law decided. For privacy staff, who answer people that ask; no dose is shown.
 */
import type { ParametersParameter } from '@medplum/fhirtypes';
import { explain, type Because, type Sees } from '../consent/explain.ts';
import { recipientOf } from '../consent/recipients.ts';
import { fail } from '../core/failure.ts';
import type { Handler, Rooms } from '../interactions/rooms.ts';
import { Denied } from '../policy/decide.ts';
import { purposeAndAbove } from '../policy/purposes.ts';
import { parametersAnswer } from './parameters.ts';

/** Roles that answer for the registry's privacy, beside those whose only work it is. */
const ANSWERABLE: ReadonlySet<string> = new Set(['registry-manager', 'developer']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const explainAccess: Handler = async (rooms, ask, grant, entry) => {
  const { role } = ask.actor;
  if (recipientOf(role) !== 'privacy' && !ANSWERABLE.has(role)) throw new Denied('privacy_staff_only');
  const id = ask.id ?? '';
  const day = dayAsked(ask.query.find(([name]) => name === 'date')?.[1] ?? grant.known.today);
  const standing = (await rooms.store.standings([id])).get(id);
  if (standing === undefined) return fail('not-found', 'There is no Patient with this id.');
  entry.concerns([id]);
  const doses = await rooms.store.factsOfRecord('Immunization', id);
  const told = explain(rooms.pack, standing, { patient: id, doses, day, purposeAndAbove });
  return parametersAnswer([
    { name: 'date', valueDate: day },
    { name: 'jurisdiction', valueString: rooms.pack.title },
    ...told.map((each) => viewerParameter(rooms, each)),
  ]);
};

const dayAsked = (text: string): string =>
  DAY.test(text) ? text : fail('invalid-value', 'The parameter date is a day: YYYY-MM-DD.');

function viewerParameter(
  rooms: Rooms,
  { viewer, purposes, isPersonSeen, doses, of, because }: Sees,
): ParametersParameter {
  const { recipient, organization } = viewer;
  return {
    name: 'viewer',
    part: [
      { name: 'recipient', valueCode: recipient },
      ...(organization === undefined
        ? []
        : [{ name: 'organization', valueReference: { reference: `Organization/${organization}` } }]),
      ...purposes.map((code): ParametersParameter => ({ name: 'purpose', valueCode: code })),
      { name: 'sees-person', valueBoolean: isPersonSeen },
      { name: 'sees-doses', valueUnsignedInt: doses },
      { name: 'doses', valueUnsignedInt: of },
      ...because.map((each) => becauseParameter(rooms, each)),
    ],
  };
}

function becauseParameter({ pack }: Rooms, { cause, text, sources }: Because): ParametersParameter {
  return {
    name: 'because',
    part: [
      { name: 'kind', valueCode: cause.why },
      { name: 'rule', valueString: text },
      ...(cause.consent === undefined
        ? []
        : [{ name: 'consent', valueReference: { reference: `Consent/${cause.consent}` } }]),
      ...sources.map((name): ParametersParameter => ({
        name: 'source',
        valueString: pack.sources[name]?.cite ?? name,
      })),
    ],
  };
}
