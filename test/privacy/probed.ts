/** What a channel says of one thing: of a hidden one what it says of one that never was. */
import { randomUUID } from 'node:crypto';
import type { Caller } from './callers.ts';
import type { Case } from './cases.ts';
import type { Need } from './findings.ts';
import type { Known } from './generate.ts';
import type { Probe, Thing } from './probes.ts';
import type { Letter } from './rights.ts';
import { send, type Back } from './server.ts';
import { sightOf, type Place, type Ran, type Sight } from './sight.ts';

/** Asks a channel of each thing, and judges what comes back. */
export async function probed(place: Place, one: Case, channel: Probe): Promise<Ran> {
  const { caller, person } = one;
  if (channel.not?.includes(caller.holder.role) === true) return { questions: 0, faults: [] };
  const ran: Ran[] = [];
  for (const type of channel.of) {
    const ids = idsOf(person, type);
    for (const id of ids.slice(0, 2)) ran.push(await probedOf(place, one, channel, { type, id, person }));
  }
  return {
    questions: ran.reduce((sum, { questions }) => sum + questions, 0),
    faults: ran.flatMap(({ faults }) => faults),
  };
}

function idsOf(person: Known, type: Thing['type']): readonly string[] {
  if (type === 'Patient') return [person.id];
  return (type === 'Consent' ? person.directives : person.doses).map(({ id }) => id);
}

/** What of a thing the model shows to the caller by a letter. */
function isShown(sight: Sight, { type, id, person }: Thing & { person: Known }, letter: Letter): boolean {
  const need: Need = `${type}.${letter}`;
  if (type === 'Patient') return sight.of(person, need);
  const dose = person.doses.find((each) => each.id === id);
  if (dose !== undefined) return sight.dose(person, dose, need);
  const directive = person.directives.find((each) => each.id === id);
  return directive !== undefined && sight.directive(person, directive, need);
}

const isUnseen = (sight: Sight, thing: Thing & { person: Known }): boolean =>
  !isShown(sight, thing, 'r') && !isShown(sight, thing, 's');

async function probedOf(
  { door, ...place }: Place,
  { caller, nobody }: Case,
  channel: Probe,
  thing: Thing & { person: Known },
): Promise<Ran> {
  const sight = sightOf(place, caller);
  const isHidden = channel.reports === true ? !sight.isOpen(thing.person) : isUnseen(sight, thing);
  if (
    channel.ofDoses === true &&
    thing.person.doses.some(({ id }) => !isUnseen(sight, { ...thing, type: 'Immunization', id }))
  )
    return { questions: 0, faults: [] };
  if (!isHidden) return told({ door, ...place }, caller, channel, thing);
  const absent: Thing = { ...thing, id: thing.type === 'Patient' ? nobody.id : randomUUID(), person: nobody };
  const hidden = await send(door, caller.actor, channel.ask(thing));
  const never = await send(door, caller.actor, channel.ask(absent));
  const [a, b] = [comparable(hidden, thing), comparable(never, absent)];
  const fault = `${channel.name} of the hidden ${thing.type} ${thing.id} differs from one that never was:\n      ${a}\n      ${b}`;
  return { questions: 2, faults: a === b ? [] : [fault] };
}

/** What is not hidden is shown by what is there to show it. */
async function told(
  { door, ...place }: Place,
  caller: Caller,
  channel: Probe,
  thing: Thing & { person: Known },
): Promise<Ran> {
  const need = channel.tells?.(thing.type);
  const letter = need?.split('.')[1] as Letter | undefined;
  if (letter === undefined || !isShown(sightOf(place, caller), thing, letter))
    return { questions: 0, faults: [] };
  const { status, text } = await send(door, caller.actor, channel.ask(thing));
  const isTold = status === 200 && text.includes(thing.id);
  return {
    questions: 1,
    faults: isTold
      ? []
      : [`${channel.name} (${status}) misses the ${thing.type} ${thing.id}: ${text.slice(0, 200)}`],
  };
}

/** What is compared: all of it, but for the names that the caller itself gave, and numbers that are new each time. */
export function comparable({ status, headers, text }: Back, { id, person }: Thing): string {
  const names = [id, person.id, person.identifier, person.family, person.given, person.task];
  return names
    .reduce((left, name) => left.replaceAll(name, '…'), JSON.stringify([status, headers, text]))
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '·')
    .replace(/\b\d{14}(\.\d+)?[-+]\d{4}\b/g, '·');
}
