/**
 * The measures of data quality (profiles/measures/data-quality.json): what each makes of the figures, and whether a score
 * is beyond what the jurisdiction asks.
 */
import type { Pack, Quality, QualityMeasure, Threshold } from '../jurisdictions/pack.ts';
import type { Ages, FieldFigure, Figures, Part } from './figures.ts';
import { share } from './measures.ts';

/** A measure of one sender in one period. */
export interface Score {
  readonly measure: QualityMeasure;
  readonly numerator: number;
  readonly denominator: number;
  /** Undefined where there is nothing to measure. */
  readonly score?: number;
  /** By field, where the measure is of several. */
  readonly fields: readonly FieldFigure[];
}

interface Measure {
  readonly title: string;
  /** What a score counts, in words. */
  readonly unit: 'share' | 'days' | 'times';
  readonly of: (figures: Figures, pack: Pack) => Omit<Score, 'measure'>;
}

const shareOf = ({ of, has }: Part, fields: readonly FieldFigure[] = []): Omit<Score, 'measure'> => {
  const score = share(has, of);
  return { numerator: has, denominator: of, fields, ...(score !== undefined && { score }) };
};

const fieldsOf =
  (type: string, rule: FieldFigure['rule']): Measure['of'] =>
  ({ fields }) => {
    const some = fields.filter((each) => each.rule === rule && each.field.startsWith(`${type}.`));
    const sum = (name: 'of' | 'has'): number => some.reduce((all, each) => all + each[name], 0);
    return shareOf({ of: sum('of'), has: sum('has') }, some);
  };

const oldest = (waiting: Ages, all: Ages): Omit<Score, 'measure'> => ({
  numerator: waiting.length,
  denominator: all.length,
  fields: [],
  ...(waiting.length > 0 && { score: waiting.reduce((most, age) => Math.max(most, age), 0) }),
});

/** Of messages of HL7 v2, and of doses and people that came as FHIR. */
export const validityOf = ({ messages, records }: Pick<Figures, 'messages' | 'records'>): Part => ({
  of: messages.of + records.of,
  has: messages.has + records.has,
});

export const MEASURES: Readonly<Record<QualityMeasure, Measure>> = {
  timeliness: {
    title: 'Doses received within the deadline',
    unit: 'share',
    of: ({ late }, { reporting }) =>
      shareOf({ of: late.length, has: late.filter((days) => days <= reporting.exchange.days).length }),
  },
  'required-of-doses': {
    title: 'Required fields of doses that are filled',
    unit: 'share',
    of: fieldsOf('Immunization', 'required'),
  },
  'if-available-of-doses': {
    title: 'Fields of doses to be filled if available that are',
    unit: 'share',
    of: fieldsOf('Immunization', 'if-available'),
  },
  'required-of-patients': {
    title: 'Required fields of people that are filled',
    unit: 'share',
    of: fieldsOf('Patient', 'required'),
  },
  'if-available-of-patients': {
    title: 'Fields of people to be filled if available that are',
    unit: 'share',
    of: fieldsOf('Patient', 'if-available'),
  },
  validity: {
    title: 'Messages and records of which everything could be stored',
    unit: 'share',
    of: (figures) => shareOf(validityOf(figures)),
  },
  duplicates: {
    title: 'Doses that were reported again as another dose',
    unit: 'share',
    of: ({ doses, repeated }) => shareOf({ of: doses, has: repeated }),
  },
  rejected: {
    title: 'Age of the oldest rejected record that waits to be corrected',
    unit: 'days',
    of: ({ rejected, uncorrected }) => oldest(uncorrected, rejected),
  },
  pending: {
    title: 'Age of the oldest record that waits for staff',
    unit: 'days',
    of: ({ pending }) => oldest(pending, pending),
  },
  volume: {
    title: 'Doses beside those of as many days before',
    unit: 'times',
    of: ({ doses, dosesBefore }) => shareOf({ of: dosesBefore, has: doses }),
  },
};

/** All measures of some figures. */
export const scoresOf = (figures: Figures, pack: Pack): readonly Score[] =>
  Object.entries(MEASURES).map(([name, { of }]) => ({
    measure: name as QualityMeasure,
    ...of(figures, pack),
  }));

type Judged = Pick<Score, 'measure' | 'denominator'> & { readonly score?: number };

/** The limits that scores are beyond. Of few, a share says little. */
export function crossed(
  scores: readonly Judged[],
  { thresholds, leastCases }: Quality,
): readonly (Threshold & { readonly score: number })[] {
  return thresholds.flatMap((threshold) => {
    const { atLeast = -Infinity, atMost = Infinity, measure } = threshold;
    const { score, denominator } = scores.find((each) => each.measure === measure) ?? {};
    if (score === undefined || denominator === undefined) return [];
    if (MEASURES[measure].unit !== 'days' && denominator < leastCases) return [];
    return score < atLeast || score > atMost ? [{ ...threshold, score }] : [];
  });
}
