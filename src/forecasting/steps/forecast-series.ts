/** Forecasts one patient series (Logic Specification 4.6, chapter 7, Figure 7-1): skip, need, dates, validation. */
import { currentTarget, type PatientSeries, type Run, type SeriesForecast } from '../patient-series.ts';
import { canSkip } from './conditional-skip.ts';
import { forecastDates } from './forecast-dates.ts';
import { forecastNeed, type Need } from './forecast-need.ts';

/**
 * The forecast of the series once its history is evaluated. A target dose that would be skipped on the forecast's
 * own earliest date is skipped now (§7.6), else the patient would come for a dose that is no longer asked for.
 */
export function forecastSeries(run: Run, patientSeries: PatientSeries): SeriesForecast {
  while (isSkippedOn(run, patientSeries, run.today, 'forecast')) patientSeries.current += 1;
  for (;;) {
    const target = currentTarget(patientSeries);
    const need = forecastNeed(run, patientSeries, target);
    if (need.earliest === undefined || target === undefined) return withoutDates(run, patientSeries, need);
    const forecast = forecastDates(run, patientSeries, target, need.earliest);
    if (!isSkippedOn(run, patientSeries, need.earliest, 'validation')) return forecast;
    patientSeries.current += 1;
  }
}

function isSkippedOn(
  run: Run,
  patientSeries: PatientSeries,
  reference: number,
  context: 'forecast' | 'validation',
): boolean {
  const target = currentTarget(patientSeries);
  if (target === undefined || target.forecastSkips.length === 0) return false;
  const question = { context, reference, anchor: run.today, before: patientSeries.records.length };
  return canSkip(run, patientSeries, target.forecastSkips, question);
}

function withoutDates(run: Run, patientSeries: PatientSeries, { status, reason }: Need): SeriesForecast {
  const target = currentTarget(patientSeries);
  run.trace?.note(
    { step: '7.4', rules: ['Table 7-10'], series: patientSeries.series, targetDose: target?.number },
    reason ?? status,
    {},
  );
  return {
    status,
    reason,
    target,
    doseNumber: undefined,
    earliest: undefined,
    unadjustedRecommended: undefined,
    recommended: undefined,
    unadjustedPastDue: undefined,
    pastDue: undefined,
    latest: undefined,
  };
}
