import { describe, expect, test } from '@jest/globals';
import type { Immunization, Patient } from '@medplum/fhirtypes';
import { dosesOf, patientOf, recordsIn, TODAY, world, type RecordStep } from './worlds.ts';

const records = recordsIn(world(5, 3000));
const firsts = records.filter((step) => step.truth.first);
const ageIn = (birthDate: string, date: string): number =>
  (Date.parse(date) - Date.parse(birthDate)) / 31_556_952_000;
const ageOf = (step: RecordStep): number => ageIn(patientOf(step).birthDate ?? '', TODAY);
const share = <T>(list: readonly T[], is: (each: T) => boolean): number =>
  list.filter(is).length / list.length;
const cvxOf = (dose: Immunization): string => dose.vaccineCode.coding?.[0]?.code ?? '';
const dateOf = (dose: Immunization): string => dose.occurrenceDateTime ?? '';
const extension = (patient: Patient, name: string): unknown =>
  patient.extension?.find((each) => each.url.endsWith(name));

describe('No dose is', () => {
  const pairs = records.flatMap((step) => dosesOf(step).map((dose) => [patientOf(step), dose] as const));

  test('before birth', () => {
    const early = pairs.filter(
      ([patient, dose]) => dateOf(dose) < (patient.birthDate ?? '').slice(0, dateOf(dose).length),
    );
    expect(early).toEqual([]);
  });

  test('after today', () => {
    expect(pairs.filter(([, dose]) => dateOf(dose) > TODAY || (dose.recorded ?? '') > TODAY)).toEqual([]);
  });

  test('after death', () => {
    expect(pairs.filter(([patient, dose]) => dateOf(dose) > (patient.deceasedDateTime ?? '9999'))).toEqual(
      [],
    );
  });

  test('given from a lot that had expired, or recorded before it was given', () => {
    expect(pairs.filter(([, dose]) => (dose.expirationDate ?? '9999') < dateOf(dose))).toEqual([]);
    expect(
      pairs.filter(
        ([, dose]) =>
          dose.primarySource === true && dose.status === 'completed' && (dose.recorded ?? '') < dateOf(dose),
      ),
    ).toEqual([]);
  });

  test('of a vaccine that somebody of that age does not get', () => {
    const limits: Readonly<Record<string, readonly [low: number, high: number]>> = {
      '116': [0.1, 0.7],
      '119': [0.1, 0.7],
      '03': [0.9, 20],
      '187': [49.9, 96],
      '165': [10.9, 28],
      '110': [0.1, 7.1],
      '303': [64.9, 101],
      '08': [0, 20],
    };
    const exact = pairs.filter(
      ([, dose]) => dose.primarySource === true && limits[cvxOf(dose)] !== undefined,
    );
    const odd = exact.filter(([patient, dose]) => {
      const [low, high] = limits[cvxOf(dose)] ?? [0, 130];
      const age = ageIn(patient.birthDate ?? '', dateOf(dose));
      return age < low || age > high;
    });
    expect(exact.length).toBeGreaterThan(3000);
    expect(odd.filter(([patient]) => firsts.some((step) => patientOf(step) === patient))).toEqual([]);
  });
});

describe('A dose', () => {
  const doses = records.flatMap(dosesOf);
  const given = doses.filter((dose) => dose.status === 'completed' && dose.primarySource === true);
  const known = doses.filter((dose) => dose.status === 'completed' && dose.primarySource === false);

  test('that was given has lot, expiry, route, volume, place, giver', () => {
    expect(given.length).toBeGreaterThan(20_000);
    const bare = given.filter(
      (dose) =>
        dose.lotNumber === undefined ||
        dose.expirationDate === undefined ||
        dose.route === undefined ||
        dose.doseQuantity === undefined ||
        dose.location === undefined ||
        dose.performer === undefined,
    );
    expect(bare).toEqual([]);
    expect(
      share(given, (dose) => dose.vaccineCode.coding?.length === 2 && dose.manufacturer !== undefined),
    ).toBeGreaterThan(0.85);
    expect(share(given, (dose) => dose.site !== undefined)).toBeGreaterThan(0.85);
  });

  test('that is known from elsewhere says from where, and less else', () => {
    expect(known.length).toBeGreaterThan(5000);
    expect(known.filter((dose) => dose.reportOrigin === undefined || dose.performer !== undefined)).toEqual(
      [],
    );
    expect(share(known, (dose) => dateOf(dose).length < 10)).toBeGreaterThan(0.005);
  });

  test('that was refused is not done, for a reason', () => {
    const refused = doses.filter((dose) => dose.status === 'not-done');
    expect(refused.length).toBeGreaterThan(300);
    expect(new Set(refused.map((dose) => dose.statusReason?.coding?.[0]?.code)).size).toBe(5);
  });

  test('shares its lot with others of the same product', () => {
    const lots = Map.groupBy(given, (dose) => `${dose.lotNumber ?? ''} ${cvxOf(dose)}`);
    expect(given.length / lots.size).toBeGreaterThan(2);
  });
});

