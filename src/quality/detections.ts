/**
 * What can be wrong with a report, once: the field, the defect, and what HL7 v2 calls it (table 0357 for ERR-3, 0533
 * for ERR-5). Codes that begin with DQA are those of AIRA's Message Quality Evaluator (Apache-2.0), of which these
 * are the ones that a registry can decide; IIS are the registry's own. Acknowledgements, reports and
 * docs/hl7v2.md are written from this table.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type rows from './detections.json';

/** E: rejected, with as much of the message as the text says. W: kept, but something was lost or is missing. I: a remark. */
export type Severity = 'E' | 'W' | 'I';

export interface Detection {
  /** `DQA0309`: stable, for the sender's software. */
  readonly code: string;
  readonly field: string;
  readonly defect: string;
  readonly severity: Severity;
  /** HL7 table 0357. */
  readonly hl7:
    '0' | '100' | '101' | '102' | '103' | '200' | '201' | '202' | '203' | '204' | '205' | '207' | '999';
  /** HL7 table 0533. */
  readonly application?: '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8';
  /** What the sender's staff is to do; never a value that was sent. */
  readonly says: string;
}

type Row = readonly [
  code: string,
  field: string,
  defect: string,
  severity: Severity,
  hl7: Detection['hl7'],
  application: Detection['application'] | '',
  says: string,
];

const ROWS = JSON.parse(readFileSync(join(import.meta.dirname, 'detections.json'), 'utf8')) as Readonly<
  Record<DetectionName, Row>
>;

/** By what the registry's own code calls it. */
export type DetectionName = keyof typeof rows;

const detection = ([code, field, defect, severity, hl7, application, says]: Row): Detection => ({
  code,
  field,
  defect,
  severity,
  hl7,
  ...(application !== undefined && application !== '' && { application }),
  says,
});

export const DETECTIONS: Readonly<Record<DetectionName, Detection>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, row]) => [name, detection(row)]),
) as Readonly<Record<DetectionName, Detection>>;

/** `Patient name last is too short`, `Patient name may be test name`. */
export const labelOf = ({ field, defect }: Pick<Detection, 'field' | 'defect'>): string =>
  /^(?:may|has) /.test(defect) ? `${field} ${defect}` : `${field} is ${defect}`;
