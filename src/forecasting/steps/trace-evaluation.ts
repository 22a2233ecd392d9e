/** Notes the dates behind an evaluation when somebody asks why; it decides nothing. */
import { isoDate } from '../civil-date.ts';
import {
  addSpan,
  ageDate,
  REASON,
  type AdministeredDose,
  type PatientSeries,
  type Run,
} from '../patient-series.ts';
import type { AgeId, IntervalRow, SeriesDosePlan } from '../schedule/schedule.ts';
import type { About, Facts } from '../trace.ts';
import { ageReasons, ageRow } from './age.ts';
import { satisfiesAllowableInterval } from './allowable-interval.ts';
import { judgeAllowableVaccine } from './allowable-vaccine.ts';
import { isInForce, preferableIntervalReasons } from './preferable-interval.ts';
import { judgePreferableVaccine } from './preferable-vaccine.ts';
import { referenceDoseDate } from './reference-dose-date.ts';
import { conflictingDose } from './vaccine-conflict.ts';

export function traceEvaluation(
  run: Run,
  patientSeries: PatientSeries,
  target: SeriesDosePlan,
  record: number,
): void {
  const dose = patientSeries.records[record];
  if (dose === undefined || run.trace === undefined) return;
  const { note } = run.trace;
  const about = (step: string, ...rules: string[]): About => {
    return { step, rules, series: patientSeries.series, targetDose: target.number, dose: dose.id };
  };
  note(
    about('6.4', 'Table 6-15', 'CALCDTAGE-1', 'CALCDTAGE-4', 'CALCDTAGE-5'),
    ageOutcome(run, target, dose),
    ageFacts(run, target, dose),
  );
  for (const row of target.intervals) {
    if (isInForce(row, dose.date.day)) traceInterval(run, patientSeries, row, { record, about });
  }
  if ((preferableIntervalReasons(run, patientSeries, target, record) & REASON['too-soon']) !== 0) {
    const allowed = satisfiesAllowableInterval(run, patientSeries, target, record);
    note(about('6.6', 'Table 6-21'), allowed ? 'satisfied' : 'too-soon', { administered: dose.date });
  }
  const conflict = conflictingDose(run, dose);
  if (conflict !== undefined) {
    note(about('6.7', 'CONFLICT-3', 'CALCDTCONFLICT-2'), 'vaccine-conflict', {
      administered: dose.date,
      conflictingDose: conflict.date,
    });
  }
  note(about('6.8', 'Table 6-26', 'Table 6-29'), vaccineOutcome(run, target, dose), {
    cvx: dose.vaccine.cvx,
    vaccine: dose.vaccine.name,
  });
}

function ageOutcome(run: Run, target: SeriesDosePlan, dose: AdministeredDose): string {
  const reasons = ageReasons(run, target, dose);
  if (reasons === REASON['too-young']) return 'too-young';
  if (reasons === REASON['too-old']) return 'too-old';
  return reasons === 0 ? 'valid' : 'grace-period';
}

function ageFacts(run: Run, target: SeriesDosePlan, dose: AdministeredDose): Facts {
  const row = ageRow(target, dose.date.day);
  const at = (age: AgeId | undefined) =>
    age === undefined || age < 0 ? undefined : { day: ageDate(run, age, 0) };
  return {
    administered: dose.date,
    absoluteMinimumAge: at(row?.absMin),
    minimumAge: at(row?.min),
    maximumAge: at(row?.max),
  };
}

function traceInterval(
  run: Run,
  patientSeries: PatientSeries,
  row: IntervalRow,
  { record, about }: { readonly record: number; readonly about: (step: string, ...rules: string[]) => About },
): void {
  const reference = referenceDoseDate(run, patientSeries, row.reference, record);
  const dose = patientSeries.records[record];
  if (reference === undefined || dose === undefined) return;
  const absolute = row.absMin && addSpan(reference, row.absMin);
  const minimum = row.min && addSpan(reference, row.min);
  run.trace?.note(
    about('6.5', 'Table 6-18', 'CALCDTINT-3', 'CALCDTINT-4'),
    intervalOutcome(dose.date.day, absolute, minimum),
    {
      administered: dose.date,
      countedFrom: isoDate(reference.day),
      absoluteMinimumInterval: absolute === undefined ? undefined : { day: absolute },
      minimumInterval: minimum === undefined ? undefined : { day: minimum },
    },
  );
}

function intervalOutcome(day: number, absolute: number | undefined, minimum: number | undefined): string {
  if (absolute !== undefined && day < absolute) return 'too-soon';
  return minimum !== undefined && day < minimum ? 'grace-period' : 'satisfied';
}

function vaccineOutcome(run: Run, target: SeriesDosePlan, dose: AdministeredDose): string {
  if (judgePreferableVaccine(run, target, dose).fits) return 'preferable';
  return judgeAllowableVaccine(run, target, dose).fits ? 'allowable' : 'not-preferable-or-allowable';
}
