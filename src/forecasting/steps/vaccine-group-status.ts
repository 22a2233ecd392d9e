/** Decides the status of a vaccine group of several antigens (Logic Specification 4.6, §9.3, Table 9-4). */
import type { SeriesStatus } from '../result.ts';

const FIRST_FOUND = ['Contraindicated', 'Aged Out', 'Not Recommended', 'Not Complete'] as const;

export function multipleAntigenStatus(statuses: readonly SeriesStatus[]): SeriesStatus {
  const found = FIRST_FOUND.find((status) => statuses.includes(status));
  if (found !== undefined) return found;
  return statuses.every((status) => status === 'Immune') ? 'Immune' : 'Complete';
}
