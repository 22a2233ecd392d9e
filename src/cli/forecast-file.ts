/** The patient of a JSON file as a request to the forecaster: what is missing or of another kind is said, nothing is guessed. */
import { fail } from '../core/failure.ts';
import type { Dose, ForecastRequest, Observation } from '../forecasting/patient.ts';

type Json = Readonly<Record<string, unknown>>;
interface Kinds {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}
type Members<K extends Readonly<Record<string, keyof Kinds>>> = { readonly [N in keyof K]?: Kinds[K[N]] };

const OF_PATIENT = { birthDate: 'string', gender: 'string', countryOfBirth: 'string' } as const;
const OF_DOSE = {
  id: 'string',
  date: 'string',
  cvx: 'string',
  mvx: 'string',
  tradeName: 'string',
  volume: 'number',
  lotExpirationDate: 'string',
  isSubPotent: 'boolean',
  status: 'string',
} as const;
const OF_OBSERVATION = { code: 'string', date: 'string', endDate: 'string' } as const;

/**
 * The patient, the doses (numbered where they have no id) and the observations of a file.
 * @throws Failure `required` or `invalid-value` that names the place
 */
export function patientIn(
  file: unknown,
): Pick<ForecastRequest, 'patient' | 'doses' | 'observations'> & { readonly assessmentDate?: string } {
  if (!isRecord(file) || !isRecord(file['patient']))
    return fail('required', 'The file has no patient with a birthDate');
  const { assessmentDate } = membersOf(file, { assessmentDate: 'string' }, 'The file');
  return {
    patient: needing(membersOf(file['patient'], OF_PATIENT, 'patient'), ['birthDate'], 'patient'),
    doses: listOf(file, 'doses').map((each, at) => doseOf(each, at + 1)),
    observations: listOf(file, 'observations').map((each, at) => observationOf(each, at + 1)),
    ...(assessmentDate !== undefined && { assessmentDate }),
  };
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(file: Json, name: string): readonly Json[] {
  const list = file[name] ?? [];
  if (Array.isArray(list) && list.every(isRecord)) return list;
  return fail('invalid-value', `${name} must be a list of objects`);
}

function doseOf(dose: Json, number: number): Dose {
  const place = `Dose ${number}`;
  // A code is often written as a number.
  const cvx = typeof dose['cvx'] === 'number' ? { cvx: String(dose['cvx']) } : {};
  const members = membersOf({ ...dose, ...cvx }, OF_DOSE, place);
  return { id: String(number), ...needing(members, ['date', 'cvx'], place) } as Dose;
}

function observationOf(observation: Json, number: number): Observation {
  const place = `Observation ${number}`;
  return needing(membersOf(observation, OF_OBSERVATION, place), ['code'], place);
}

/** The known members, each of its kind; null is as good as absent, and others are left alone. */
function membersOf<K extends Readonly<Record<string, keyof Kinds>>>(
  record: Json,
  kinds: K,
  place: string,
): Members<K> {
  const known = Object.entries(kinds).flatMap(([name, kind]) => {
    const value = record[name] ?? undefined;
    if (value === undefined) return [];
    return typeof value === kind
      ? [[name, value] as const]
      : fail('invalid-value', `${place}: ${name} must be a ${kind}`);
  });
  return Object.fromEntries(known) as Members<K>;
}

function needing<M extends object, N extends keyof M & string>(
  members: M,
  names: readonly N[],
  place: string,
): M & Required<Pick<M, N>> {
  const missing = names.find((name) => members[name] === undefined);
  if (missing !== undefined) fail('required', `${place} has no ${missing}`);
  return members as M & Required<Pick<M, N>>;
}
