/** OBX under a dose that belong to the dose: eligibility, funding source, statements given, reactions. */
import type { CodeableConcept, Immunization, Observation } from '@medplum/fhirtypes';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Segment } from '../message.ts';
import { dateTimeOf } from '../time.ts';
import type { About, OrderReading } from './order.ts';
import { conceptOf, loincOf, part } from './read.ts';
import { coding, LOINC, PHIN, table } from './systems.ts';
import { educationOf } from './vis.ts';

export const ELIGIBILITY = '64994-7';
export const FUNDING = '30963-3';
export const REACTION = '31044-1';

type Extras = Pick<Immunization, 'programEligibility' | 'fundingSource' | 'education' | 'reaction'> & {
  readonly reactions: readonly Observation[];
};

export function doseExtrasOf(reading: OrderReading, about: About): Extras {
  const { observations } = about.group;
  const of = (loinc: string): readonly Segment[] => observations.filter((obx) => loincOf(obx) === loinc);
  return {
    ...eligibilityOf(reading, about, of(ELIGIBILITY)),
    ...fundingOf(reading, of(FUNDING)),
    ...educationOf(reading, observations, about.date),
    ...reactionsOf(of(REACTION)),
  };
}

function eligibilityOf(
  { findings, visitEligibility }: OrderReading,
  { rxa, isOwn, action }: About,
  sent: readonly Segment[],
): Pick<Immunization, 'programEligibility'> {
  const obx = sent.find((each) => each.value(5) !== '');
  const code = (obx?.value(5) ?? visitEligibility).toUpperCase();
  if (code === '' && isOwn && action !== 'D') findings.report('eligibility-missing', rxa);
  if (code === '') return {};
  const [concept, fault] = eligibilityIn(code, obx?.value(5, 2));
  if (concept !== undefined) return { programEligibility: [concept] };
  if (obx === undefined) findings.report(fault, 'PV1');
  else findings.report(fault, obx, { field: 5 });
  return {};
}

function eligibilityIn(
  code: string,
  said: string | undefined,
): [CodeableConcept | undefined, 'eligibility-unrecognized' | 'eligibility-invalid'] {
  const known = codeIn(terminology(), 'eligibility', code);
  const isTaken = known === undefined ? LOCAL_ELIGIBILITY.test(code) : known.status === 'Valid';
  const concept = { coding: [coding(table('0064'), code, known?.label ?? said)] };
  return [
    isTaken ? concept : undefined,
    known === undefined ? 'eligibility-unrecognized' : 'eligibility-invalid',
  ];
}

/** States have codes of their own, which begin with the name of the authority: they say that it is not VFC. */
const LOCAL_ELIGIBILITY = /^[A-Z]{2,3}\d{2}$/;

function fundingOf(
  { findings }: OrderReading,
  sent: readonly Segment[],
): Pick<Immunization, 'fundingSource'> {
  const [obx] = sent;
  if (obx === undefined) return {};
  const known = codeIn(terminology(), 'funding-source', obx.value(5).toUpperCase());
  if (known === undefined) findings.report('funding-unrecognized', obx, { field: 5 });
  return known === undefined ? {} : { fundingSource: { coding: [coding(PHIN, known.code, known.label)] } };
}

/** What happened after the dose is kept inside it: v2 tells it with the dose, and with nothing else. */
function reactionsOf(sent: readonly Segment[]): Pick<Extras, 'reaction' | 'reactions'> {
  const reactions = sent.flatMap((obx, at) => {
    const value = conceptOf(obx.field(5)[0]);
    const date = dateTimeOf(obx.value(14));
    if (value === undefined) return [];
    const observation: Observation = {
      resourceType: 'Observation',
      id: `reaction-${at + 1}`,
      status: 'final',
      code: { coding: [coding(LOINC, REACTION, part(obx.field(3)[0], 2))] },
      valueCodeableConcept: value,
    };
    return [{ observation, date }];
  });
  if (reactions.length === 0) return { reactions: [] };
  return {
    reactions: reactions.map(({ observation }) => observation),
    reaction: reactions.map(({ observation, date }) => ({
      ...(date !== undefined && { date }),
      detail: { reference: `#${observation.id ?? ''}` },
    })),
  };
}
