/**
 * $immds-forecast: which doses count and what is due (HL7 FHIR ImmDS 2.0.0, operation ImmDSForecastOperation). With
 * everything in the request at [base]/$immds-forecast, or of a patient of the registry, whose history is taken as far
 * as the caller may see it. Nothing is stored.
 */
import type { Immunization, Parameters, ParametersParameter, Patient } from '@medplum/fhirtypes';
import { dayOf } from '../consent/days.ts';
import type { Answer, Ask } from '../core/context.ts';
import { Failure, FAILURES, fail, type Issue } from '../core/failure.ts';
import { outcomeOf } from '../fhir/outcome.ts';
import { absent } from '../interactions/read.ts';
import type { Handler, Rooms } from '../interactions/rooms.ts';
import { Denied, type Grant } from '../policy/decide.ts';
import { check } from '../validation/check.ts';
import { answerOf, schedule } from './forecast/answer-of.ts';
import { withIds } from './forecast/drafts.ts';
import { explanationOf } from './forecast/explanation-of.ts';
import { readHistories } from './forecast/histories.ts';
import { idFor } from './forecast/ids.ts';
import { seesAll } from './forecast/in-sight.ts';
import type { Finding } from './forecast/observations-of.ts';
import { doseId, requestOf, type History } from './forecast/request-of.ts';
import { MAY_BE_INCOMPLETE, saysIncomplete, toldOf } from './forecast/told.ts';
import { parametersAnswer } from './parameters.ts';

/** Beside HL7's parameters: what bears on risk and contraindication, and whether to say why. */
const RESOURCES: Readonly<Record<string, string>> = {
  patient: 'Patient',
  immunization: 'Immunization',
  observation: 'Observation',
  condition: 'Condition',
  allergyIntolerance: 'AllergyIntolerance',
  procedure: 'Procedure',
};
const OF_BOTH = ['assessmentDate', 'explain'];

export const immdsForecast: Handler = async (rooms, ask, grant, entry) => {
  if (ask.id === undefined) return ofRequest(ask);
  const patient = await rooms.store.read(grant, 'read', 'Patient', ask.id);
  if (patient === undefined) return absent(rooms, grant, 'Patient', ask.id);
  entry.concerns(patient.patients);
  return ofPatient(rooms, ask, grant, patient._id);
};

/** @throws Failure `insufficient_scope` for who may see no doses: a forecast from none would be wrong */
async function ofPatient(rooms: Rooms, ask: Ask, grant: Grant, id: string): Promise<Answer> {
  const inputs = inputsOf(ask, OF_BOTH);
  if (!grant.may('search-type', 'Immunization')) throw new Denied('insufficient_scope');
  const read = (await readHistories(rooms.store, grant, [id])).get(id);
  if (read === undefined) return fail('not-found', 'There is no Patient with this id.');
  const date = inputs.assessmentDate ?? dayOf(rooms.now(), rooms.pack.timeZone);
  const isPart = !seesAll(grant) && saysIncomplete(rooms.pack);
  return answer(read.history, { ...inputs, assessmentDate: date, isPart }, (at) => `Immunization[${at}]`);
}

function ofRequest(ask: Ask): Answer {
  const inputs = inputsOf(ask, [...OF_BOTH, ...Object.keys(RESOURCES)]);
  const { assessmentDate, parameters } = inputs;
  if (assessmentDate === undefined) {
    return fail('required', 'The parameter assessmentDate is missing: the day to assess, as a valueDate.');
  }
  const patients = resourcesOf(parameters, 'patient');
  const [patient] = patients as Patient[];
  if (patient === undefined || patients.length > 1) {
    return fail('required', 'There must be one parameter patient with a Patient as its resource.');
  }
  const history: History = {
    patient,
    immunizations: resourcesOf(parameters, 'immunization') as Immunization[],
    findings: FINDINGS.flatMap((name) => resourcesOf(parameters, name)) as Finding[],
  };
  const places = placesOf(parameters);
  return answer(history, { ...inputs, assessmentDate }, (at) => places[at] ?? '');
}
const FINDINGS = ['observation', 'condition', 'allergyIntolerance', 'procedure'];

const placesOf = (parameters: readonly ParametersParameter[]): string[] =>
  parameters.flatMap(({ name }, at) => (name === 'immunization' ? [`Parameters.parameter[${at}]`] : []));

interface Inputs {
  readonly assessmentDate?: string;
  readonly explain?: string;
  readonly parameters: readonly ParametersParameter[];
}

