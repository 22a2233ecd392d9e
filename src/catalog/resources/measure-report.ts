/** MeasureReport: coverage and data quality, computed by the server. */
import { READ_ONLY, date, reference, token, type ResourceEntry } from '../define.ts';
import { ACTORS } from '../shared.ts';

export const measureReport = {
  type: 'MeasureReport',
  profiles: [],
  interactions: READ_ONLY,
  patient: ['subject'],
  custodians: ['reporter'],
  search: {
    date: date('date'),
    'evaluated-resource': reference('evaluatedResource'),
    identifier: token('identifier', 'Identifier'),
    measure: reference('measure', 'Measure'),
    patient: reference('subject', 'Patient'),
    period: date('period'),
    reporter: reference('reporter', 'Organization', 'Practitioner', 'PractitionerRole', 'Location'),
    status: token('status', 'code', 'http://hl7.org/fhir/measure-report-status'),
    subject: reference('subject', ...ACTORS, 'CareTeam', 'Group', 'HealthcareService', 'Location'),
  },
  sort: ['date'],
  defaultSort: '-date',
  hot: [['patients', '-date']],
} as const satisfies ResourceEntry;
