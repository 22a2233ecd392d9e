/** The worked pairs of the MIROW vaccination-level de-duplication guideline, as NIST weighted them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { DoseReport } from '../../../src/matching/dose.ts';
import { DOSE_RULES } from '../../../src/matching/dose-rules.ts';
import { evidenceOf } from '../../../src/matching/dose-score.ts';
import { judgeDoses } from '../../../src/matching/doses.ts';

interface Side {
  readonly date: string;
  readonly groups: readonly string[];
  readonly cvx?: string;
  readonly lot?: string;
  readonly product?: string;
  readonly org?: string;
  readonly source?: 'administered' | 'historical';
}

interface Case {
  readonly case: string;
  readonly illustrative?: true;
  readonly a: Side;
  readonly b: Side;
  readonly balanced: number;
  readonly verdict: string;
}

const file = new URL('cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

function reportOf(id: string, { org, ...said }: Side): DoseReport {
  return { id, filled: 0, ...said, ...(org !== undefined && { organization: org }) };
}

describe('the guideline', () => {
  test('has eleven pairs whose scores follow from the weights', () => {
    expect(cases.filter(({ illustrative }) => illustrative === undefined)).toHaveLength(11);
  });

  test.each(cases.filter(({ illustrative }) => illustrative === undefined))(
    'is followed in $case: $verdict at $balanced',
    ({ a, b, balanced, verdict }) => {
      const [one, other] = [reportOf('a', a), reportOf('b', b)];
      expect(evidenceOf(one, other, DOSE_RULES).score).toBeCloseTo(balanced, 3);
      expect(judgeDoses(one, other)).toMatchObject({ verdict });
    },
  );

  test.each(cases.filter(({ illustrative }) => illustrative === true))(
    'is not contradicted in $case, whose published score does not follow from the weights',
    ({ a, b, verdict }) => {
      const opposite = verdict === 'duplicate' ? 'different' : 'duplicate';
      expect(judgeDoses(reportOf('a', a), reportOf('b', b)).verdict).not.toBe(opposite);
    },
  );
});
