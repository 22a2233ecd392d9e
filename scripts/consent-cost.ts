/**
 * What directives cost, and whether hidden and absent take the same time: `node scripts/consent-cost.ts [doses]`.
 * Ratios of one run; on a machine that is busy with other things they are noise.
 */
import { creates, reads, searches, transacts } from '../test/world/asks.ts';
import { consent, create, enrolled, given, provider, publicHealth } from '../test/consent/people.ts';
import { organization, patient } from '../test/world/resources.ts';
import setUp from '../test/world/global-setup.ts';
import tearDown from '../test/world/global-teardown.ts';
import { world } from '../test/world/world.ts';
import type { Ask } from '../src/core/context.ts';

const DOSES = Number(process.argv[2] ?? 5000);
const PER_BUNDLE = 500;
const ROUNDS = 200;

await setUp();
const w = await world({ clock: 'system' });
const clinic = await create(w, organization());
for (const actor of [publicHealth, provider(clinic), provider('stranger')]) await enrolled(w, actor);
const ana = await create(w, patient());
for (let done = 0; done < DOSES; done += PER_BUNDLE) {
  const entries = Array.from({ length: Math.min(PER_BUNDLE, DOSES - done) }, (_, at) => ({
    resource: given(ana, clinic, { occurrenceDateTime: `20${String(16 + (at % 10))}-03-01` }),
    request: { method: 'POST', url: 'Immunization' },
  }));
  await w.rooms.handle({ ...transacts(...entries), actor: publicHealth });
}
const begun = performance.now();
await w.rooms.handle(creates(consent(ana, 'limited-opt-out'), { actor: publicHealth }));
console.log(`a directive on a record of ${DOSES} doses: ${Math.round(performance.now() - begun)} ms`);

const ben = await create(w, patient());
const dose = await create(w, given(ben, clinic));
for (let at = 0; at < 10; at += 1)
  await create(w, given(ben, clinic, { occurrenceDateTime: `2020-0${(at % 9) + 1}-01` }));

/** Milliseconds that an ask takes in the middle of many, each of two in turn. */
async function medians(...asks: readonly Ask[]): Promise<number[]> {
  const times = asks.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, ask] of asks.entries()) {
      const from = performance.now();
      await w.rooms.handle(ask).catch(() => undefined);
      times[at]?.push(performance.now() - from);
    }
  }
  return times.map((some) => some.sort((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0);
}

function tell(name: string, [one = 0, other = 0]: readonly number[]): void {
  console.log(`${name}: ${one.toFixed(2)} ms, ${other.toFixed(2)} ms, ratio ${(one / other).toFixed(2)}`);
}

const by = (ask: Ask, actor = provider(clinic)): Ask => ({ ...ask, actor });
tell(
  'read, filtered and not',
  await medians(by(reads('Immunization', dose)), by(reads('Immunization', dose), publicHealth)),
);
const search = searches('Immunization', ['patient', ben]);
tell('search, filtered and not', await medians(by(search), by(search, publicHealth)));
// A record as people have it; of five thousand doses the index itself would take longer to say that none is seen.
const cleo = await create(w, patient());
for (let at = 0; at < 20; at += 1)
  await create(w, given(cleo, clinic, { occurrenceDateTime: `20${16 + (at % 10)}-05-01` }));
await create(w, consent(cleo, 'complete-opt-out'));
const stranger = provider('stranger');
const pair = (asks: (person: string) => Ask): readonly Ask[] => [
  by(asks(cleo), stranger),
  by(asks('never'), stranger),
];
tell('read of a person, hidden and absent', await medians(...pair((person) => reads('Patient', person))));
tell(
  'search of a person, hidden and absent',
  await medians(...pair((person) => searches('Patient', ['_id', person]))),
);
tell(
  'search of doses, hidden and absent',
  await medians(...pair((person) => searches('Immunization', ['patient', person]))),
);
await w.end();
await tearDown();
