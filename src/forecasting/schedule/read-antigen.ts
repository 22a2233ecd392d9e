/** Reads an antigen file of the release: immunity, contraindications and series. */
import { fail } from '../../core/failure.ts';
import { readAllowable, readSeriesDose, type VaccineLists } from './read-series-dose.ts';
import type {
  AntigenContraindication,
  AntigenData,
  AntigenSeries,
  BirthDateImmunity,
  Indication,
  VaccineContraindication,
} from './release.ts';
import {
  date,
  duration,
  flag,
  guidanceKey,
  list,
  present,
  requiredText,
  someOf,
  text,
  wholeNumber,
  word,
} from './read-values.ts';
import { all, filled, isFilled, one, type XmlElement } from './read-xml.ts';

export function readAntigen(root: XmlElement, lists: VaccineLists): AntigenData {
  const series = filled(root, 'series');
  const [first] = series;
  if (first === undefined) return fail('required', 'An antigen file has no <series>');
  return present({
    name: requiredText(first, 'targetDisease'),
    vaccineGroup: requiredText(first, 'vaccineGroup'),
    immunity: readImmunity(one(root, 'immunity')),
    ...readContraindications(one(root, 'contraindications')),
    series: series.map((element) => readSeries(element, lists)),
  });
}

function readImmunity(immunity: XmlElement | undefined): AntigenData['immunity'] {
  if (immunity === undefined || !isFilled(immunity)) return undefined;
  return present({
    observations: someOf(
      filled(immunity, 'clinicalHistory').map((row) => requiredText(row, 'guidelineCode')),
    ),
    birthDate: someOf(filled(immunity, 'dateOfBirth').map(readBirthDateImmunity)),
  });
}

function readBirthDateImmunity(row: XmlElement): BirthDateImmunity {
  return present({
    immunityBirthDate:
      date(row, 'immunityBirthDate') ?? fail('required', 'An immunity rule has no <immunityBirthDate>'),
    birthCountry: text(row, 'birthCountry'),
    exclusions: someOf(filled(row, 'exclusion').map((exclusion) => requiredText(exclusion, 'exclusionCode'))),
  });
}

function readContraindications(element: XmlElement | undefined) {
  const of = (level: string): XmlElement[] => {
    const group = element && one(element, level);
    return group === undefined ? [] : filled(group, 'contraindication');
  };
  return present({
    contraindications: someOf(of('vaccineGroup').map(readAntigenContraindication)),
    vaccineContraindications: someOf(of('vaccine').map(readVaccineContraindication)),
  });
}

function guidanceOf(element: XmlElement, name: string): string | undefined {
  const guidance = one(element, name);
  return guidance && guidanceKey(guidance);
}

function readAntigenContraindication(row: XmlElement): AntigenContraindication {
  return present({
    observation: requiredText(row, 'observationCode'),
    beginAge: duration(row, 'beginAge'),
    endAge: duration(row, 'endAge'),
    guidance: guidanceOf(row, 'contraindicationGuidance'),
  });
}

function readVaccineContraindication(row: XmlElement): VaccineContraindication {
  return present({
    observation: requiredText(row, 'observationCode'),
    guidance: guidanceOf(row, 'contraindicationGuidance'),
    vaccines: readAllowable(filled(row, 'contraindicatedVaccine')),
  });
}

function readSeries(element: XmlElement, lists: VaccineLists): AntigenSeries {
  const select = one(element, 'selectSeries') ?? fail('required', 'A series has no <selectSeries>');
  return present({
    name: requiredText(element, 'seriesName'),
    type:
      word(element, 'seriesType', ['Standard', 'Risk', 'Evaluation Only']) ??
      fail('required', 'A series has no <seriesType>'),
    ...readSelection(select),
    equivalentSeriesGroups: someOf(list(element, 'equivalentSeriesGroups')),
    requiredGender: someOf(readGenders(element)),
    indications: someOf(filled(element, 'indication').map(readIndication)),
    guidance: someOf(all(element, 'seriesAdminGuidance').flatMap((row) => guidanceKey(row) ?? [])),
    doses: filled(element, 'seriesDose').map((dose) => readSeriesDose(dose, lists)),
  });
}

function readSelection(select: XmlElement) {
  return present({
    seriesGroup: requiredText(select, 'seriesGroup'),
    seriesGroupName: requiredText(select, 'seriesGroupName'),
    defaultSeries: flag(select, 'defaultSeries'),
    productPath: flag(select, 'productPath'),
    seriesPriority: requiredText(select, 'seriesPriority').toUpperCase(),
    seriesPreference: wholeNumber(select, 'seriesPreference'),
    minAgeToStart: duration(select, 'minAgeToStart'),
    maxAgeToStart: duration(select, 'maxAgeToStart'),
  });
}

const GENDERS = ['Male', 'Female', 'Unknown'] as const;

function readGenders(element: XmlElement): (typeof GENDERS)[number][] {
  return filled(element, 'requiredGender').map(({ text: gender }) => {
    const found = GENDERS.find((known) => known.toLowerCase() === gender.toLowerCase());
    return found ?? fail('not-understood', `<requiredGender> is ${gender}, not one of ${GENDERS.join(', ')}`);
  });
}

function readIndication(row: XmlElement): Indication {
  const observation =
    one(row, 'observationCode') ?? fail('required', 'An indication has no <observationCode>');
  return present({
    observation: requiredText(observation, 'code'),
    beginAge: duration(row, 'beginAge'),
    endAge: duration(row, 'endAge'),
    guidance: guidanceOf(row, 'guidance'),
  });
}
