/** The structure of a VXU^V04: the person, then one group for each order (HL7 v2.5.1 grammar of profile Z22). */
import type { Finding, Findings } from './findings.ts';
import { DETECTIONS } from '../quality/detections.ts';
import type { Message, Segment } from './message.ts';

/** A vaccination, or what is told under one; segments that are missing have been reported by nobody yet. */
export interface OrderGroup {
  /** From one. */
  readonly at: number;
  readonly orc?: Segment;
  readonly rxa?: Segment;
  readonly rxr?: Segment;
  readonly observations: readonly Segment[];
}

export interface VaccinationRecord {
  readonly pid?: Segment;
  readonly pd1?: Segment;
  readonly nk1: readonly Segment[];
  readonly pv1?: Segment;
  /** OBX before the first order: of the person. */
  readonly observations: readonly Segment[];
  readonly orders: readonly OrderGroup[];
}

interface Building {
  at: number;
  orc?: Segment;
  rxa?: Segment;
  rxr?: Segment;
  observations: Segment[];
}

const OF_PERSON: ReadonlySet<string> = new Set(['PID', 'PD1', 'NK1', 'PV1']);

/** Arranges the segments; those that the guide does not name are passed over, as it says. */
export function recordOf(message: Message, findings: Findings): VaccinationRecord {
  findings.add(...message.strayLines.slice(0, 5).map(strayLine));
  const person = new Map<string, Segment[]>();
  const observations: Segment[] = [];
  const orders: Building[] = [];
  for (const segment of message.segments) {
    if (OF_PERSON.has(segment.name)) placeOfPerson(segment, person, orders.length > 0, findings);
    else if (segment.name === 'OBX') (orders.at(-1)?.observations ?? observations).push(segment);
    else placeOfOrder(segment, orders, findings);
  }
  const first = (name: string): Segment | undefined => person.get(name)?.[0];
  const [pid, pd1, pv1] = [first('PID'), first('PD1'), first('PV1')];
  return {
    ...(pid && { pid }),
    ...(pd1 && { pd1 }),
    ...(pv1 && { pv1 }),
    nk1: person.get('NK1') ?? [],
    observations,
    orders,
  };
}

const strayLine = (line: number): Finding => ({
  name: 'segment-invalid',
  severity: 'W',
  says: `Line ${line} of the message: ${DETECTIONS['segment-invalid'].says}`,
});

/** The person of a message that has no place for vaccinations: nobody is to believe that they were taken. */
export function personAlone(message: Message, findings: Findings): VaccinationRecord {
  const record = recordOf(message, findings);
  for (const { orc, rxa } of record.orders) findings.report('order-unexpected', rxa ?? orc ?? 'RXA');
  return { ...record, orders: [] };
}

function placeOfPerson(
  segment: Segment,
  person: Map<string, Segment[]>,
  isLate: boolean,
  findings: Findings,
): void {
  const before = person.get(segment.name) ?? [];
  if (segment.name === 'PID' && before.length > 0) findings.report('pid-repeated', segment);
  else if (isLate) findings.report('segment-order', segment);
  else person.set(segment.name, [...before, segment]);
}

function placeOfOrder(segment: Segment, orders: Building[], findings: Findings): void {
  const last = orders.at(-1);
  const begin = (more: Partial<Building>): void => {
    orders.push({ at: orders.length + 1, observations: [], ...more });
  };
  if (segment.name === 'ORC') begin({ orc: segment });
  else if (segment.name === 'RXA') {
    if (last === undefined || last.rxa !== undefined) begin({ rxa: segment });
    else last.rxa = segment;
  } else if (segment.name === 'RXR') {
    if (last?.rxa === undefined || last.rxr !== undefined) findings.report('segment-order', segment);
    else last.rxr = segment;
  }
}
