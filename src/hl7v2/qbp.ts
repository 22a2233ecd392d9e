/**
 * QBP^Q11, profiles Z34 and Z44: who is meant, as far as the asker may see people, and then what is known of the one
 * person. A person who is hidden from the asker is nobody, by the same way and the same answer.
 */
import type {
  Bundle,
  Consent,
  Identifier,
  Immunization,
  ImmunizationEvaluation,
  ImmunizationRecommendation,
  Observation,
  Parameters,
  Patient,
  RelatedPerson,
  Resource,
} from '@medplum/fhirtypes';
import type { QueryPair } from '../core/context.ts';
import { askFrom, found, foundAll, inOne, tokensOf, type Corridor } from './corridor.ts';
import { hasErrors, type Findings } from './findings.ts';
import { checkProfile, type Header } from './header.ts';
import { MOST_NUMBERS } from './mapping/patient.ts';
import { addressOf, filled, identifierOf, nameOf, part, telecomOf } from './mapping/read.ts';
import { SSN } from './mapping/systems.ts';
import { segmentsOf, type Message, type Repetition, type Segment } from './message.ts';
import { isSamePerson } from './place.ts';
import { protecting } from './protection.ts';
import { candidateList, evaluatedHistory, history, noRecord, type Asked, type Forecasted } from './rsp.ts';
import { dayOf } from './time.ts';

/** A query on its way through the registry. */
export interface Queried {
  readonly corridor: Corridor;
  readonly message: Message;
  readonly header: Header;
  readonly findings: Findings;
  /** `Organization/id` of who asks. */
  readonly organization?: string;
}

/** Most candidates that are ever listed, whatever the query asks. */
const MOST = 10;
const USUAL = 5;

/** Answers a query; undefined where it has no QPD to answer by. */
export async function answerQuery(queried: Queried): Promise<string | undefined> {
  const { corridor, message, header, findings } = queried;
  const qpd = segmentsOf(message, 'QPD')[0];
  if (qpd === undefined) {
    findings.report('qpd-missing', 'QPD');
    return undefined;
  }
  const asked: Asked = {
    header,
    qpd,
    writing: { newId: corridor.rooms.newId, now: corridor.rooms.now() },
  };
  const limit = limitOf(queried);
  const sought = soughtIn(queried, qpd);
  if (hasErrors(findings.all)) return noRecord(asked, 'AE', findings.all);
  const ask = { interaction: 'search-type', type: 'Patient', query: queryOf(sought) } as const;
  const { answer } = await inOne(corridor, ask, async (within) => ({
    status: 200,
    answer: await answerOf({ ...queried, corridor: within }, asked, { sought, limit }),
  }));
  return answer;
}

/** Whom it asks for, as the record of it says. */
function queryOf({ identifier, name = [], birthDate }: Patient): readonly QueryPair[] {
  const [{ family, given = [] } = {}] = name;
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['identifier', identifier && tokensOf(identifier)],
    ['family', family],
    ['given', given[0]],
    ['birthdate', birthDate],
  ];
  return pairs.flatMap(([key, value]): QueryPair[] => (value === undefined ? [] : [[key, value]]));
}

interface Sought {
  readonly sought: Patient;
  /** Candidates at most. */
  readonly limit: number;
}

async function answerOf(queried: Queried, asked: Asked, { sought, limit }: Sought): Promise<string> {
  const { corridor, findings } = queried;
  const people = await peopleOf(corridor, sought);
  const [only, ...others] = people.certain;
  if (only !== undefined && others.length === 0) return recordOf(queried, asked, only);
  const some = [...people.certain, ...people.possible];
  if (some.length === 0) return noRecord(asked, 'NF', findings.all);
  return some.length > limit ? noRecord(asked, 'TM', findings.all) : candidateList(asked, some, findings.all);
}

/** RCP-2: how many candidates at most. */
function limitOf({ message, findings }: Queried): number {
  const rcp = segmentsOf(message, 'RCP')[0];
  const sent = rcp?.value(2) ?? '';
  if (rcp === undefined || sent === '') return USUAL;
  if (!/^[1-9]\d{0,5}$/.test(sent)) {
    findings.report('query-limit-invalid', rcp, { field: 2 });
    return USUAL;
  }
  return Math.min(Number(sent), MOST);
}

const PROFILES: ReadonlySet<string> = new Set(['Z34', 'Z44']);
/** QPD-1, however it is written. */
const queryName = (qpd: Segment): string => qpd.value(1).toUpperCase();
const MAIDEN = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName';

/** The person that the query describes. */
function soughtIn(queried: Queried, qpd: Segment): Patient {
  const { header } = queried;
  const maiden = qpd.value(5);
  const sought: Patient = filled({
    resourceType: 'Patient' as const,
    identifier: qpd
      .field(3)
      .slice(0, MOST_NUMBERS)
      .flatMap((repetition) => numberIn(repetition, header) ?? []),
    name: qpd.field(4).flatMap((repetition) => nameOf(repetition) ?? []),
    birthDate: dayOf(qpd.value(6)),
    gender: GENDERS[qpd.value(7).toUpperCase()],
    address: qpd.field(8).flatMap((repetition) => addressOf(repetition) ?? []),
    telecom: qpd.field(9).flatMap((repetition) => telecomOf(repetition) ?? []),
    extension: maiden === '' ? [] : [{ url: MAIDEN, valueString: maiden }],
    multipleBirthInteger: birthOrderIn(qpd),
  });
  checkQuery(queried, qpd, sought);
  return sought;
}

function numberIn(repetition: Repetition, { facility }: Header): Identifier | undefined {
  const number = identifierOf(repetition, facility);
  if (number === undefined || part(repetition, 5) !== 'SS') return number;
  return { system: SSN, value: (number.value ?? '').replace(/\D/g, '') };
}

