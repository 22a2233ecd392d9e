/**
 * $validate: would the resource be stored, and what is wrong with it (https://hl7.org/fhir/R4/resource-operation-validate.html).
 * A mode asks of the whole write: it is planned as it would be, and left undone. The answer is 200 whatever is found.
 */
import type { OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../core/context.ts';
import { Failure, fail, type Issue } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import { issueOf } from '../fhir/outcome.ts';
import { planCreate } from '../interactions/create.ts';
import { planDelete } from '../interactions/delete.ts';
import { linked } from '../interactions/links.ts';
import { absent } from '../interactions/read.ts';
import { entryOf, type Handler, type Rooms } from '../interactions/rooms.ts';
import { planUpdate } from '../interactions/update.ts';
import type { Plan } from '../interactions/write-through.ts';
import type { Grant } from '../policy/decide.ts';
import { judge } from '../validation/check.ts';
import { profileFor } from '../validation/profile/profiles.ts';
import { inputsOf } from './inputs.ts';

const INPUTS = ['resource', 'mode', 'profile'];

interface Found {
  readonly issues: readonly Issue[];
  readonly warnings: readonly Issue[];
}

export const validate: Handler = async (rooms, ask, grant, entry) => {
  const inputs = inputsOf(ask, INPUTS);
  const mode = inputs.text('mode');
  const profiles = inputs.all('profile');
  const content = isOfContent(ask, mode)
    ? judged(rooms, ask, await subjectOf(rooms, ask, grant), profiles)
    : NOTHING;
  const write = mode === undefined || mode === 'profile' ? NOTHING : await planned(rooms, ask, grant, mode);
  if (ask.type === 'Patient' && ask.id !== undefined) entry.concerns([ask.id]);
  return answer(together(content, write));
};

const NOTHING: Found = { issues: [], warnings: [] };

/** A deletion has no content; without a body an instance is judged as it is stored. */
const isOfContent = ({ body }: Ask, mode: string | undefined): boolean =>
  mode !== 'delete' && (body !== undefined || mode === undefined || mode === 'profile');

/** The resource that is sent: as the body, or in its Parameters. */
function sentIn({ body }: Ask): Resource | undefined {
  if (body === undefined) return undefined;
  if (body.kind !== 'resource')
    return fail('malformed', '$validate takes a resource, or Parameters with one.');
  const { resource } = body;
  if (resource.resourceType !== 'Parameters') return resource;
  return resource.parameter?.find(({ name }) => name === 'resource')?.resource;
}

async function subjectOf(rooms: Rooms, ask: Ask, grant: Grant): Promise<Resource> {
  const sent = sentIn(ask);
  if (sent !== undefined) return sent;
  const { type } = entryOf(rooms.catalog, ask.type);
  if (ask.id === undefined)
    return fail('required', 'Send the resource to validate, as the body or in Parameters.');
  const stored = await rooms.store.read(grant, 'read', type, ask.id);
  return stored === undefined ? absent(rooms, grant, type, ask.id) : (parseJson(stored.json) as Resource);
}

function judged(
  rooms: Rooms,
  { type = '', id }: Ask,
  resource: Resource,
  profiles: readonly string[],
): Found {
  const { issues, warnings } = judge(resource, { id: id ?? UNNUMBERED, now: rooms.now() }, profiles);
  const isOther = resource.resourceType !== type;
  const wrongType: Issue = {
    kind: 'invalid',
    message: `The resource is not of the type in the URL, ${type}.`,
    expression: ['resourceType'],
  };
  return {
    issues: [...(isOther ? [wrongType] : []), ...issues, ...unknownProfiles(type, profiles)],
    warnings: [...warnings, ...unknownClaims(resource)],
  };
}
/** Stands for the id that a resource would get. */
const UNNUMBERED = 'new';

const NOT_CHECKED =
  'is not known here, or is of another type, and was not checked; GET [base]/StructureDefinition lists those that are.';
const BASE = 'http://hl7.org/fhir/StructureDefinition/';

const isOf = (url: string, type: string): boolean => url === BASE + type || profileFor(url)?.type === type;

const unknownProfiles = (type: string, profiles: readonly string[]): readonly Issue[] =>
  profiles
    .filter((url) => !isOf(url, type))
    .map(() => ({ kind: 'not-understood', message: `A profile that was asked for ${NOT_CHECKED}` }));

function unknownClaims({ resourceType, meta }: Resource): readonly Issue[] {
  const claims: readonly unknown[] = Array.isArray(meta?.profile) ? meta.profile : [];
  return claims.flatMap((url, at) =>
    typeof url !== 'string' || isOf(url, resourceType)
      ? []
      : [
          {
            kind: 'not-understood',
            message: `This profile ${NOT_CHECKED}`,
            expression: [`${resourceType}.meta.profile[${at}]`],
          },
        ],
  );
}

type Planner = (rooms: Rooms, ask: Ask, grant: Grant) => Promise<Plan>;
const PLANNERS: ReadonlyMap<string, Planner> = new Map<string, Planner>([
  ['create', planCreate],
  ['update', planUpdate],
  ['delete', planDelete],
]);

/** What the write would say; nothing of it is done. */
async function planned(rooms: Rooms, ask: Ask, grant: Grant, mode: string): Promise<Found> {
  const plan = PLANNERS.get(mode);
  if (plan === undefined) return fail('invalid-value', 'mode is create, update, delete or profile.');
  const { id: _id, operation: _operation, ...rest } = ask;
  const body = sentIn(ask);
  const write = {
    ...rest,
    interaction: mode as 'create' | 'update' | 'delete',
    query: [],
    ...(mode !== 'create' && ask.id !== undefined && { id: ask.id }),
    ...(body && { body: { kind: 'resource', resource: body } as const }),
  };
  try {
    const { answer: said } = await linked(rooms, grant, await plan(rooms, write, grant));
    return { issues: [], warnings: said.warnings ?? [] };
  } catch (error) {
    if (error instanceof Failure) return { issues: error.issues, warnings: [] };
    throw error;
  }
}

const keyOf = ({ kind, message, expression = [] }: Issue): string => [kind, message, ...expression].join(' ');
const once = (issues: readonly Issue[]): readonly Issue[] => [
  ...new Map(issues.map((issue) => [keyOf(issue), issue])).values(),
];
const together = (one: Found, other: Found): Found => ({
  issues: once([...one.issues, ...other.issues]),
  warnings: once([...one.warnings, ...other.warnings]),
});

function answer({ issues, warnings }: Found): Answer {
  const found = [
    ...issues.map((issue) => issueOf(issue, 'error')),
    ...warnings.map((issue) => issueOf(issue, 'warning')),
  ];
  const well = {
    severity: 'information',
    code: 'informational',
    diagnostics: 'Nothing is wrong with it.',
  } as const;
  const outcome: OperationOutcome = {
    resourceType: 'OperationOutcome',
    issue: found.length === 0 ? [well] : found,
  };
  return { status: 200, body: JSON.stringify(outcome) };
}
