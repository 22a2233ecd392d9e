/**
 * Whether hidden and absent take the same time, for every probe of test/privacy: `node scripts/timing-classes.ts [rounds]`.
 * Each probe asks of a hidden and of an absent thing in turn, in chance order; what is told is the chance that a hidden
 * one took longer than an absent one (the AUC of a rank test): 0.5 is what an onlooker cannot tell apart. Beside it is
 * what the same number of askings of absent things only, in two halves, comes to: the noise of the run.
 */
import { randomUUID } from 'node:crypto';
import { consent, create, enrolled, given, provider } from '../test/consent/people.ts';
import { diceOf } from '../test/privacy/dice.ts';
import { bodyOf, newName, type Known } from '../test/privacy/generate.ts';
import { PROBES, type Probe, type Thing } from '../test/privacy/probes.ts';
import { doorOf, send } from '../test/privacy/server.ts';
import { organization } from '../test/world/resources.ts';
import setUp from '../test/world/global-setup.ts';
import tearDown from '../test/world/global-teardown.ts';
import { world } from '../test/world/world.ts';

const ROUNDS = Number(process.argv[2] ?? 60);
const WARM = 5;
const DOSES = 12;

await setUp();
const dice = diceOf(7);
const w = await world({ clock: 'system' });
const door = await doorOf(w);
const [clinic, stranger] = [await create(w, organization()), provider(await create(w, organization()))];
await enrolled(w, stranger);

const like = (): Known => ({
  ...{
    id: randomUUID(),
    task: randomUUID(),
    identifier: randomUUID(),
    birthDate: '2010-05-05',
    isDead: false,
  },
  ...{ directives: [], doses: [], ...newName(dice) },
});

/** Hidden people with a record of usual size: as many as there are rounds would wear one out. */
const hidden: Thing[] = [];
for (let at = 0; at < 8; at += 1) {
  const person = like();
  const id = await create(w, bodyOf(person));
  for (let dose = 0; dose < DOSES; dose += 1)
    await create(w, given(id, clinic, { occurrenceDateTime: `20${12 + dose}-05-01` }));
  await create(w, consent(id, 'complete-opt-out'));
  hidden.push({ type: 'Patient', id, person: { ...person, id } });
}
const absent = (): Thing => {
  const person = like();
  return { type: 'Patient', id: person.id, person };
};

/** Milliseconds of one asking. */
async function took(probe: Probe, thing: Thing): Promise<number> {
  const sent = probe.ask(thing);
  const from = performance.now();
  await send(door, stranger, sent);
  return performance.now() - from;
}

/** The chance that one of the first is greater than one of the others; ties count half. */
function auc(some: readonly number[], others: readonly number[]): number {
  const greater = some.flatMap((one) => others.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
  return greater.reduce((sum: number, each) => sum + each, 0) / greater.length;
}

const middle = (some: readonly number[]): number => some.toSorted((a, b) => a - b)[some.length >> 1] ?? 0;

console.log(
  '| probe | hidden | absent | ratio | AUC | AUC of absent and absent |\n| --- | --- | --- | --- | --- | --- |',
);
/** What one probe takes: of hidden ones, of absent ones, and of absent ones once more. */
async function timesOf(probe: Probe): Promise<readonly [number[], number[], number[]]> {
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS + WARM; round += 1) {
    const thing = hidden[round % hidden.length] ?? absent();
    const order = ([0, 1, 2] as const).toSorted(() => dice.roll() - 0.5);
    for (const which of order) {
      const time = await took(probe, which === 0 ? thing : absent());
      if (round >= WARM) times[which].push(time);
    }
  }
  return times;
}

for (const probe of PROBES.filter(({ of }) => of.includes('Patient'))) {
  const [a, b, c] = await timesOf(probe);
  const told = [
    `${middle(a).toFixed(2)} ms`,
    `${middle(b).toFixed(2)} ms`,
    (middle(a) / middle(b)).toFixed(2),
    auc(a, b).toFixed(2),
    auc(c, b).toFixed(2),
  ];
  console.log(`| ${probe.name} | ${told.join(' | ')} |`);
}
await door.end();
await w.end();
await tearDown();
