/** What somebody said, as a registry's desk takes it down: the directive, or its end, with the form that was signed. */
import type { Bundle, Consent, DocumentReference } from '@medplum/fhirtypes';
import { DIRECTIVE_SYSTEM, WITHDRAWAL } from '../jurisdictions/pack.ts';

/** One form. */
export interface Form {
  readonly patient: string;
  /** Code of the directive; or the id of the Consent that is taken back. */
  readonly says: { readonly directive: string } | { readonly ends: string };
  /** When it was said: YYYY-MM-DD. */
  readonly date: string;
  readonly start?: string;
  readonly end?: string;
  /** Who said it: `Patient/…` or `RelatedPerson/…`. */
  readonly performer?: string;
  /** Id of the organization that took it down. */
  readonly organization?: string;
  /** URI of the policy that it follows. */
  readonly policy: string;
  /** The signed paper. */
  readonly paper?: { readonly contentType: string; readonly data: string; readonly title: string };
}

const LOINC = { system: 'http://loinc.org', code: '59284-0', display: 'Consent Document' };
const PAPER = 'urn:uuid:7b0c5f0e-3f60-4c52-9c3e-0d3d1f0f6b51';

/** The transaction that files a form: the paper as a DocumentReference, and the Consent that refers to it. */
export function transactionOf(form: Form): Bundle {
  const paper = paperOf(form);
  const consent = { resource: consentOf(form), request: { method: 'POST', url: 'Consent' } } as const;
  const entry =
    paper &&
    ({ fullUrl: PAPER, resource: paper, request: { method: 'POST', url: 'DocumentReference' } } as const);
  return { resourceType: 'Bundle', type: 'transaction', entry: [...(entry ? [entry] : []), consent] };
}

function consentOf(form: Form): Consent {
  const { patient, says, date, performer, organization, policy, paper } = form;
  const provision = provisionOf(form);
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [
      { coding: [{ system: DIRECTIVE_SYSTEM, code: 'ends' in says ? WITHDRAWAL : says.directive }] },
    ],
    patient: { reference: `Patient/${patient}` },
    dateTime: date,
    ...(performer !== undefined && { performer: [{ reference: performer }] }),
    ...(organization !== undefined && { organization: [{ reference: `Organization/${organization}` }] }),
    ...(paper && { sourceReference: { reference: PAPER } }),
    policy: [{ uri: policy }],
    ...(provision && { provision }),
  };
}

/** What it ends, or when it begins and ends; the rest the directive says. */
function provisionOf({ says, start, end }: Form): Consent['provision'] {
  if ('ends' in says) {
    return { data: [{ meaning: 'instance', reference: { reference: `Consent/${says.ends}` } }] };
  }
  if (start === undefined && end === undefined) return undefined;
  return { period: { ...(start !== undefined && { start }), ...(end !== undefined && { end }) } };
}

function paperOf({ patient, date, organization, paper }: Form): DocumentReference | undefined {
  return (
    paper && {
      resourceType: 'DocumentReference',
      status: 'current',
      type: { coding: [LOINC] },
      subject: { reference: `Patient/${patient}` },
      date: `${date}T00:00:00Z`,
      ...(organization !== undefined && { custodian: { reference: `Organization/${organization}` } }),
      content: [{ attachment: paper }],
    }
  );
}
