/** NK1 as a RelatedPerson; the segment is rejected as a whole where it lacks what it must have. */
import type { RelatedPerson } from '@medplum/fhirtypes';
import { codeIn } from '../../terminology/lookup.ts';
import { terminology } from '../../terminology/load.ts';
import type { Segment } from '../message.ts';
import type { Reading } from './patient.ts';
import { addressOf, filled, nameOf, telecomOf } from './read.ts';
import { coding, table } from './systems.ts';

const ROLE_CODE = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
/** HL7 table 0063 in the words of v3, as the v2-to-FHIR map has them. */
export const ROLES: Readonly<Record<string, readonly [code: string, display: string]>> = {
  MTH: ['MTH', 'mother'],
  FTH: ['FTH', 'father'],
  PAR: ['PRN', 'parent'],
  GRD: ['GUARD', 'guardian'],
  GRP: ['GRPRN', 'grandparent'],
  SEL: ['ONESELF', 'self'],
  SPO: ['SPS', 'spouse'],
  SIB: ['SIB', 'sibling'],
  BRO: ['BRO', 'brother'],
  SIS: ['SIS', 'sister'],
  CHD: ['CHILD', 'child'],
  NCH: ['NCHILD', 'natural child'],
  FCH: ['CHLDFOST', 'foster child'],
  SCH: ['STPCHLD', 'step child'],
  EXF: ['EXT', 'extended family member'],
  FND: ['FRND', 'unrelated friend'],
  DOM: ['DOMPART', 'domestic partner'],
};

export type Guardian = Omit<RelatedPerson, 'patient' | 'identifier'>;

export function guardianOf({ findings }: Reading, nk1: Segment): Guardian | undefined {
  const name = nameOf(nk1.field(2)[0]);
  const code = nk1.value(3).toUpperCase();
  const known = codeIn(terminology(), 'relationship', code);
  if (name === undefined) findings.report('nk1-name-missing', nk1, { field: 2 });
  if (code === '') findings.report('nk1-relationship-missing', nk1, { field: 3 });
  else if (known === undefined) findings.report('nk1-relationship-unrecognized', nk1, { field: 3 });
  if (name === undefined || known === undefined) return undefined;
  const [role, display] = ROLES[code] ?? [];
  return filled({
    resourceType: 'RelatedPerson',
    active: true,
    relationship: [
      {
        coding: [
          ...(role === undefined ? [] : [coding(ROLE_CODE, role, display)]),
          coding(table('0063'), code, known.label),
        ],
      },
    ],
    name: [name],
    telecom: nk1.field(5).flatMap((repetition) => telecomOf(repetition) ?? []),
    address: nk1.field(4).flatMap((repetition) => addressOf(repetition) ?? []),
  });
}
