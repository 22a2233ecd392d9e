/**
 * Generated worlds against the real server, as many cases as one likes: `npm run test:privacy -- --cases 5000 --seed 7`.
 * Cases are spread over the jurisdictions, in worlds of some hundred cases each; every fault is told with its seed.
 */
import { parseArgs } from 'node:util';
import { LAWS } from '../test/privacy/model.ts';
import { run } from '../test/privacy/run.ts';
import setUp from '../test/world/global-setup.ts';
import tearDown from '../test/world/global-teardown.ts';

const MOST_PER_WORLD = 200;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
const states = Object.keys(LAWS);
const perWorld = Math.min(MOST_PER_WORLD, Math.ceil(cases / states.length));

await setUp();
console.log(`${cases} cases, seed ${seed}`);
let [done, failed] = [0, 0];
for (let at = 0; done < cases; at += 1) {
  const some = Math.min(perWorld, cases - done);
  const state = states[at % states.length] ?? '';
  const faults = await run({ state, seed: seed + at, cases: some });
  for (const fault of faults) console.error(fault);
  done += some;
  failed += faults.length;
  console.log(`${done} cases, ${failed} faults (${state}, seed ${seed + at})`);
}
await tearDown();
process.exitCode = failed === 0 ? 0 : 1;