/** @throws Failure for a body that is no Parameters, cannot be read, or asks what is not known */
function inputsOf(ask: Ask, known: readonly string[]): Inputs {
  const parameters = bodyOf(ask)?.parameter ?? [];
  const names = [...ask.query.map(([name]) => name), ...parameters.map(({ name }) => name)];
  if (ask.prefer.handling !== 'lenient' && names.some((name) => !known.includes(name))) {
    fail('not-understood', `$immds-forecast takes ${known.join(', ')} here; leave out what it does not.`);
  }
  const text = (name: string): string | undefined =>
    parameters.flatMap((each) => (each.name === name ? textOf(each) : []))[0] ??
    ask.query.find(([each, value]) => each === name && value !== '')?.[1];
  const [assessmentDate, explain] = [text('assessmentDate'), text('explain')];
  return {
    parameters,
    ...(assessmentDate !== undefined && { assessmentDate: assessmentDate.split('T')[0] ?? '' }),
    ...(explain !== undefined && explain !== 'false' && { explain }),
  };
}

function textOf(each: ParametersParameter): string[] {
  const value = each.valueDate ?? each.valueDateTime ?? each.valueString ?? each.valueBoolean;
  return value === undefined ? [] : [value.toString()];
}

function bodyOf({ body }: Ask): Parameters | undefined {
  if (body === undefined) return undefined;
  if (body.kind !== 'resource' || body.resource.resourceType !== 'Parameters') {
    return fail('malformed', 'The body of $immds-forecast is a Parameters resource.', ['resourceType']);
  }
  // An incomplete record is no reason to refuse a forecast; one that cannot be read is.
  const [first, ...more] = check(body.resource).filter(({ kind }) => FAILURES[kind].status === 400);
  if (first !== undefined) throw new Failure(first, ...more);
  return body.resource;
}

/** @throws Failure `invalid` for a parameter without the resource that it is to hold */
function resourcesOf(parameters: readonly ParametersParameter[], name: string) {
  return parameters.flatMap(({ name: given, resource }, at) => {
    if (given !== name) return [];
    if (resource?.resourceType === RESOURCES[name]) return [resource];
    const type = RESOURCES[name] ?? '';
    return fail('invalid', `The parameter ${name} holds a resource of type ${type}.`, [
      `Parameters.parameter[${at}]`,
    ]);
  });
}

interface Wish extends Inputs {
  readonly assessmentDate: string;
  /** Whether to say that the history may be a part of what is known. */
  readonly isPart?: boolean;
}

function answer(history: History, wish: Wish, placeOf: (at: number) => string): Answer {
  const rules = schedule();
  const { assessmentDate, explain } = wish;
  const told = answerOf(rules, history, assessmentDate);
  if (told.recommendation === undefined) return noForecast(history);
  const drafts = withIds(told, (...parts) =>
    idFor('$immds-forecast', assessmentDate, patientKey(history), ...parts),
  );
  const places = new Map(history.immunizations.map((each, at) => [doseId(each, at), placeOf(at)]));
  const issues = [...(wish.isPart === true ? [PART] : []), ...toldOf(told.result, places)];
  const evaluations = drafts.filter(({ type }) => type === 'ImmunizationEvaluation');
  const recommendations = drafts.filter(({ type }) => type === 'ImmunizationRecommendation');
  return parametersAnswer([
    ...evaluations.map(({ id, resource }) => ({ name: 'evaluation', resource: { ...resource, id } })),
    ...recommendations.map(({ id, resource }) => ({ name: 'recommendation', resource: { ...resource, id } })),
    issues.length > 0 ? { name: 'outcome', resource: outcomeOf(issues, '', 'warning') } : undefined,
    explain === undefined
      ? undefined
      : explanationOf(rules, requestOf(rules, history, assessmentDate), explain),
  ]);
}

const PART: Issue = { kind: 'business-rule', message: MAY_BE_INCOMPLETE };

const patientKey = ({ patient }: History): string => patient.id ?? JSON.stringify(patient);

/** @throws Failure `required` or `business-rule`: ImmDS demands a recommendation, and without an age there is none */
function noForecast({ patient }: History): never {
  if (patient.birthDate === undefined) {
    return fail('required', 'A forecast needs a birth date.', ['Patient.birthDate']);
  }
  return fail('business-rule', 'The birth date is after the assessment date; nothing can be forecast.', [
    'Patient.birthDate',
  ]);
}
