import { readFileSync } from 'node:fs';
import { jest, type Suite } from '../suite.ts';

interface Case {
  readonly case: string;
  readonly illustrative?: true;
}

export function mirow(): Suite {
  const file = new URL('cases.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };
  const [illustrative, scored] = [true, undefined].map((is) =>
    cases.filter((each) => each.illustrative === is),
  );
  return {
    title: 'MIROW de-duplication',
    against: 'the worked pairs of doses of the MIROW guideline, as NIST weighted them',
    command: jest('test/conformance/mirow'),
    passes: `${scored?.length ?? 0} of ${cases.length} pairs by score and verdict; the others by verdict`,
    deviations: (illustrative ?? []).map((each) => ({
      of: each.case,
      decision: 'Its score is not recomputed; the verdict is not contradicted.',
      reason:
        'The published score counts the CVX that one report lacks as the same; S006, a pair of the same kind, counts it as absent.',
    })),
  };
}
