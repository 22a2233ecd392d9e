/**
 * What takes more than one request, a line each: walks during which a directive comes from the other server, keys that
 * are sent again, people who are reported by somebody who must not know them, emergencies.
 */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/core/context.ts';
import { consent, create, enrolled, given, provider, publicHealth, withdrawal } from '../consent/people.ts';
import type { World } from '../world/world.ts';
import { body, dose } from './bodies.ts';
import { walk } from './found.ts';
import { bodyOf, newName, type Generated, type Known } from './generate.ts';
import type { Dice } from './dice.ts';
import { demographics, merging, message, update, type V2Door } from './messages.ts';
import { comparable } from './probed.ts';
import { send, type Back, type Door, type Sent } from './server.ts';
import type { Fault } from './sight.ts';

export interface Stage {
  readonly w: World;
  /** Of another server process on the same database. */
  readonly beside: Door;
  readonly door: Door;
  readonly world: Generated;
  readonly dice: Dice;
}

interface Sequence {
  readonly name: string;
  readonly run: (stage: Stage) => Promise<Fault[]>;
}

/** Somebody new, or somebody who never was. */
const someone = (dice: Dice): Known => ({
  ...{
    id: randomUUID(),
    identifier: randomUUID(),
    task: randomUUID(),
    birthDate: '2018-05-05',
    isDead: false,
  },
  ...{ directives: [], doses: [], ...newName(dice) },
});

/** A child on file, of whom the first clinic gave some doses; told with their lots. */
async function onFile({ w, dice, world }: Stage, count: number): Promise<{ child: Known; lots: string[] }> {
  const like = someone(dice);
  const id = await create(w, bodyOf(like));
  const lots = Array.from({ length: count }, () => `L${randomUUID().slice(0, 13)}`);
  for (const lotNumber of lots) await create(w, given(id, world.organizations[0] ?? '', { lotNumber }));
  return { child: { ...like, id }, lots };
}

/** What closes a record to clinics that gave no dose; where no directive of the law does, limits of the person's own. */
function closingOf(
  { world: { law } }: Stage,
  more: object = {},
): { readonly code: string; readonly more: object } {
  const [code] = Object.entries(law.directives).find(([, { open }]) => !open.includes('provider')) ?? [];
  if (code !== undefined) return { code, more: { provision: { type: 'deny', ...more } } };
  const coding = [{ system: 'https://fhir-iis.org/fhir/CodeSystem/recipient', code: 'provider' }];
  const denied = { type: 'deny', actor: [{ role: { coding }, reference: { display: 'providers' } }] };
  return { code: 'limits', more: { provision: { type: 'permit', ...more, provision: [denied] } } };
}

/** Files a directive at the other server. */
async function close(stage: Stage, { id }: Known, more: object = {}): Promise<string> {
  const said = closingOf(stage, more);
  return filed(stage, consent(id, said.code, said.more));
}

async function filed({ w, beside }: Stage, sent: object): Promise<string> {
  await enrolled(w, publicHealth);
  const back = await send(beside, publicHealth, { method: 'POST', path: '/Consent', body: sent });
  const id = /Consent\/([^/]+)/.exec(back.headers['location'] ?? '')?.[1];
  if (id === undefined) throw new Error(`The directive is refused: ${back.text}`);
  return id;
}

/** A clinic's program that gave nobody anything. */
async function stranger({ w, world }: Stage, at: 1 | 2 = 1): Promise<Actor> {
  const actor = provider(world.organizations[at] ?? '');
  await enrolled(w, actor);
  return actor;
}

const when = (is: boolean, fault: Fault): Fault[] => (is ? [fault] : []);
const marks = ({ text }: Back, all: readonly string[]): number =>
  all.filter((mark) => text.includes(mark)).length;

/** Two answers that must not differ but in what the caller itself named. */
const unlike = (name: string, [a, of]: [Back, Known], [b, never]: [Back, Known]): Fault[] => {
  const [one, other] = [
    comparable(a, { type: 'Patient', id: of.id, person: of }),
    comparable(b, { type: 'Patient', id: never.id, person: never }),
  ];
  return when(
    one !== other,
    `${name} of a hidden person differs from a new one:\n      ${one}\n      ${other}`,
  );
};

