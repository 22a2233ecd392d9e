/**
 * What of a report is counted for its sender, and no reason to answer anything: fields that are empty where they may be, and
 * values that are possible but odd. By the code of AIRA's Message Quality Evaluator (Apache-2.0): the field, the defect,
 * where it stands in HL7 v2, what it is judged of, and the test (hl7v2/noting) that decides it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a field is judged of: the message, its person, a person under 18, each next of kin, each order, those that the sender gave,
 * those that it knows from elsewhere, each observation.
 */
export type NotedOf =
  'message' | 'person' | 'child' | 'guardian' | 'order' | 'given' | 'historical' | 'observation';

export interface Noted {
  /** `DQA0094` */
  readonly code: string;
  readonly field: string;
  readonly defect: string;
  readonly segment: string;
  /** Of the segment, from one; none where the segment itself is meant. */
  readonly number?: number;
  /** Of the field, from one. */
  readonly component?: number;
  readonly of: NotedOf;
  readonly test: string;
}

type Row = readonly [field: string, defect: string, at: string, of: NotedOf, test: string];

const ROWS = JSON.parse(readFileSync(join(import.meta.dirname, 'noted.json'), 'utf8')) as Readonly<
  Record<string, Row>
>;

const PLACE = /^([A-Z0-9]{3})(?:-(\d+)(?:\.(\d+))?)?$/;

function notedOf([code, [field, defect, at, of, test]]: readonly [string, Row]): Noted {
  const [, segment = '', number, component] = PLACE.exec(at) ?? [];
  return {
    ...{ code, field, defect, segment, of, test },
    ...(number !== undefined && { number: Number(number) }),
    ...(component !== undefined && { component: Number(component) }),
  };
}

export const NOTED: readonly Noted[] = Object.entries(ROWS).map(notedOf);
