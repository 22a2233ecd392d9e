/** RSP^K11: a history (Z32), candidates (Z31), nobody or too many (Z33), a history with its forecast (Z42). */
import type {
  Consent,
  Immunization,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  Observation,
  Patient,
  RelatedPerson,
} from '@medplum/fhirtypes';
import { answerHeader, errSegments, msaOf, type Code, type Writing } from './ack.ts';
import type { Finding } from './findings.ts';
import type { Header } from './header.ts';
import { doseSegments, obxWriter, type Known } from './mapping/write-dose.ts';
import { evaluationObx, findingSegments, forecastSegments } from './mapping/write-findings.ts';
import { candidateOf, nk1Of, pd1SegmentOf, pidOf } from './mapping/write-patient.ts';
import { encodeMessage, type Segment, type WrittenSegment } from './message.ts';

/** What the answers to one query share. */
export interface Asked {
  readonly header: Header;
  readonly qpd: Segment;
  readonly writing: Writing;
}

/** Everything of a person that messages carry, as far as the asker may see it. */
export interface WholeRecord {
  readonly patient: Patient;
  readonly guardians: readonly RelatedPerson[];
  readonly directives: readonly Consent[];
  readonly doses: readonly Immunization[];
  readonly observations: readonly Observation[];
  readonly known: Known;
  /** `Organization/id` of who asks. */
  readonly organization?: string;
}

type QueryStatus = 'OK' | 'NF' | 'TM' | 'AE';

interface Head {
  readonly profile: 'Z31' | 'Z32' | 'Z33' | 'Z42';
  readonly code: Code;
  readonly status: QueryStatus;
  readonly findings: readonly Finding[];
}

function headOf(
  { header, qpd, writing }: Asked,
  { profile, code, status, findings }: Head,
): WrittenSegment[] {
  const field = (number: number) => ({ repeat: qpd.field(number) });
  const last = 13;
  return [
    answerHeader(header, { type: ['RSP', 'K11', 'RSP_K11'], profile }, writing),
    msaOf(code, header),
    ...errSegments(findings),
    { name: 'QAK', fields: [qpd.value(2), status, field(1)] },
    { name: 'QPD', fields: Array.from({ length: last }, (_, at) => field(at + 1)) },
  ];
}

/** Nobody, too many, or a query that cannot be answered. */
export function noRecord(asked: Asked, status: 'NF' | 'TM' | 'AE', findings: readonly Finding[]): string {
  const code = status === 'AE' ? 'AE' : 'AA';
  return encodeMessage(headOf(asked, { profile: 'Z33', code, status, findings }));
}

export function candidateList(
  asked: Asked,
  patients: readonly Patient[],
  findings: readonly Finding[],
): string {
  const head = headOf(asked, { profile: 'Z31', code: 'AA', status: 'OK', findings });
  return encodeMessage([...head, ...patients.map((patient, at) => candidateOf(patient, at + 1))]);
}

const isTold = ({ status }: Immunization): boolean => status !== 'entered-in-error';
const byDay = (a: Immunization, b: Immunization): number =>
  (a.occurrenceDateTime ?? '').localeCompare(b.occurrenceDateTime ?? '');

/** The history: PID, PD1, NK1 and an order for each vaccination. */
export function history(asked: Asked, record: WholeRecord, findings: readonly Finding[]): string {
  const head = headOf(asked, { profile: 'Z32', code: 'AA', status: 'OK', findings });
  return encodeMessage([...head, ...recordSegments(record, asked.writing.now)]);
}

/** A record in segments, as a history has it. */
function recordSegments(record: WholeRecord, now: Date): WrittenSegment[] {
  const { patient, guardians, directives, doses, observations, known, organization } = record;
  const pd1 = pd1SegmentOf(patient, directives, organization);
  const obx = obxWriter();
  return [
    pidOf(patient, 1),
    ...(pd1 === undefined ? [] : [pd1]),
    ...guardians.map((guardian, at) => nk1Of(guardian, at + 1)),
    ...doses
      .filter(isTold)
      .toSorted(byDay)
      .flatMap((dose) => doseSegments(dose, known, obx)),
    ...findingSegments(observations, now.toISOString().slice(0, 10), obx),
  ];
}

/** What the forecast says of a record. */
export interface Forecasted {
  readonly evaluations: readonly ImmunizationEvaluation[];
  readonly recommendation?: ImmunizationRecommendation;
}

/** The history with the evaluation under each dose, and then what is due. */
export function evaluatedHistory(
  asked: Asked,
  { patient, doses, known }: Pick<WholeRecord, 'patient' | 'doses' | 'known'>,
  { evaluations, recommendation }: Forecasted,
  findings: readonly Finding[],
): string {
  const obx = obxWriter();
  const orders = doses
    .filter(isTold)
    .toSorted(byDay)
    .flatMap((dose) => {
      const [orc, rxa, ...more] = doseSegments(dose, known, () => ({ name: '', fields: [] }));
      const way = more.filter(({ name }) => name === 'RXR');
      return [orc, rxa, ...way, ...evaluationObx(dose, evaluations, obx)].flatMap((segment) => segment ?? []);
    });
  return encodeMessage([
    ...headOf(asked, { profile: 'Z42', code: 'AA', status: 'OK', findings }),
    pidOf(patient, 1),
    ...orders,
    ...(recommendation === undefined ? [] : forecastSegments(recommendation, obx)),
  ]);
}
