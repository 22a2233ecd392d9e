/** Acknowledgements: ACK of profile Z23, and the MSH, MSA and ERR that every answer begins with. */
import { DETECTIONS, labelOf } from '../quality/detections.ts';
import { locationParts, type Finding } from './findings.ts';
import type { Header } from './header.ts';
import { REGISTRY } from './mapping/systems.ts';
import { encodeMessage, type Written, type WrittenSegment } from './message.ts';
import { stampOf } from './time.ts';

/** AA: done. AE: something of it was not, or should be better. AR: not looked at. */
export type Code = 'AA' | 'AE' | 'AR';

/** How warnings are acknowledged: the national guide says AA, the test suites AE. */
export type WarningCode = 'AA' | 'AE';

/** The code that findings come to. */
export function codeOf(findings: readonly Finding[], warnings: WarningCode): Code {
  if (findings.some(({ severity }) => severity === 'E')) return 'AE';
  return findings.some(({ severity }) => severity === 'W') ? warnings : 'AA';
}

/** Names of HL7 table 0357. */
const HL7_NAMES: Readonly<Record<string, string>> = {
  '0': 'Message accepted',
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '206': 'Application record locked',
  '207': 'Application internal error',
  '999': 'Application error',
};
/** A segment that is missing has a name of its own under 100. */
const SEGMENT_MISSING = 'Required segment missing';
const OF_ORDER: ReadonlySet<string> = new Set(['out of order', 'repeated']);
/** Names of HL7 table 0533. */
const APPLICATION_NAMES: Readonly<Record<string, string>> = {
  '1': 'Illogical Date error',
  '2': 'Invalid Date',
  '3': 'Illogical Value error',
  '4': 'Invalid value',
  '5': 'Table value not found',
  '6': 'Required observation missing',
  '7': 'Required data missing',
  '8': 'Data was ignored',
};

/** Answers tell each cause once. */
export function errSegments(findings: readonly Finding[]): readonly WrittenSegment[] {
  const texts = new Set<string>();
  return findings.flatMap((finding) => {
    const segment = errOf(finding);
    const text = JSON.stringify(segment);
    if (texts.has(text)) return [];
    texts.add(text);
    return [segment];
  });
}

function errOf({ name, severity, location, says }: Finding): WrittenSegment {
  const { code, field, defect, hl7, application, says: usual } = DETECTIONS[name];
  const hl7Name = hl7 === '100' && !OF_ORDER.has(defect) ? SEGMENT_MISSING : HL7_NAMES[hl7];
  const own = [code, labelOf({ field, defect }), 'L'];
  return {
    name: 'ERR',
    fields: [
      undefined,
      location === undefined ? undefined : locationParts(location),
      [hl7, hl7Name, 'HL70357'],
      severity,
      application === undefined
        ? [undefined, undefined, undefined, ...own]
        : [application, APPLICATION_NAMES[application], 'HL70533', ...own],
      undefined,
      undefined,
      says ?? usual,
    ],
  };
}

/** What an answer answers; of a message that could not be read there is nothing. */
export type Answered = Pick<Header, 'msh' | 'trigger' | 'controlId'> | undefined;

/** Who answers, and when. */
export interface Writing {
  readonly newId: () => string;
  readonly now: Date;
}

/** MSH of an answer: the sender's names come back as the receiver's. */
export function answerHeader(
  answered: Answered,
  kind: { readonly type: readonly string[]; readonly profile: string },
  { newId, now }: Writing,
): WrittenSegment {
  const sent = (field: number): Written => {
    const read = answered?.msh.field(field) ?? [];
    return read.length === 0 ? undefined : { repeat: read };
  };
  const processing = answered?.msh.value(11);
  return {
    name: 'MSH',
    fields: [
      sent(5) ?? REGISTRY,
      sent(6) ?? REGISTRY,
      sent(3),
      sent(4),
      stampOf(now),
      undefined,
      kind.type,
      newId(),
      processing === undefined || !['P', 'T', 'D'].includes(processing) ? 'P' : processing,
      '2.5.1',
      undefined,
      undefined,
      'NE',
      'NE',
      ...Array.from({ length: 4 }, () => undefined),
      [kind.profile, 'CDCPHINVS'],
      sent(23) ?? REGISTRY,
      sent(22),
    ],
  };
}

export const msaOf = (code: Code, answered: Answered): WrittenSegment => ({
  name: 'MSA',
  fields: [code, answered?.controlId],
});

/** An acknowledgement as text. */
export function ackOf(
  answered: Answered,
  { code, findings }: { readonly code: Code; readonly findings: readonly Finding[] },
  writing: Writing,
): string {
  const trigger = answered?.trigger ?? '';
  const type = ['ACK', /^[A-Z]\d{2}$/.test(trigger) ? trigger : 'V04', 'ACK'];
  return encodeMessage([
    answerHeader(answered, { type, profile: 'Z23' }, writing),
    msaOf(code, answered),
    ...errSegments(findings),
  ]);
}
