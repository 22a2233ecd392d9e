/** What reading a message has found: what is wrong, where (ERR-2), and how grave it is. */
import { DETECTIONS, type DetectionName, type Severity } from '../quality/detections.ts';
import type { Segment } from './message.ts';

/** Segment, which of its name, field, repetition, component: each from one. */
export interface Location {
  readonly segment: string;
  readonly sequence?: number;
  readonly field?: number;
  readonly repetition?: number;
  readonly component?: number;
}

export interface Finding {
  readonly name: DetectionName;
  readonly severity: Severity;
  readonly location?: Location;
  /** Instead of the table's text. */
  readonly says?: string;
}

/** Where in a segment. */
export interface Place {
  readonly field?: number;
  readonly repetition?: number;
  readonly component?: number;
}

/** Notes something about a segment. */
export type Report = (name: DetectionName, segment: Segment | string, place?: Place) => void;

export interface Findings {
  readonly all: readonly Finding[];
  readonly report: Report;
  readonly add: (...findings: readonly Finding[]) => void;
}

/** More help nobody, and a message can be made to have a million. */
const ENOUGH = 200;

/** Nothing found yet. */
export function noFindings(): Findings {
  const all: Finding[] = [];
  const add = (...findings: readonly Finding[]): void => {
    all.push(...findings.slice(0, Math.max(0, ENOUGH - all.length)));
  };
  return {
    all,
    add,
    report: (name, segment, place = {}) => {
      const at =
        typeof segment === 'string' ? { segment } : { segment: segment.name, sequence: segment.sequence };
      add({ name, severity: DETECTIONS[name].severity, location: { ...at, ...place } });
    },
  };
}

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'E');

/** `RXA^1^5^1^1`; a segment that is missing has no number. */
export function locationParts({ segment, sequence, field, repetition, component }: Location): string[] {
  if (sequence === undefined) return [segment];
  if (field === undefined) return [segment, String(sequence)];
  const parts = [segment, String(sequence), String(field)];
  return component === undefined && repetition === undefined
    ? parts
    : [...parts, String(repetition ?? 1), ...(component === undefined ? [] : [String(component)])];
}