const birthOrderIn = (qpd: Segment): number | undefined =>
  /^[1-9]\d?$/.test(qpd.value(11)) && qpd.value(10).toUpperCase() === 'Y' ? Number(qpd.value(11)) : undefined;

function checkQuery(
  { findings, header: { msh } }: Queried,
  qpd: Segment,
  { identifier = [], name = [], birthDate }: Patient,
): void {
  const { report } = findings;
  if (!PROFILES.has(queryName(qpd))) report('query-name-unsupported', qpd, { field: 1 });
  else checkProfile(report, msh, queryName(qpd));
  if (qpd.value(2) === '') report('query-tag-missing', qpd, { field: 2 });
  if (qpd.value(6) !== '' && birthDate === undefined) report('query-birth-date-invalid', qpd, { field: 6 });
  const isNamed = name.some(({ family, given }) => family !== undefined && given !== undefined);
  const isNumbered = identifier.some(({ system }) => system !== SSN);
  const isTold = isNumbered || (isNamed && birthDate !== undefined);
  if (!isTold) report('query-too-wide', qpd, { field: 3 });
}

const GENDERS: Readonly<Record<string, NonNullable<Patient['gender']>>> = {
  F: 'female',
  M: 'male',
  O: 'other',
  X: 'other',
};

interface People {
  readonly certain: readonly Patient[];
  readonly possible: readonly Patient[];
}

/** By number first, where nothing that is said contradicts; else by how alike they are. */
async function peopleOf(corridor: Corridor, sought: Patient): Promise<People> {
  const numbers = (sought.identifier ?? []).filter(({ system }) => system !== SSN);
  if (numbers.length > 0) {
    const numbered = await found<Patient>(corridor, 'Patient', [
      ['identifier', tokensOf(numbers)],
      ['_count', '5'],
    ]);
    const isDescribed = sought.birthDate !== undefined || sought.name !== undefined;
    const same = isDescribed ? numbered.filter((each) => isSamePerson(each, sought)) : numbered;
    if (same.length === 1) return { certain: same, possible: [] };
  }
  return sought.birthDate === undefined || sought.name === undefined
    ? { certain: [], possible: [] }
    : alike(corridor, sought);
}

const GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade';
const COMPARED = 50;

async function alike(corridor: Corridor, resource: Patient): Promise<People> {
  const parameters: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'resource', resource },
      { name: 'count', valueInteger: COMPARED },
    ],
  };
  const { body = '{}' } = await corridor.rooms.handle(
    askFrom(corridor, {
      interaction: 'operation',
      operation: 'match',
      type: 'Patient',
      body: { kind: 'resource', resource: parameters },
      query: [['count', String(COMPARED)]],
    }),
  );
  const graded = ((JSON.parse(body) as Bundle).entry ?? []).flatMap(({ resource: each, search }) =>
    each?.resourceType === 'Patient'
      ? [{ patient: each, grade: search?.extension?.find(({ url }) => url === GRADE)?.valueCode ?? '' }]
      : [],
  );
  const of = (...grades: readonly string[]): Patient[] =>
    graded.filter(({ grade }) => grades.includes(grade)).map(({ patient }) => patient);
  return { certain: of('certain'), possible: of('probable', 'possible') };
}

/** The record of the one person. */
async function recordOf(queried: Queried, asked: Asked, patient: Patient): Promise<string> {
  const { corridor, findings, organization } = queried;
  const of = ['patient', patient.id ?? ''] as const;
  const every = ['_count', '500'] as const;
  const wholes = foundAll(corridor, 'Immunization', [
    of,
    ['_include', 'Immunization:performer'],
    ['_include', 'Immunization:location'],
    every,
  ]);
  if (queryName(asked.qpd) === 'Z44') {
    const [brought, forecasted] = await Promise.all([wholes, forecastOf(corridor, patient)]);
    return evaluatedHistory(asked, { patient, ...dosesIn(brought) }, forecasted, findings.all);
  }
  const [brought, observations, guardians, directives] = await Promise.all([
    wholes,
    foundAll(corridor, 'Observation', [of, every]),
    foundAll(corridor, 'RelatedPerson', [of, every]),
    foundAll(corridor, 'Consent', [of, every]),
  ]);
  const record = {
    patient,
    ...dosesIn(brought),
    observations: observations as Observation[],
    guardians: guardians as RelatedPerson[],
    directives: protecting(corridor.rooms.pack, patient, directives as Consent[], asked.writing.now),
    ...(organization !== undefined && { organization }),
  };
  return history(asked, record, findings.all);
}

function dosesIn(brought: readonly Resource[]): {
  doses: readonly Immunization[];
  known: ReadonlyMap<string, Resource>;
} {
  return {
    doses: brought.filter((each) => each.resourceType === 'Immunization'),
    known: new Map(brought.map((each) => [`${each.resourceType}/${each.id ?? ''}`, each])),
  };
}

async function forecastOf(corridor: Corridor, { id = '' }: Patient): Promise<Forecasted> {
  const { body = '{}' } = await corridor.rooms.handle(
    askFrom(corridor, { interaction: 'operation', operation: 'immds-forecast', type: 'Patient', id }),
  );
  const resources = ((JSON.parse(body) as Parameters).parameter ?? []).flatMap(
    ({ resource }) => resource ?? [],
  );
  const recommendation = resources.find(
    (each): each is ImmunizationRecommendation => each.resourceType === 'ImmunizationRecommendation',
  );
  return {
    evaluations: resources.filter(
      (each): each is ImmunizationEvaluation => each.resourceType === 'ImmunizationEvaluation',
    ),
    ...(recommendation && { recommendation }),
  };
}
