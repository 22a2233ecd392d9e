/** Names the vaccines and the guidance of a forecast (Logic Specification 4.6, §7.5, FORECASTRECVAC-1, FORECASTGUIDANCE-1). */
import { isAtAge, type PatientSeries, type Run } from '../patient-series.ts';
import type { RecommendedVaccine } from '../result.ts';
import type { Antigen, PreferableRow, Series } from '../schedule/schedule.ts';
import { isVaccineContraindicated } from './contraindications.ts';

/** The preferable vaccines that may be recommended on the earliest or the recommended date. */
export function recommendedVaccines(run: Run, { of, forecast }: PatientSeries): RecommendedVaccine[] {
  const { target, earliest, recommended } = forecast ?? {};
  if (target === undefined || earliest === undefined || recommended === undefined) return [];
  const fits = ({ begin, end }: PreferableRow): boolean =>
    isAtAge(run, earliest, begin, end) || isAtAge(run, recommended, begin, end);
  return target.preferable.rows
    .filter((row) => row.forecast && fits(row) && !isVaccineContraindicated(run, of.antigen, row.vaccine))
    .map(({ vaccine, mvx, tradeName }) => {
      const { cvx, name } = run.schedule.vaccines[vaccine] ?? { cvx: '', name: '' };
      return { cvx, name, ...(mvx !== undefined && { mvx }), ...(tradeName !== undefined && { tradeName }) };
    });
}

/** Guidance of the series that is due, of its active indications and of active contraindications of its antigen. */
export function guidanceOf(run: Run, { series, of, forecast }: PatientSeries): readonly string[] {
  const due = forecast?.status === 'Not Complete' ? series.guidance : [];
  return [...due, ...activeGuidance(run, series, of.antigen)].flatMap(
    (key) => run.schedule.guidance.get(key) ?? [],
  );
}

function activeGuidance(run: Run, series: Series, antigen: Antigen): string[] {
  if (run.observations.size === 0) return [];
  const rows = [...series.indications, ...antigen.contraindications, ...antigen.vaccineContraindications];
  return rows.flatMap(({ observation, guidance }) =>
    run.observations.has(observation) ? (guidance ?? []) : [],
  );
}
