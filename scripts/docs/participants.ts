/** docs/participants.md: who takes part, in which role, for which purpose, and what can happen, from the tables of the source. */
import { CHANGES, type Change } from '../../src/participants/changes.ts';
import { HELD_BY, OF_PEOPLE } from '../../src/participants/relationships.ts';
import { STATES } from '../../src/policy/participant.ts';
import { PURPOSES, type Purpose, type Reach } from '../../src/policy/purposes.ts';
import { ROLES, type Role } from '../../src/policy/roles.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (word: string): string => `\`${word}\``;
const codes = (words: readonly string[]): string => words.map(code).join(', ');

const WHOSE: Readonly<Record<Reach, string>> = {
  all: 'everybody',
  identified: 'a person whom the caller can name; nobody browses',
  related: 'members of the plan, children enrolled in the school',
  own: 'the own record, and of whom one acts for',
  none: 'nobody; only what is about the work itself',
};

const states = (): string =>
  table(
    ['state', 'a participant that'],
    Object.entries(STATES).map(([name, means]) => [code(name), means]),
  );

const roles = (): string =>
  table(
    ['role', 'who', 'in organisations of kind', 'purposes, the first without asking', 'manages'],
    Object.entries<Role>(ROLES).map(([name, { means, kinds, purposes, manages }]) => [
      code(name),
      means,
      kinds.length === 0 ? 'none' : kinds.join(', '),
      codes(purposes),
      manages.roles.length === 0
        ? ''
        : `${manages.roles[0] === '*' ? 'all roles' : manages.roles.join(', ')}, ${manages.where === 'everywhere' ? 'everywhere' : 'in its own organisation'}`,
    ]),
  );

const opened = (words: string): string =>
  words
    .split(' ')
    .filter(
      (word) =>
        !/^(CapabilityStatement|CodeSystem|ConceptMap|Measure|OperationDefinition|SearchParameter|StructureDefinition|ValueSet|Organization|Location|Practitioner|PractitionerRole)\.rs$/.test(
          word,
        ),
    )
    .map(code)
    .join(' ');

const claimants = (name: string): string =>
  Object.entries<Role>(ROLES)
    .filter(([, { purposes }]) => purposes.includes(name))
    .map(([role]) => role)
    .join(', ');

const purposes = (): string =>
  table(
    [
      'purpose',
      'means',
      'who may claim it',
      'whose records',
      'opens (beside the directory and definitions)',
      'hides',
    ],
    Object.entries<Purpose>(PURPOSES).map(([name, { means, reach, opens, hides = {} }]) => [
      code(name),
      means,
      claimants(name),
      WHOSE[reach],
      opened(opens),
      Object.entries(hides)
        .map(([type, paths]) => `${type}: ${paths.join(', ')}`)
        .join('; '),
    ]),
  );

const changes = (): string =>
  table(
    ['operation', 'what happens', 'who may', 'from the states'],
    Object.entries<Change>(CHANGES).map(([name, { means, by, byManager, bySelf, from }]) => [
      code(`$${name}`),
      means,
      [...by, ...(byManager ? ['who manages it'] : []), ...(bySelf ? ['itself'] : [])].join(', '),
      from.join(', '),
    ]),
  );

const relationships = (): string =>
  table(
    ['held by', 'relationship', 'taken from'],
    [
      ...Object.entries(HELD_BY).map(([kind, { kind: of, sources }]) => [kind, of, codes(sources)]),
      ...Object.entries(OF_PEOPLE).map(([of, sources]) => ['an account', of, codes(sources)]),
    ],
  );

