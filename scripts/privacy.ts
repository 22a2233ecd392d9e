/**
 * Generated worlds against the real server, as many cases as one likes: `npm run test:privacy -- --cases 5000 --seed 7`.
 * Cases are spread over the jurisdictions, in worlds of a hundred cases each; every fault is told with its seed.
 * `--state virginia` keeps to one jurisdiction.
 */
import { parseArgs } from 'node:util';
import { LAWS } from '../test/privacy/law.ts';
import { run } from '../test/privacy/run.ts';
import setUp from '../test/world/global-setup.ts';
import tearDown from '../test/world/global-teardown.ts';

const MOST_PER_WORLD = 100;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '3500' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    state: { type: 'string' },
  },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
const states = values.state === undefined ? Object.keys(LAWS) : [values.state];
const perWorld = Math.min(MOST_PER_WORLD, Math.ceil(cases / states.length));

await setUp();
console.log(`${cases} cases, seed ${seed}`);
let [done, asked, failed] = [0, 0, 0];
for (let at = 0; done < cases; at += 1) {
  const some = Math.min(perWorld, cases - done);
  const state = states[at % states.length] ?? '';
  const { questions, faults } = await run({ state, seed: seed + at, cases: some, sequences: true });
  for (const fault of faults) console.error(fault);
  done += some;
  asked += questions;
  failed += faults.length;
  console.log(`${done} cases, ${asked} questions, ${failed} faults (${state}, seed ${seed + at})`);
}
await tearDown();
process.exitCode = failed === 0 ? 0 : 1;
