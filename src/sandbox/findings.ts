/**
 * What else a registry keeps of a person. A disease had, a positive titre and a contraindication are Observations
 * with the LOINC codes that immunization messages use (59784-9, 30945-0; HL7 v2 IG 1.5, OBX-3), so that both
 * channels say the same; allergies are AllergyIntolerance. A religious or philosophical exemption is a vaccine
 * not given (`not-done` with RELIG or PHILISOP), as a refusal is: see dose-body.ts.
 */
import type { AllergyIntolerance, CodeableConcept, Observation, Resource } from '@medplum/fhirtypes';
import { dateOf, YEAR, yearOf } from './calendar.ts';
import { coding, concept, type SystemName } from './concepts.ts';
import type { Dice } from './dice.ts';
import type { Person } from './person.ts';

export interface Findings {
  /** Day on which a history of varicella was written down, or of a positive titre. */
  readonly varicella?: { readonly day: number; readonly how: 'disease' | 'titre' };
  readonly contraindication?: { readonly day: number; readonly at: number };
  readonly allergy?: { readonly day: number; readonly at: number };
}

type Coded = readonly [system: SystemName, code: string, text: string];

/** From the value set `contraindication` of the code tables. */
const CONTRAINDICATIONS: readonly Coded[] = [
  ['phin', 'VXC27', 'Immunodeficiency due to any cause'],
  ['phin', 'VXC21', 'Previous history of intussusception'],
  ['phin', 'VXC22', 'Encephalopathy within 7 days of previous dose of DTP or DTaP'],
  ['phin', 'VXC26', 'Underlying unstable, evolving neurologic disorders'],
  ['phin', 'VXC20', 'Anaphylactic allergy to a previous dose of this vaccine or to a component'],
];
/** From the same value set. */
const ALLERGIES: readonly Coded[] = [
  ['snomed', '91930004', 'Allergy to eggs'],
  ['snomed', '294847001', 'Gelatin allergy'],
  ['snomed', '300916003', 'Latex allergy'],
  ['phin', 'VXC18', "Allergy to baker's yeast (anaphylactic)"],
];
const VARICELLA = concept('snomed', '38907003', 'Varicella');

const ageAt = (person: Person, day: number): number => (day - person.birthDay) / YEAR;

function varicellaOf(chance: Dice, person: Person, end: number): Findings['varicella'] {
  const born = yearOf(person.birthDay);
  const share = born < 1996 ? 0.12 : 0.02;
  if (born < 1950 || ageAt(person, end) < 6 || !chance.chance(share)) return undefined;
  const adult = ageAt(person, end) > 22;
  return {
    day: chance.between(Math.max(person.birthDay + 5 * 366, end - 6000), end),
    how: adult && chance.chance(0.25) ? 'titre' : 'disease',
  };
}

/** What is found of a person until the end of what is told. */
export function findingsOf(chance: Dice, person: Person, end: number): Findings {
  const some = (share: number, count: number): { day: number; at: number } | undefined =>
    chance.chance(share)
      ? { day: chance.between(Math.max(person.birthDay, end - 5000), end), at: chance.between(0, count - 1) }
      : undefined;
  const varicella = varicellaOf(chance, person, end);
  const contraindication = some(0.006, CONTRAINDICATIONS.length);
  const allergy = some(0.012, ALLERGIES.length);
  return {
    ...(varicella !== undefined && { varicella }),
    ...(contraindication !== undefined && { contraindication }),
    ...(allergy !== undefined && { allergy }),
  };
}

/** References to whom it is about and to the organisation that reports it. */
export interface About {
  readonly patient: string;
  readonly reporter: string;
}

/** A coded value with its text; the systems disagree about displays of some, so the text says it. */
const valueOf = ([system, code, text]: Coded): CodeableConcept => ({ coding: [coding(system, code)], text });

function observation(
  { patient, reporter }: About,
  day: number,
  code: CodeableConcept,
  value: CodeableConcept,
): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    code,
    subject: { reference: patient },
    performer: [{ reference: reporter }],
    effectiveDateTime: dateOf(day),
    valueCodeableConcept: value,
  };
}

function varicellaBody(about: About, found: NonNullable<Findings['varicella']>): Observation {
  if (found.how === 'disease') {
    return observation(
      about,
      found.day,
      concept('loinc', '59784-9', 'Disease with presumed immunity'),
      VARICELLA,
    );
  }
  const code: CodeableConcept = {
    coding: [coding('loinc', '15410-4')],
    text: 'Varicella zoster virus IgG antibody in serum',
  };
  return {
    ...observation(about, found.day, code, { coding: [coding('snomed', '10828004')], text: 'Positive' }),
    category: [concept('observationCategory', 'laboratory', 'Laboratory')],
  };
}

function contraindicationBody(about: About, found: NonNullable<Findings['contraindication']>): Observation[] {
  const coded = CONTRAINDICATIONS[found.at];
  if (coded === undefined) return [];
  return [
    observation(
      about,
      found.day,
      concept('loinc', '30945-0', 'Vaccination contraindication/precaution'),
      valueOf(coded),
    ),
  ];
}

function allergyBody({ patient }: About, found: NonNullable<Findings['allergy']>): AllergyIntolerance[] {
  const coded = ALLERGIES[found.at];
  if (coded === undefined) return [];
  return [
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: concept('allergyClinical', 'active', 'Active'),
      verificationStatus: concept('allergyVerification', 'confirmed', 'Confirmed'),
      type: 'allergy',
      code: valueOf(coded),
      patient: { reference: patient },
      recordedDate: dateOf(found.day),
    },
  ];
}

/** The findings as resources about a patient. */
export function findingBodies(about: About, findings: Findings): readonly Resource[] {
  const { varicella, contraindication, allergy } = findings;
  return [
    ...(varicella === undefined ? [] : [varicellaBody(about, varicella)]),
    ...(contraindication === undefined ? [] : contraindicationBody(about, contraindication)),
    ...(allergy === undefined ? [] : allergyBody(about, allergy)),
  ];
}
