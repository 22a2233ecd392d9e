/** Cases: one caller and one person of a generated world, through every channel, held to what the model allows. */
import { FINDINGS, PROBES, type Finding, type Probe, type Thing } from './channels.ts';
import type { Dice } from './dice.ts';
import { askingOf, type Asking, type Generated, type Known } from './generate.ts';
import { maySee } from './model.ts';
import { enrolled } from '../consent/people.ts';
import type { World } from '../world/world.ts';
import { send, type Back, type Door } from './server.ts';

export interface Place {
  readonly w: World;
  readonly door: Door;
  readonly world: Generated;
  /** The civil day. */
  readonly day: string;
}

interface Case extends Asking {
  readonly person: Known;
  readonly seesPerson: boolean;
  /** Ids of the doses that it may see. */
  readonly seen: ReadonlySet<string>;
}

/** What went wrong, told so that it can be done again. */
export type Fault = string;

/** Runs one case through every channel. */
export async function runCase(place: Place, dice: Dice): Promise<Fault[]> {
  const { world, day } = place;
  const person = dice.oneOf(world.people);
  const asking = askingOf(dice, world, person);
  await enrolled(place.w, asking.actor);
  const see = (dose?: Known['doses'][number]): boolean =>
    maySee({ state: world.state, caller: asking.caller, person, dose, day });
  const seen = new Set(person.doses.filter((dose) => see(dose)).map(({ id }) => id));
  const one: Case = { ...asking, person, seesPerson: see(), seen };
  const faults = await Promise.all([
    ...FINDINGS.map((channel) => found(place, one, channel)),
    ...PROBES.map((channel) => probed(place, one, channel)),
  ]);
  return faults
    .flat()
    .map(
      (fault) =>
        `${JSON.stringify({ ...asking.caller, person: { ...person, doses: person.doses.length } })}: ${fault}`,
    );
}

/** All pages of an answer, one text after the other. */
async function allPages({ door }: Place, { actor }: Case, channel: Finding, named: Known): Promise<Back> {
  const first = await send(door, actor, channel.ask({ person: named.id, identifier: named.identifier }));
  let [text, next] = [first.text, nextOf(first.text)];
  for (let pages = 0; next !== undefined && pages < 20; pages += 1) {
    const page = await send(door, actor, { path: next });
    text += page.text;
    next = nextOf(page.text);
  }
  return { ...first, text };
}

function nextOf(text: string): string | undefined {
  const { link = [] } = parsed(text) as { link?: { relation: string; url: string }[] };
  return link.find(({ relation }) => relation === 'next')?.url;
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

async function found(place: Place, one: Case, channel: Finding): Promise<Fault[]> {
  const back = await allPages(place, one, channel, one.person);
  const hidden = one.person.doses.filter(({ id }) => !one.seen.has(id) && back.text.includes(id));
  const leaks = [
    ...hidden.map(({ id }) => `${channel.name} tells of the hidden dose ${id}`),
    ...(!one.seesPerson && back.text.includes('"resourceType":"Patient"')
      ? [`${channel.name} shows the hidden person`]
      : []),
    ...(!one.seesPerson && back.text.includes(one.person.identifier) && !asksFor(channel, one)
      ? [`${channel.name} tells the hidden identifier`]
      : []),
  ];
  return [...leaks, ...missing(one, channel, back)];
}

/** A link to itself repeats what was asked. */
const asksFor = (channel: Finding, { person }: Case): boolean =>
  JSON.stringify(channel.ask({ person: person.id, identifier: person.identifier })).includes(
    person.identifier,
  );

/** What the caller may see and was not shown. */
function missing(one: Case, channel: Finding, back: Back): Fault[] {
  // A person who is hidden hides by a chain or as a whole record what of it is not.
  if (!one.seesPerson && /patient\.|everything|Patient\?/.test(pathOf(channel))) return [];
  // What is refused to the kind of caller is refused whoever the person is.
  if (back.status === 400 || back.status === 403) return [];
  if (channel.counts === true) return miscounted(one, channel, back);
  const { seen, caller } = one;
  const showsDoses = channel.shows === 'doses' || channel.shows === 'both';
  const doses = showsDoses ? [...seen].filter((id) => !back.text.includes(`Immunization/${id}`)) : [];
  return [
    ...doses.map((id) => `${channel.name} (${back.status}) misses the dose ${id} for ${caller.kind}`),
    ...missingPerson(one, channel, back),
  ];
}

const pathOf = (channel: Finding): string => channel.ask({ person: '', identifier: '' }).path;

function miscounted({ seen }: Case, channel: Finding, { text }: Back): Fault[] {
  const { total } = parsed(text) as { total?: number };
  return total === seen.size ? [] : [`${channel.name} tells ${total ?? '?'} instead of ${seen.size}`];
}

/** A person that is found by doses only is not found without one. */
function missingPerson(
  { person, seen, seesPerson, caller }: Case,
  channel: Finding,
  { text, status }: Back,
): Fault[] {
  const isByDoses = /_has|_include=/.test(pathOf(channel));
  const shows = channel.shows === 'person' || channel.shows === 'both';
  const isDue = shows && seesPerson && (!isByDoses || seen.size > 0);
  return isDue && !text.includes(`Patient/${person.id}`)
    ? [`${channel.name} (${status}) misses the person for ${caller.kind}`]
    : [];
}

const NEVER = '00000000-0000-7000-8000-000000000000';

async function probed(
  { door }: Place,
  { actor, person, seen, seesPerson }: Case,
  channel: Probe,
): Promise<Fault[]> {
  const things: Thing[] = [
    ...(seesPerson
      ? []
      : [{ type: 'Patient', id: person.id, identifier: person.identifier, person: person.id } as const]),
    ...person.doses
      .filter(({ id }) => !seen.has(id))
      .map(({ id }) => ({ type: 'Immunization', id, identifier: '', person: person.id }) as const),
  ].filter(({ type }) => channel.of.includes(type));
  const faults: Fault[] = [];
  for (const thing of things.slice(0, 2)) {
    const absent = { ...thing, id: NEVER, identifier: NEVER, person: NEVER };
    const [hidden, never] = [
      await send(door, actor, channel.ask(thing)),
      await send(door, actor, channel.ask(absent)),
    ];
    const [a, b] = [comparable(hidden, thing), comparable(never, absent)];
    if (a !== b)
      faults.push(
        `${channel.name} of a hidden ${thing.type} differs from one that never was:\n  ${a}\n  ${b}`,
      );
  }
  return faults;
}

/** What is compared: all of it, but for the names that the caller itself gave. */
function comparable({ status, headers, text }: Back, { id, identifier, person }: Thing): string {
  const told = [id, identifier, person].filter((name) => name !== '');
  const whole = JSON.stringify([status, headers, text]);
  return told
    .reduce((left, name) => left.replaceAll(name, '…'), whole)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '·');
}
