/**
 * MSA, ERR and QAK of another system's answer as an OperationOutcome (HL7 v2-to-FHIR: ERR), and what reading the answer
 * found as another. Older systems tell in ERR-1 and MSA-3 what newer ones tell in ERR-2 to ERR-8.
 */
import type { Coding, OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { DETECTIONS, labelOf } from '../../quality/detections.ts';
import { OWN } from '../../terminology/tables.ts';
import { locationParts, type Finding } from '../findings.ts';
import { conceptOf, filled, part } from '../mapping/read.ts';
import { coding, table } from '../mapping/systems.ts';
import type { Repetition, Segment } from '../message.ts';

type Severity = OperationOutcomeIssue['severity'];
type IssueCode = OperationOutcomeIssue['code'];

const SEVERITIES: Readonly<Record<string, Severity>> = {
  F: 'fatal',
  E: 'error',
  W: 'warning',
  I: 'information',
};
/** HL7 table 0357 in the words of FHIR's issue types. */
const ISSUES: Readonly<Record<string, IssueCode>> = {
  '0': 'informational',
  '100': 'structure',
  '101': 'required',
  '102': 'value',
  '103': 'code-invalid',
  '200': 'not-supported',
  '201': 'not-supported',
  '202': 'not-supported',
  '203': 'not-supported',
  '204': 'not-found',
  '205': 'duplicate',
  '206': 'lock-error',
  '207': 'exception',
};
const ERRORS = table('0357');
/** HL7 table 0008: how the whole message was taken. */
const CODES: Readonly<Record<string, readonly [severity: Severity, says: string]>> = {
  AA: ['information', 'The message was accepted.'],
  AE: ['error', 'The message was answered with errors.'],
  AR: ['fatal', 'The message was rejected.'],
  CA: ['information', 'The message was accepted for processing.'],
  CE: ['error', 'The message was not accepted for processing.'],
  CR: ['fatal', 'The message was rejected.'],
};
/** HL7 table 0208: how a query was answered. */
const STATUSES: Readonly<Record<string, readonly [code: IssueCode, says: string]>> = {
  NF: ['not-found', 'Nobody was found whom the query describes.'],
  TM: ['too-costly', 'More people were found than may be listed; ask with more that tells them apart.'],
  PD: ['suppressed', 'The person does not want the record to be shared.'],
};

/** What another system says of a message: of the whole, of the query, and of each place. */
export function outcomeOf(segments: readonly Segment[]): OperationOutcome {
  const named = (name: string): readonly Segment[] => segments.filter((segment) => segment.name === name);
  const code = worstOf(named('MSA').map((msa) => msa.value(1).toUpperCase()));
  return {
    resourceType: 'OperationOutcome',
    issue: [
      wholeOf(code),
      ...named('MSA').flatMap(textOf),
      ...named('QAK').flatMap(statusOf),
      ...named('ERR').flatMap((err) => errorsOf(err, code)),
    ],
  };
}

const RANKS = ['AR', 'CR', 'AE', 'CE', 'AA', 'CA'];
/** Some systems acknowledge each fault by an MSA of its own. */
const worstOf = (codes: readonly string[]): string =>
  RANKS.find((code) => codes.includes(code)) ?? codes[0] ?? '';

function wholeOf(code: string): OperationOutcomeIssue {
  const [severity, says] = CODES[code] ?? ['error', 'The answer does not say whether the message was taken.'];
  return {
    severity,
    code: severity === 'information' ? 'informational' : 'processing',
    details: filled({ coding: code === '' ? [] : [coding(table('0008'), code)], text: says }),
  };
}

/** MSA-3 and MSA-6 tell in older messages what ERR does in newer ones. */
function textOf(msa: Segment): OperationOutcomeIssue[] {
  const [severity] = CODES[msa.value(1).toUpperCase()] ?? ['error'];
  const said = msa.value(3);
  const error = conceptOf(msa.field(6)[0], ERRORS);
  if (said === '' && error === undefined) return [];
  const issue = ISSUES[msa.value(6)] ?? (severity === 'information' ? 'informational' : 'processing');
  return [{ severity, code: issue, ...(error && { details: error }), ...filled({ diagnostics: said }) }];
}

function statusOf(qak: Segment): OperationOutcomeIssue[] {
  const status = qak.value(2).toUpperCase();
  const told = STATUSES[status];
  if (told === undefined) return [];
  const [code, text] = told;
  return [{ severity: 'information', code, details: { coding: [coding(table('0208'), status)], text } }];
}

function errorsOf(err: Segment, answer: string): OperationOutcomeIssue[] {
  const old = err.field(1).flatMap((each) => oldErrorOf(each, answer));
  const says = err.value(8) || err.value(7);
  const isTold = [2, 3, 4, 5, 7, 8, 9].some((field) => err.field(field).length > 0);
  if (!isTold) return old;
  const [error] = err.field(3);
  const code = part(error, 1);
  const details = filled({
    coding: [...codingsIn(error, ERRORS), ...codingsIn(err.field(5)[0], table('0533'))],
    text: part(error, 9) || part(error, 2),
  });
  return [
    ...old,
    filled({
      severity: SEVERITIES[err.value(4).toUpperCase()] ?? severityOf(answer, code),
      code: ISSUES[code] ?? 'processing',
      ...(Object.keys(details).length > 0 && { details }),
      // Some write it one field too late.
      diagnostics: says || err.value(9),
      expression: err.field(2).map(placeOf),
    }),
  ];
}

/** An error without a severity is as grave as the answer it stands in. */
const severityOf = (answer: string, code: string): Severity =>
  code === '0' ? 'information' : answer === 'AA' || answer === 'CA' ? 'warning' : 'error';

const codingsIn = (sent: Repetition | undefined, usual: string): Coding[] =>
  conceptOf(sent, usual)?.coding ?? [];

/** `PID^1^5`, as ERR-2 writes it. */
const placeOf = (repetition: Repetition): string =>
  repetition
    .map((component) => component.join('&'))
    .join('^')
    .replace(/\^+$/, '');

/** ERR-1 of version 2.3.1 and 2.4: segment, which one, field, and the error in subcomponents. */
function oldErrorOf(repetition: Repetition, answer: string): OperationOutcomeIssue[] {
  const [code = '', text = '', system = '', ...words] = repetition[3] ?? [];
  const place = placeOf(repetition.slice(0, 3).map((component) => component.slice(0, 1)));
  const details = conceptOf([[code], [text], [system]], ERRORS);
  if (details === undefined && place === '') return [];
  return [
    filled({
      severity: severityOf(answer, code),
      code: ISSUES[code] ?? 'processing',
      ...(details && { details }),
      diagnostics: words.filter((each) => each !== '').join(': '),
      expression: [place].filter((each) => each !== ''),
    }),
  ];
}

/** What was wrong with the answer itself, or was left out of what was read; undefined where nothing was. */
export function readingOutcome(findings: readonly Finding[]): OperationOutcome | undefined {
  if (findings.length === 0) return undefined;
  const issue = findings.map(({ name, severity, location, says }): OperationOutcomeIssue => {
    const { code, field, defect, hl7 } = DETECTIONS[name];
    return {
      severity: SEVERITIES[severity] ?? 'error',
      code: ISSUES[hl7] ?? 'processing',
      details: { coding: [coding(`${OWN}CodeSystem/detection`, code, labelOf({ field, defect }))] },
      ...filled({ diagnostics: says ?? '' }),
      ...(location && { expression: [locationParts(location).join('^')] }),
    };
  });
  return { resourceType: 'OperationOutcome', issue };
}
