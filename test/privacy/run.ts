/** Generated worlds of one jurisdiction: some cases each, from a seed, on several days. */
import { world } from '../world/world.ts';
import { enrolAll } from './callers.ts';
import { drawn, runCase, type Case } from './cases.ts';
import { diceOf, type Dice } from './dice.ts';
import { FINDINGS } from './findings.ts';
import { generate, MADE, type Generated } from './generate.ts';
import { otherNode } from './other-node.ts';
import { jurisdictionOf } from './packs.ts';
import { PROBES } from './probes.ts';
import { SEQUENCES, type Stage } from './sequences.ts';
import { doorOf } from './server.ts';
import type { Fault, Place } from './sight.ts';

export interface Run {
  readonly state: string;
  readonly seed: number;
  readonly cases: number;
  /** Whether what takes more than one request is tried as well, once a world. */
  readonly sequences: boolean;
}

export interface Outcome {
  readonly questions: number;
  readonly faults: readonly Fault[];
}

/** Every channel comes once in so many cases. */
const TURNS = 4;
const AT_ONCE = 6;
/** The first and the last moments of days on which directives, ties and ages begin and end. */
const MOMENTS: readonly (readonly [day: string, time: string])[] = [
  ['2026-11-20', '00:00:00.000'],
  ['2026-11-21', '23:59:59.999'],
  ['2026-11-22', '00:00:00.000'],
  ['2026-11-22', '23:59:59.999'],
  ['2026-11-23', '00:00:00.000'],
  ['2026-11-24', '23:59:59.999'],
  ['2026-11-25', '00:00:00.000'],
];

/** Runs the cases; what went wrong is told with the seed that brings it back. */
export async function run({ state, seed, cases, sequences }: Run): Promise<Outcome> {
  const dice = diceOf(seed);
  const w = await world({ at: `${MADE}T22:00:00.000Z`, jurisdiction: jurisdictionOf(state) });
  const door = await doorOf(w);
  try {
    const generated = await generate(w, state, dice);
    const parts = partsOf(generated, dice, cases);
    const callers = new Set(parts.flatMap((part) => part.cases.map(({ caller }) => caller)));
    await enrolAll(w, { callers, organizations: generated.organizations });
    let [questions, faults]: [number, Fault[]] = [0, []];
    for (const part of parts) {
      w.clock.set(part.instant);
      const place: Place = { door, world: generated, day: part.day };
      for (let at = 0; at < part.cases.length; at += AT_ONCE) {
        const ran = await Promise.all(part.cases.slice(at, at + AT_ONCE).map((one) => runCase(place, one)));
        questions += ran.reduce((sum, each) => sum + each.questions, 0);
        faults = [...faults, ...ran.flatMap((each) => each.faults)];
      }
    }
    faults = [
      ...faults,
      ...(await sequencesOf({ w, door, world: generated, dice }, { state, isDue: sequences })),
    ];
    return { questions, faults: faults.map((fault) => `${state}, seed ${seed}: ${fault}`) };
  } finally {
    await door.end();
    await w.end();
  }
}

/** One after the other: they move the clock. */
async function sequencesOf(
  stage: Omit<Stage, 'beside'>,
  { state, isDue }: { readonly state: string; readonly isDue: boolean },
): Promise<Fault[]> {
  if (!isDue) return [];
  const beside = await otherNode(stage.w, state);
  const faults: Fault[] = [];
  try {
    for (const { run: tries } of SEQUENCES) faults.push(...(await tries({ ...stage, beside })));
  } finally {
    await beside.end();
  }
  return faults;
}

interface Part {
  readonly day: string;
  readonly instant: string;
  readonly cases: readonly Case[];
}

/** The cases in the order of their moments: time does not run backwards. */
function partsOf(generated: Generated, dice: Dice, cases: number): Part[] {
  const byMoment = new Map<number, Case[]>();
  for (let at = 0; at < cases; at += 1) {
    const moment = Math.floor(dice.roll() * MOMENTS.length);
    byMoment.set(moment, [...(byMoment.get(moment) ?? []), { ...drawn(generated, dice), ...channelsOf(at) }]);
  }
  return [...byMoment.keys()]
    .sort((a, b) => a - b)
    .map((moment) => {
      const [day = '', time = ''] = MOMENTS[moment] ?? [];
      const civil = new Date(`${day}T${time}Z`).getTime();
      const instant = new Date(civil + generated.law.hoursBehind * 3_600_000).toISOString();
      return { day, instant, cases: byMoment.get(moment) ?? [] };
    });
}

const channelsOf = (turn: number): Pick<Case, 'findings' | 'probes'> => ({
  findings: FINDINGS.filter((_, at) => at % TURNS === turn % TURNS),
  probes: PROBES.filter((_, at) => at % TURNS === turn % TURNS),
});
