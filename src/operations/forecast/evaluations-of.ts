/**
 * The evaluation of doses as ImmunizationEvaluations (https://hl7.org/fhir/R4/immunizationevaluation.html), with the
 * codes of HL7's ImmDS guide. R4 has room for one disease, so that a dose has one for each antigen and series type.
 */
import type { Immunization, ImmunizationEvaluation, Patient, Reference } from '@medplum/fhirtypes';
import type { AntigenEvaluation, DoseEvaluation, ForecastResult } from '../../forecasting/result.ts';
import { diseaseOf, doseReasonOf, doseStatusOf } from './codes.ts';
import { authorityOf } from './recommendation-of.ts';

/** An evaluation and what it is of, from which its id is made. */
export interface Evaluated {
  readonly key: readonly [dose: string, antigen: string, seriesType: string, vaccineGroup: string];
  readonly resource: ImmunizationEvaluation;
}

/** The doses of a history by the engine's name for them. */
export type Doses = ReadonlyMap<string, Immunization>;

/** Every evaluation of a result. */
export function evaluationsOf(
  result: ForecastResult,
  patient: Reference<Patient>,
  doses: Doses,
): Evaluated[] {
  const series = new Map(
    result.forecasts.flatMap((forecast) => forecast.series.map((each) => [each.series, each.seriesDoses])),
  );
  return result.evaluations.flatMap((evaluation) =>
    evaluation.antigens.map((antigen): Evaluated => {
      const { dose, seriesType, vaccineGroup } = evaluation;
      return {
        key: [dose, antigen.antigen, seriesType, vaccineGroup],
        resource: {
          resourceType: 'ImmunizationEvaluation',
          status: 'completed',
          patient,
          date: result.assessmentDate,
          authority: authorityOf(result.scheduleVersion),
          immunizationEvent: eventOf(dose, doses),
          ...judgement(evaluation, antigen, subpotencyOf(doses.get(dose))),
          ...placeInSeries(antigen, series.get(antigen.series)),
        },
      };
    }),
  );
}

/** A dose that came without an id can be named only. */
function eventOf(dose: string, doses: Doses): Reference<Immunization> {
  const id = doses.get(dose)?.id;
  return id === undefined ? { display: `Immunization ${dose}` } : { reference: `Immunization/${id}` };
}

const subpotencyOf = (immunization: Immunization | undefined): string[] =>
  (immunization?.subpotentReason ?? []).flatMap(({ coding = [] }) => coding.map(({ code = '' }) => code));

function judgement(
  { seriesType, vaccineGroup }: DoseEvaluation,
  { antigen, status, reasons }: AntigenEvaluation,
  subpotent: readonly string[],
): Pick<ImmunizationEvaluation, 'targetDisease' | 'doseStatus' | 'doseStatusReason' | 'description'> {
  return {
    targetDisease: diseaseOf(antigen),
    doseStatus: doseStatusOf(status),
    ...(reasons.length > 0 && {
      doseStatusReason: reasons.map((reason) => doseReasonOf(reason, subpotent)),
    }),
    description: `${vaccineGroup}, ${seriesType} series`,
  };
}

function placeInSeries(
  { series, targetDose }: AntigenEvaluation,
  seriesDoses: number | undefined,
): Pick<ImmunizationEvaluation, 'series' | 'doseNumberPositiveInt' | 'seriesDosesPositiveInt'> {
  return {
    series,
    ...(targetDose !== undefined && targetDose > 0 && { doseNumberPositiveInt: targetDose }),
    ...(seriesDoses !== undefined && seriesDoses > 0 && { seriesDosesPositiveInt: seriesDoses }),
  };
}
