/** RXA-5: which vaccine, by CVX, NDC or CPT in either triplet. */
import type { CodeableConcept, Coding } from '@medplum/fhirtypes';
import { terminology } from '../../terminology/load.ts';
import { productOf, sharesGroup, vaccineOf, vaccinesOfCpt } from '../../terminology/lookup.ts';
import { CPT, CVX, NDC } from '../../terminology/tables.ts';
import type { Segment } from '../message.ts';
import type { Reading } from './patient.ts';
import { part, tripletsOf, type Triplet } from './read.ts';
import { coding, uriOf } from './systems.ts';

export interface VaccineRead {
  readonly concept: CodeableConcept;
  /** The CVX code that was sent, or that the other codes say. */
  readonly cvx: string;
}

/** No vaccine was given; a vaccine of which nothing is known. */
export const NO_VACCINE = '998';
const UNKNOWN_VACCINE = '999';

/** The vaccine; undefined where it is missing or not known, which has been reported. */
export function vaccineIn(reading: Reading, rxa: Segment): VaccineRead | undefined {
  const { findings } = reading;
  const sent = tripletsOf(rxa.field(5)[0]).flatMap(codingOf);
  if (sent.length === 0) {
    findings.report('vaccine-missing', rxa, { field: 5 });
    return undefined;
  }
  const known = sent.filter(isKnown);
  const cvx = known.map(cvxIn).find((code) => code !== undefined);
  if (cvx === undefined || cvx === UNKNOWN_VACCINE) {
    findings.report(cvx === undefined ? 'vaccine-unrecognized' : 'vaccine-unknown', rxa, { field: 5 });
    return undefined;
  }
  remark(reading, rxa, sent, cvx);
  const coding = sent.filter((each) => each.system !== CVX || isKnown(each)).map(named);
  const text = part(rxa.field(5)[0], 9);
  return { concept: { coding, ...(text !== '' && { text }) }, cvx };
}

/** Codes without a table are taken for what they look like. */
function codingOf({ code, text, system }: Triplet): Coding[] {
  if (code === '') return [];
  const uri =
    uriOf(system) ??
    (/^\d{2,3}$/.test(code) ? CVX : /^\d{4,5}-\d{3,4}-\d{1,2}$/.test(code) ? NDC : undefined);
  return uri === undefined ? [] : [coding(uri, code, text)];
}

function cvxIn({ system, code = '' }: Coding): string | undefined {
  if (system === CVX) return code;
  if (system === NDC) return productOf(terminology(), code)?.cvx;
  const vaccines = system === CPT ? vaccinesOfCpt(terminology(), code) : [];
  return vaccines.length === 1 ? vaccines[0]?.code : undefined;
}

function isKnown({ system, code = '' }: Coding): boolean {
  if (system === CVX) return vaccineOf(terminology(), code) !== undefined;
  return system === NDC ? productOf(terminology(), code) !== undefined : system === CPT;
}

/** What is in the tables has the name that it has there. */
function named(each: Coding): Coding {
  if (each.system !== CVX) return each;
  const short = vaccineOf(terminology(), each.code ?? '')?.short;
  return short === undefined ? each : { ...each, display: short };
}

function remark({ findings }: Reading, rxa: Segment, sent: readonly Coding[], cvx: string): void {
  const status = vaccineOf(terminology(), cvx)?.status;
  if (status === 'Never Active') findings.report('vaccine-never-active', rxa, { field: 5 });
  for (const each of sent) {
    if (each.system === CVX && !isKnown(each))
      findings.add({
        name: 'vaccine-unrecognized',
        severity: 'W',
        location: { segment: 'RXA', sequence: rxa.sequence, field: 5 },
        says: 'The CVX code in RXA-5 is not known to this registry; the vaccine was stored by its package.',
      });
    if (each.system !== NDC) continue;
    const product = productOf(terminology(), each.code ?? '');
    if (product === undefined) findings.report('vaccine-ndc-unrecognized', rxa, { field: 5 });
    // A group's code beside the package is vague, and not wrong.
    else if (!sharesGroup(terminology(), product.cvx, cvx))
      findings.report('vaccine-ndc-inconsistent', rxa, { field: 5 });
  }
}
