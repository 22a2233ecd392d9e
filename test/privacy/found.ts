/** What a channel finds, held to what the model allows: no more of anybody in the world, and no less of who was asked for. */
import type { Actor } from '../../src/core/context.ts';
import type { Caller } from './callers.ts';
import type { Case } from './cases.ts';
import type { Finding } from './findings.ts';
import type { Known } from './generate.ts';
import { mayAsk, mayBrowse, takesPart, type Letter, type Type } from './rights.ts';
import { send, type Back, type Door } from './server.ts';
import { sightOf, type Fault, type Place, type Ran, type Sight } from './sight.ts';

/** All pages of an answer, one text after the other; each page's own count stays in the first. */
async function allPages(
  { door }: Place,
  { caller, person }: Case,
  channel: Finding,
): Promise<Back & { pages: number }> {
  const first = await send(door, caller.actor, channel.ask(person));
  const rest = await walk(door, caller.actor, first);
  return { ...rest, headers: first.headers, text: first.text + rest.text, pages: rest.pages + 1 };
}

/** The pages after a first one: the status of the last, and all their text. */
export async function walk(door: Door, actor: Actor, first: Back): Promise<Back & { pages: number }> {
  let [status, text, next, pages] = [first.status, '', nextOf(door, first.text), 0];
  for (; next !== undefined && status === 200 && pages < 60; pages += 1) {
    const page = await send(door, actor, { path: next });
    text += page.text;
    status = page.status;
    next = nextOf(door, page.text);
  }
  return { status, headers: first.headers, text, pages };
}

/** The next page, as a path of the door that the first was asked by. */
function nextOf({ base }: Pick<Door, 'base'>, text: string): string | undefined {
  const { link = [] } = parsed(text) as { link?: { relation: string; url: string }[] };
  return link.find(({ relation }) => relation === 'next')?.url.slice(base.length);
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

/** What a channel takes, and what of it the caller has. */
function isOpenTo({ holder }: Caller, { needs, browses, isPart }: Finding): boolean {
  const has = needs.every((need) => {
    const [type, letter] = need.split('.') as [Type, Letter];
    return mayAsk(holder, type, letter, isPart);
  });
  return takesPart(holder) && has && (browses !== true || mayBrowse(holder));
}

/** Whether the channel owes the caller what the model allows. */
function owes({ holder }: Caller, { doses, person, directives, roles, wholeToken }: Finding): boolean {
  const isPromised = [doses, person, directives].some((need) => need !== undefined);
  const isWhole = holder.words?.some(({ type, letters }) => type === '*' && /r.*s/.test(letters)) ?? true;
  return isPromised && (roles?.includes(holder.role) ?? true) && (wholeToken !== true || isWhole);
}

/** Asks a channel, and judges what comes back. */
export async function found(place: Place, one: Case, channel: Finding): Promise<Ran> {
  const back = await allPages(place, one, channel);
  const sight = sightOf(place, one.caller);
  const isOpen = isOpenTo(one.caller, channel);
  const isLog = channel.logs === true && isOpen;
  const faults = [
    ...(isLog ? [] : leaks(place, one, { channel, back, sight, isOpen })),
    ...(isOpen && owes(one.caller, channel) ? missing(place, one, { channel, back, sight, isOpen }) : []),
  ];
  return { questions: back.pages, faults };
}

interface Judged {
  readonly channel: Finding;
  readonly back: Back;
  readonly sight: Sight;
  readonly isOpen: boolean;
}

/** What was told of anybody in the world that this channel must not tell this caller. */
function leaks({ world }: Place, { person }: Case, { channel, back, sight, isOpen }: Judged): Fault[] {
  const { text } = back;
  const { isPart, doses: dosesBy = 'Immunization.s' } = channel;
  const isRepeated = JSON.stringify(channel.ask(person));
  const tells = (mark: string): boolean => text.includes(mark) && !isRepeated.includes(mark);
  return world.people.flatMap((each) => {
    const hiddenDoses = each.doses
      .filter(
        (dose) =>
          !(isOpen && (sight.dose(each, dose, dosesBy, isPart) || sight.dose(each, dose, 'Immunization.r'))),
      )
      .filter(({ id, lot }) => tells(id) || text.includes(lot));
    const isSeen = isOpen && (sight.of(each, 'Patient.s', isPart) || sight.of(each, 'Patient.r'));
    const isTold =
      (channel.namesPeople === true && text.includes(`Patient/${each.id}`)) ||
      tells(each.identifier) ||
      text.includes(`"value":"${each.identifier}"`) ||
      tells(each.family);
    const hiddenDirectives = each.directives
      .filter(
        (directive) =>
          !sight.directive(each, directive, 'Consent.s') && !sight.directive(each, directive, 'Consent.r'),
      )
      .filter(({ id }) => tells(id));
    return [
      ...hiddenDoses.map(
        ({ id }) =>
          `${channel.name} (${back.status}) tells of the hidden dose ${id} of ${each.id}: …${text.slice(Math.max(0, text.indexOf(id) - 150), text.indexOf(id) + 60)}…`,
      ),
      ...(!isSeen && isTold ? [`${channel.name} (${back.status}) shows the hidden person ${each.id}`] : []),
      ...hiddenDirectives.map(
        ({ id }) => `${channel.name} (${back.status}) tells of the hidden directive ${id} of ${each.id}`,
      ),
    ];
  });
}

/** What the caller may see and was not shown. */
function missing({ world }: Place, { person }: Case, judged: Judged): Fault[] {
  const { channel, back, sight } = judged;
  const isSeen =
    sight.of(person, channel.isPart === true ? 'Patient.r' : 'Patient.s') || sight.of(person, 'Patient.r');
  if (channel.through === true && !isSeen) return [];
  if (back.status !== 200) return [`${channel.name} is refused (${back.status}): ${back.text.slice(0, 300)}`];
  const people = channel.browses === true ? world.people : [person];
  return people.flatMap((each) => [...missingDoses(each, judged), ...missingPerson(each, judged)]);
}

function missingDoses(person: Known, { channel, back: { text, status }, sight }: Judged): Fault[] {
  const { name, doses: need, only = () => true, isPart, counts } = channel;
  if (need === undefined) return [];
  const due = person.doses.filter((dose) => only(dose) && sight.dose(person, dose, need, isPart));
  if (counts === true) {
    const { total } = parsed(text) as { total?: number };
    return total === due.length ? [] : [`${name} tells ${total ?? '?'} instead of ${due.length}`];
  }
  return due
    .filter(({ id, lot }) => !text.includes(id) && !text.includes(lot))
    .map(({ id }) => `${name} (${status}) misses the dose ${id} of ${person.id}: ${text.slice(0, 600)}`);
}

function missingPerson(person: Known, { channel, back: { text, status }, sight }: Judged): Fault[] {
  const { name, person: need, directives, byDoses, only = () => true, isPart } = channel;
  const seenBy = person.doses.some(
    (dose) => only(dose) && sight.dose(person, dose, 'Immunization.s', isPart),
  );
  const isDue = need !== undefined && sight.of(person, need, isPart) && (byDoses !== true || seenBy);
  const said =
    directives === undefined
      ? []
      : person.directives.filter((each) => sight.directive(person, each, directives));
  return [
    ...(isDue && !text.includes(`Patient/${person.id}"`) && !text.includes(`"id":"${person.id}"`)
      ? [`${name} (${status}) misses the person ${person.id}`]
      : []),
    ...said
      .filter(({ id }) => !text.includes(id))
      .map(({ id }) => `${name} (${status}) misses the directive ${id}`),
  ];
}
