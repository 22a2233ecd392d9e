/** The resources that the benchmark sends: small, valid, each different, the same for the same seed. */
import { dice, type Dice } from '../../sandbox/dice.ts';

const FAMILIES = 'Abara Baker Cruz Dahl Evers Flores Greene Hanna Ito Jansen Kaya Lopez'.split(' ');
const GIVEN =
  'Ada Ben Caro Dev Eli Fay Gus Hana Ivo Joy Kit Lea Max Nia Otto Pia Quinn Rosa Sam Tess Uma Vera Will Xenia Yan Zoe'.split(
    ' ',
  );
/** A few hundred ZIP codes and 144 family names: some share a name, a house number or a birth date, hardly any two all. */
const [FIRST_ZIP, LAST_ZIP] = [22000, 22399];
/** CVX codes that a child's record has (https://www2.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx). */
const VACCINES = ['08', '110', '133', '49', '116', '83', '03', '21', '20', '10'];
const DOSES = 10;
export const TOWN = 'Springfield';

/** A person as somebody would ask for it. */
export interface Who {
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly gender: 'female' | 'male';
  readonly line: string;
  readonly postalCode: string;
}
interface Made {
  readonly json: string;
  readonly who: Who;
}
export interface Bodies {
  /** A patient of a family and birth date; `id` only where the sender may choose it. */
  patient(): Made;
  /** A dose of the patient, given by its reference. */
  dose(patient: string): string;
  /** A transaction of one patient and ten doses. */
  transaction(): Made;
}

const pad = (number: number): string => String(number).padStart(2, '0');

export function day(chance: Dice, from: number, to: number): string {
  return `${chance.between(from, to)}-${pad(chance.between(1, 12))}-${pad(chance.between(1, 28))}`;
}

function entry(fullUrl: string, json: string, type: string): string {
  return `{"fullUrl":"${fullUrl}","resource":${json},"request":{"method":"POST","url":"${type}"}}`;
}

/** Anybody of the benchmark's town. */
export const whoFrom = (chance: Dice): Who => ({
  family: chance.pick(FAMILIES) + chance.pick(FAMILIES).toLowerCase(),
  birthDate: day(chance, 2005, 2023),
  gender: chance.pick(['female', 'male'] as const),
  given: chance.pick(GIVEN),
  line: `${chance.between(1, 999)} Elm Street`,
  postalCode: String(chance.between(FIRST_ZIP, LAST_ZIP)),
});

/** `run` tells the identifiers of one run from those of another on the same store. */
export function bodiesFrom(seed: number, run: string): Bodies {
  const chance = dice(seed);
  let count = 0;
  const identifier = (kind: string): string =>
    `[{"system":"https://bench.example.org/${kind}","value":"${run}-${seed}-${(count += 1)}"}]`;

  const patient = (): Made => {
    const who = whoFrom(chance);
    const { family, given, birthDate, gender, line, postalCode } = who;
    const name = `[{"use":"official","family":"${family}","given":["${given}"]}]`;
    const json =
      `{"resourceType":"Patient","identifier":${identifier('person')},"name":${name},"gender":"${gender}",` +
      `"birthDate":"${birthDate}","address":[{"line":["${line}"],"city":"${TOWN}","postalCode":"${postalCode}"}]}`;
    return { json, who };
  };
  const dose = (reference: string): string =>
    `{"resourceType":"Immunization","identifier":${identifier('dose')},"status":"completed",` +
    `"vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"${chance.pick(VACCINES)}"}]},` +
    `"patient":{"reference":"${reference}"},"occurrenceDateTime":"${day(chance, 2024, 2025)}","primarySource":true,` +
    `"lotNumber":"L${chance.between(1000, 9999)}","doseQuantity":{"value":0.5,"unit":"mL","system":"http://unitsofmeasure.org","code":"mL"}}`;
  const transaction = (): Made => {
    const [made, reference] = [patient(), `urn:uuid:${chance.uuid()}`];
    const doses = Array.from({ length: DOSES }, () =>
      entry(`urn:uuid:${chance.uuid()}`, dose(reference), 'Immunization'),
    );
    const entries = [entry(reference, made.json, 'Patient'), ...doses].join(',');
    return { ...made, json: `{"resourceType":"Bundle","type":"transaction","entry":[${entries}]}` };
  };
  return { patient, dose, transaction };
}