describe('The people', () => {
  test('are of all ages', () => {
    expect(share(firsts, (step) => ageOf(step) < 18)).toBeGreaterThan(0.18);
    expect(share(firsts, (step) => ageOf(step) < 1)).toBeGreaterThan(0.008);
    expect(share(firsts, (step) => ageOf(step) >= 65)).toBeGreaterThan(0.1);
    expect(Math.max(...firsts.map(ageOf))).toBeLessThan(115);
    expect(Math.min(...firsts.map(ageOf))).toBeGreaterThanOrEqual(0);
  });

  test('are vaccinated as children in the United States are', () => {
    const twoToFive = firsts.filter(
      (step) => ageOf(step) >= 2 && ageOf(step) < 6 && patientOf(step).deceasedDateTime === undefined,
    );
    const has = (step: RecordStep, codes: readonly string[]): boolean =>
      dosesOf(step).some((dose) => dose.status === 'completed' && codes.includes(cvxOf(dose)));
    const measles = share(twoToFive, (step) => has(step, ['03', '94']));
    expect(measles).toBeGreaterThan(0.8);
    expect(measles).toBeLessThan(0.99);
  });

  test('live in families: children have guardians, an address in common, a mother of child-bearing age', () => {
    const households = Map.groupBy(firsts, (step) => step.truth.household);
    const addresses = [...households.values()].map(
      (family) => new Set(family.map((step) => JSON.stringify(patientOf(step).address?.[0]))).size,
    );
    expect(addresses.every((count) => count === 1)).toBe(true);
    const minors = firsts.filter((step) => ageOf(step) < 17);
    const guarded = share(
      minors,
      (step) =>
        step.bundle.entry?.some(({ resource }) => resource?.resourceType === 'RelatedPerson') === true,
    );
    expect(guarded).toBe(1);
  });

  test('are of one birth now and then: the same birth date, an order, and each named as the twin of the other', () => {
    const twins = firsts.filter((step) => step.truth.twins.length > 0);
    expect(twins.length).toBeGreaterThan(5);
    for (const step of twins.filter((each) =>
      each.truth.twins.every((other) => firsts.some((first) => first.truth.person === other)),
    )) {
      const [other] = firsts.filter((each) => each.truth.person === step.truth.twins[0]).map(patientOf);
      expect(other?.birthDate).toBe(patientOf(step).birthDate);
      expect(other?.multipleBirthInteger).not.toBe(patientOf(step).multipleBirthInteger);
    }
  });

  test('have race, ethnicity, sex at birth, birth place and mother’s maiden name on file', () => {
    const names = [
      'us-core-race',
      'us-core-ethnicity',
      'us-core-birthsex',
      'patient-birthPlace',
      'patient-mothersMaidenName',
    ];
    expect(
      firsts.filter((step) => names.some((name) => extension(patientOf(step), name) === undefined)),
    ).toEqual([]);
  });

  test.each<[string, (patient: Patient) => boolean, number]>([
    ['a hyphen', (patient) => patient.name?.[0]?.family?.includes('-') === true, 0.02],
    ['an accent', (patient) => /[À-ỹ]/.test(JSON.stringify(patient.name)), 0.02],
    ['two family names', (patient) => /^\S+ \S+$/.test(patient.name?.[0]?.family ?? ''), 0.02],
    ['no middle name', (patient) => patient.name?.[0]?.given?.length === 1, 0.2],
    [
      'a former name',
      (patient) => patient.name?.some((name) => name.use === 'maiden' || name.use === 'old') === true,
      0.08,
    ],
    ['a nickname', (patient) => patient.name?.some((name) => name.use === 'nickname') === true, 0.01],
    ['a suffix', (patient) => patient.name?.[0]?.suffix !== undefined, 0.001],
    ['an old address', (patient) => patient.address?.some((address) => address.use === 'old') === true, 0.1],
    ['a date of death', (patient) => patient.deceasedDateTime !== undefined, 0.01],
    [
      'another language than English',
      (patient) => patient.communication?.[0]?.language.coding?.[0]?.code !== 'en',
      0.03,
    ],
    [
      'a social security number',
      (patient) => patient.identifier?.some((each) => each.type?.coding?.[0]?.code === 'SS') === true,
      0.05,
    ],
  ])('have %s, some of them', (_, is, least) => {
    expect(share(firsts, (step) => is(patientOf(step)))).toBeGreaterThan(least);
  });

  test('have allergies, contraindications and immunity on file, a few of them', () => {
    const found = records.flatMap(
      (step) =>
        step.bundle.entry?.flatMap(({ resource }) =>
          resource?.resourceType === 'Observation'
            ? (resource.code.coding?.[0]?.code ?? '')
            : resource?.resourceType === 'AllergyIntolerance'
              ? 'allergy'
              : [],
        ) ?? [],
    );
    expect([...new Set(found)].sort()).toEqual(['15410-4', '30945-0', '59784-9', 'allergy']);
  });
});

test.each(['2024-02-29', '2026-11-22', '2031-07-01'])(
  'a sandbox that stands still on %s has its latest doses in the year before',
  (today) => {
    const latest = recordsIn(world(5, 200, today))
      .flatMap((step) => dosesOf(step).map(dateOf))
      .reduce((a, b) => (b > a ? b : a), '');
    expect(latest <= today).toBe(true);
    expect(ageIn(latest, today)).toBeLessThan(0.5);
  },
);
