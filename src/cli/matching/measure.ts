/** Measures matching on records whose truth is known. */
import { basename } from 'node:path';
import { estimateUnlabelled } from '../../matching/estimate.ts';
import { compare } from '../../matching/compare.ts';
import { gradeOf } from '../../matching/patients.ts';
import { THRESHOLDS } from '../../matching/thresholds.ts';
import { scorerOf, sharesOf, type Register, type Scorer } from '../../matching/score.ts';
import type { Weights } from '../../matching/weights.ts';
import { dice } from '../../sandbox/dice.ts';
import { candidatesOf, type Candidates } from './candidates.ts';
import { doseFigures, type DoseFigures } from './dose-figures.ts';
import { figuresOf, type Figures, type ScoredPair } from './figures.ts';
import { newcomersOf, type Newcomers } from './newcomers.ts';
import { sandboxPeople, type Known } from './sandbox-people.ts';

/** What was measured of a set of records. */
export interface Measured {
  readonly name: string;
  readonly records: readonly Known[];
  readonly candidates: Candidates;
  readonly scored: readonly ScoredPair[];
  readonly figures: Figures;
  /** Pairs compared and scored in a second, on one core. */
  readonly throughput: number;
  readonly doses?: DoseFigures;
  readonly newcomers?: readonly Newcomers[];
}

interface Set {
  readonly name: string;
  readonly records: readonly Known[];
  readonly candidates: Candidates;
}

function scored({ candidates }: Set, scorer: Scorer): readonly ScoredPair[] {
  return candidates.pairs.map(({ one, other, isTrue }) => {
    const of = scorer.score(one.person, other.person);
    return { bits: of.bits, grade: gradeOf(of, THRESHOLDS), isTrue };
  });
}

function measured(set: Set, register: Register): Measured {
  const scorer = scorerOf(register);
  const before = performance.now();
  const pairs = scored(set, scorer);
  const seconds = (performance.now() - before) / 1000;
  return {
    ...set,
    scored: pairs,
    figures: figuresOf(pairs, set.candidates.truePairs),
    throughput: pairs.length / seconds,
  };
}

/** Measures people of the generator, seed by seed. */
export function measureSandbox(
  seeds: readonly number[],
  people: number,
  weights: Weights,
): readonly Measured[] {
  return seeds.map((seed) => {
    const records = sandboxPeople(seed, people);
    const set = { name: `seed ${seed}, ${people} people`, records, candidates: candidatesOf(records) };
    return {
      ...measured(set, { weights, records: records.length }),
      doses: doseFigures(records),
      newcomers: newcomersOf(records, weights),
    };
  });
}

const RANDOM_PAIRS = 300_000;

/** Measures the records of a file with weights estimated from its own pairs, without looking at the truth. */
export function measureFile(file: string, records: readonly Known[], start: Weights): Measured {
  const set = { name: basename(file, '.ndjson'), records, candidates: candidatesOf(records) };
  const chance = dice(records.length);
  const random = Array.from({ length: RANDOM_PAIRS }, () =>
    compare(chance.pick(records).person, chance.pick(records).person),
  );
  const pairs = set.candidates.pairs.map(({ one, other }) => compare(one.person, other.person));
  const weights = estimateUnlabelled({ pairs, random, start, records: records.length });
  const people = records.map(({ person }) => person);
  return measured(set, { weights, records: records.length, names: sharesOf(people) });
}