/** The page. */
export const participantsPage = (): string => `# Participants

Who asks with a token must take part: the program (client), the person where there is one, and the organisation with those
that it is a site of. What happened to each is stored as facts; how it stands follows from them and from the day. All of it is
read from the primary with every request: a suspension counts from the next request on, on every node, for tokens, sessions
and page links that are out already. Every change is one transaction with its AuditEvent, and kept in
\`participant_changes\`. A notice says what to do next. Thirty days before a participation ends a notice says so, once.

## States

${states()}

How long participation counts and after how many days without use access is inactive are rules of the jurisdiction
([packs](jurisdictions/)). What would mend a state can be asked for in it: accepting, renewing, asking for reactivation.

## Roles

${roles()}

A role is the ceiling of what a client can be granted, whatever its scopes say.

## Purposes of use

Each token carries one. Codes of HL7 v3 ActReason stand in its hierarchy: one without a row is judged by the nearest above it.
What has no row cannot be claimed: an employer's check on an employee has none.

${purposes()}

\`c r u d s\` are create, read, update, delete, search. What is hidden is taken out of every answer, and can be neither searched,
sorted, chained, included nor tested; who does not see all of a resource cannot change it.

**Looking up a person** takes the registry's id or what the jurisdiction says is enough (such as an identifier, or a name with the whole
birth date), and shows as many candidates at most as it says ([packs](jurisdictions/)); other searches name the patient, or are
refused with the reason. Whoever was launched for a patient has named one.

## Notices

Once a minute what waits in the outbox leaves: by the mail server of SMTP_URL, or, without one, into \`outbox.ndjson\` in DATA_DIR,
one notice a line. A notice names a participant, an operation or a Task, and never a patient.

- It goes to the participant's own address, else to that of its organisation. An address counts when the code that was sent to it
  came back: \`$apply\` and \`$enroll-person\` take \`email\` (needed with SMTP_URL), \`$set-contact\` gives another later, \`$confirm-contact\`
  brings the code. Until then the address before counts; without any the notice waits.
- The connection is encrypted and the certificate checked, unless the mail server is this very machine.
- What fails is tried again after a minute, then ever more rarely up to six hours, for seven days. A message or recipient that the
  mail server refuses for good is given up at once. What had begun to leave and was never answered is not sent again, since it may
  have arrived: so a notice arrives at most once, but for a mail server that delivers twice. Its Message-ID is always the same.
- What is given up becomes a Task of the staff (\`Task?code=notice-undelivered\`, one a day for each participant) and counts in the metric
  \`fhir_iis_notices\`; \`fhir-iis participants notices\` lists it, \`--again\` sends it again.

## What can happen

Operations of an Organization: \`POST [base]/Organization/[id]/$…\`, about the organisation, or about the \`account\` or \`client\` of it that
is named. \`$apply\`, \`$enroll-person\` and \`$enroll-client\` begin; \`$participation\` says how one stands.

${changes()}

## Whose patient a person is

A person stands in a status with each provider and with the jurisdiction: active, inactive, gone elsewhere, lost to follow-up, outside
the jurisdiction, permanently inactive, deceased, unknown. It changes in the transaction of what it follows from:

| what happens | what becomes of the status |
| --- | --- |
| an organisation administers a dose (not: history) | active there, from the day of the dose on, unless what is known is newer; in some jurisdictions the one before is left |
| an organisation reports it: \`provider-status\` of a Patient, PD1-16 of a message | as it says, with that organisation and no other |
| an address outside the jurisdiction; a return | outside it; active again. What staff say counts until the next move |
| staff of the registry say so, in the same extensions | as they say, with anybody |
| a death; its correction | deceased everywhere; what it was before |
| nothing is heard for as long as the jurisdiction says | inactive there |
| records are merged; the merge is taken back | with each provider the newer one; what it was before |

How is said by the pack (\`statuses\`, \`inactivity.patient\`). A Patient shows each provider the status with itself and with the
jurisdiction, staff all; nobody but staff can search by it. It is no version of the Patient (decision 14). \`Organization/[id]/$panel\`
is the list of those who are active (or in another \`status\`) with a provider, as a Group, page by page (\`_count\`, \`after\`);
\`$panel-counts\` says how many there are of each, as denominators of rates. Both are for the organisation itself, with the purpose
\`TREAT\`, and for staff with \`PUBHLTH\`; whom a directive hides from the caller is in neither.

## Asking for an amendment

Who is the person, or acts for it, asks by \`Patient/[id]/$request-amendment\` (\`text\`, and \`about\` which resource); it takes a token that
may create Tasks. The Task waits for the organisation that holds the resource, which is told, or else for the staff of the registry, who
answer by \`Task/[id]/$answer-amendment\` (\`outcome\` accept or deny, \`reason\`, and \`correction\`: what was changed for it, by an ordinary
write). Whoever asked is told, and sees its own wishes with their answers as Tasks.

## Signing on, where it went wrong

Each is on record, ends the sessions, grants and tokens of the account, and is a command of \`fhir-iis participants\` as well (for a
manager who cannot sign on, say). Of those who run the registry only its managers decide.

| operation | what happens | who may |
| --- | --- | --- |
| \`$reset-second-factor\` | the second factor no longer counts, the next sign-on sets up another | registry-manager, registry-staff, who manages the person |
| \`$link-identity\` | the account is that of an identity (\`issuer\`, \`subject\`) of an outside provider | registry-manager, registry-staff |
| \`$unlink-identity\` | it is no longer | registry-manager, registry-staff, who manages the person |

Which roles need a second factor is the setting SECOND_FACTOR_ROLES.

## Relationships

A plan sees its members, a school the children enrolled in it, a guardian the child until the age that the jurisdiction says.
Relationships are periods in a collection of their own, admitted after a full demographic match (\`$admit\`, which does not say
whether the person is known), ended by \`$release\`, shown as a Group by \`$members\`; \`Patient/[id]/$admit-person\` ties an account to a person.

${relationships()}
`;