/** Pages of two, with something that happens after the first. */
async function during(
  stage: Stage,
  path: (child: Known) => string,
  happens: (child: Known) => Promise<unknown>,
): Promise<{ before: number; after: number; lots: number }> {
  const { child, lots } = await onFile(stage, 5);
  const actor = await stranger(stage);
  const first = await send(stage.door, actor, { path: path(child) });
  await happens(child);
  const rest = await walk(stage.door, actor, first);
  return { before: marks(first, lots), after: marks(rest, lots), lots: lots.length };
}

const walks = (name: string, path: (child: Known) => string): Sequence => ({
  name: `${name}, while a directive comes from the other process`,
  run: async (stage) => {
    const { before, after } = await during(stage, path, (child) => close(stage, child));
    return [
      ...when(before === 0, `${name} shows nothing before the directive`),
      ...when(after > 0, `${name} goes on with ${after} doses after the directive`),
    ];
  },
});

/** @param taken what the answer says where the report is stored */
const reports = (name: string, sent: (person: Known) => Sent, taken = ''): Sequence => ({
  name: `${name} of a hidden person`,
  run: async (stage) => {
    const { child, lots } = await onFile(stage, 1);
    await close(stage, child);
    const [actor, never] = [await stranger(stage), someone(stage.dice)];
    const hidden = await send(stage.door, actor, sent(child));
    const fresh = await send(stage.door, actor, sent(never));
    const found = await send(stage.door, actor, { path: `/Patient?identifier=${child.identifier}` });
    const other = await send(stage.door, await stranger(stage, 2), {
      path: `/Patient?identifier=${child.identifier}`,
    });
    return [
      ...unlike(name, [hidden, child], [fresh, never]),
      ...when(!fresh.text.includes(taken), `${name} is not taken: ${fresh.text}`),
      ...when(marks(hidden, [...lots, child.id]) > 0, `${name} tells of the hidden record`),
      ...when(found.text.includes(child.id), `${name} leads to the hidden person`),
      ...when(other.text.includes(child.family), `${name} shows the person to another clinic`),
    ];
  },
});

const posts = (resource: object, headers: Readonly<Record<string, string>> = {}): Sent => ({
  ...{ method: 'POST', path: '/Patient', body: resource, headers },
});
const inTransaction = (resource: object): Sent => ({
  ...{ method: 'POST', path: '' },
  body: {
    ...{ resourceType: 'Bundle', type: 'transaction' },
    entry: [{ resource, request: { method: 'POST', url: 'Patient' } }],
  },
});
const MESSAGES = { VXU: update, ADT: demographics, A40: merging } as const;
const reportsBy = (door: V2Door, type: keyof typeof MESSAGES): Sequence =>
  reports(
    `${type} by ${door}`,
    (person) => message(door, MESSAGES[type](person, person.identifier.slice(0, 12))),
    'MSA|AA',
  );

/** A key that comes again, from the same caller and from another. */
async function again(stage: Stage): Promise<Fault[]> {
  const { child } = await onFile(stage, 1);
  const lot = `L${randomUUID().slice(0, 13)}`;
  const reported = { ...dose({ reference: `Patient/${child.id}` }), primarySource: false, lotNumber: lot };
  const key = randomUUID();
  const post = (patient: object): Sent => ({
    ...{ method: 'POST', path: '/Immunization', body: patient, headers: { 'idempotency-key': key } },
  });
  const actor = await stranger(stage);
  const first = await send(stage.door, actor, post(reported));
  const replayed = await send(stage.door, actor, post(reported));
  await close(stage, child);
  const hidden = await send(stage.door, actor, post(reported));
  const other = await send(stage.door, await stranger(stage, 2), post(reported));
  return [
    ...when(
      !first.text.includes(lot) || !replayed.text.includes(lot),
      'a key that comes again is not answered alike',
    ),
    ...when(replayed.headers['idempotency-replayed'] !== 'true', 'a key that comes again is done again'),
    ...when(hidden.text.includes(lot), 'a key that comes again shows what a directive hides'),
    ...when(other.headers['idempotency-replayed'] !== undefined, "another caller is given this one's answer"),
    ...when(other.status < 400, `another caller reports for a hidden person (${other.status})`),
  ];
}

/** Whoever names the person in an emergency sees what the law opens, for an hour, alone, and by id. */
async function emergency(stage: Stage): Promise<Fault[]> {
  const { child, lots } = await onFile(stage, 2);
  await close(stage, child);
  const place = stage.world.organizations[2] ?? '';
  const clinician = async (): Promise<Actor> => {
    const actor: Actor = {
      ...{ ...provider(place), client: 'launched', user: randomUUID(), purpose: 'ETREAT' },
      hasSecondFactor: true,
    };
    await enrolled(stage.w, actor);
    return actor;
  };
  const opens = (person: Known): Sent => ({
    ...{ method: 'POST', path: '/Patient/$emergency-access' },
    body: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: body(person) },
        {
          name: 'reason',
          valueCoding: { system: 'https://fhir-iis.org/fhir/CodeSystem/emergency-reason', code: 'wound' },
        },
      ],
    },
  });
  const [ana, ben, never] = [await clinician(), await clinician(), someone(stage.dice)];
  const opened = await send(stage.door, ana, opens(child));
  const absent = await send(stage.door, ben, opens(never));
  if (!stage.world.law.emergency.includes(closingOf(stage).code))
    return unlike('an emergency access', [opened, child], [absent, never]);
  const read: Sent = { path: `/Patient/${child.id}` };
  const statuses = [await send(stage.door, ana, read), await send(stage.door, ben, read)];
  stage.w.clock.advance(61 * 60_000);
  const late = await send(stage.door, ana, read);
  const told = [...statuses, late, absent].map(({ status }) => status).join(' ');
  return [
    ...when(marks(opened, lots) !== lots.length, `an emergency access (${opened.status}) misses doses`),
    ...when(told !== '200 404 404 404', `after an emergency access it is ${told}`),
  ];
}

/** A directive that begins tomorrow, on a walk that goes on past midnight. */
async function pastMidnight(stage: Stage): Promise<Fault[]> {
  const tomorrow = '2026-11-28';
  const behind = stage.world.law.hoursBehind * 3_600_000;
  const at = (time: number): void => {
    stage.w.clock.set(new Date(time + behind).toISOString());
  };
  at(Date.parse('2026-11-27T23:59:00Z'));
  const { child, lots } = await onFile(stage, 5);
  await close(stage, child, { period: { start: tomorrow } });
  const actor = await stranger(stage);
  const first = await send(stage.door, actor, { path: `/Immunization?patient=${child.id}&_count=2` });
  at(Date.parse('2026-11-28T00:00:00Z'));
  const rest = await walk(stage.door, actor, first);
  return [
    ...when(marks(first, lots) !== 2, 'a directive holds before its first day'),
    ...when(marks(rest, lots) > 0, 'a walk past midnight goes on with what is hidden since'),
  ];
}

/** What was withdrawn in the middle of a walk is there again. */
async function withdrawn(stage: Stage): Promise<Fault[]> {
  const path = ({ id }: Known): string => `/Immunization?patient=${id}&_count=2`;
  const { before, after, lots } = await during(stage, path, async (child) => {
    const directive = await close(stage, child);
    await create(stage.w, withdrawal(child.id, directive));
  });
  return when(
    before + after !== lots,
    `a walk over a directive that was taken back shows ${before + after} of ${lots}`,
  );
}

export const SEQUENCES: readonly Sequence[] = [
  walks('a search', ({ id }) => `/Immunization?patient=${id}&_count=2`),
  walks('a search in order', ({ id }) => `/Immunization?patient=${id}&_count=2&_sort=-date`),
  walks('a whole record', ({ id }) => `/Patient/${id}/$everything?_count=2`),
  walks('a compartment', ({ id }) => `/Patient/${id}/Immunization?_count=2`),
  { name: 'a walk over what was taken back', run: withdrawn },
  reports('a new Patient', (person) => posts(body(person))),
  reports('a new Patient by a condition', (person) =>
    posts(body(person), { 'if-none-exist': `identifier=${person.identifier}` }),
  ),
  reports('a new Patient in a transaction', (person) => inTransaction(body(person))),
  reportsBy('http', 'VXU'),
  reportsBy('soap', 'VXU'),
  reportsBy('mllp', 'VXU'),
  reportsBy('http', 'ADT'),
  reportsBy('mllp', 'ADT'),
  reportsBy('mllp', 'A40'),
  { name: 'a key that comes again', run: again },
  { name: 'an emergency', run: emergency },
  { name: 'a walk past midnight', run: pastMidnight },
];
