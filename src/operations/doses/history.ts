/**
 * Patient/[id]/$immunization-history: each dose once, by its best report, the reports behind it, and pairs that a person
 * must look at. A Linkage says which reports are one dose, a DetectedIssue which may be.
 */
import type { BundleEntry, DetectedIssue, Immunization, Linkage } from '@medplum/fhirtypes';
import { parseJson } from '../../fhir/json.ts';
import { absent } from '../../interactions/read.ts';
import { idOf, type Handler, type Rooms } from '../../interactions/rooms.ts';
import { inputsOf } from '../inputs.ts';
import { decisionsOf, dosesOf, reportsOf, type Dose } from '../../interactions/doses/consolidated.ts';

export const immunizationHistory: Handler = async (rooms, ask, grant, entry) => {
  inputsOf(ask, []);
  const id = idOf(ask);
  const patient = await rooms.store.read(grant, 'read', 'Patient', id);
  if (patient === undefined) return absent(rooms, grant, 'Patient', id);
  entry.concerns([id]);
  const found = await reportsOf(rooms.store, grant, [id]);
  const reports = found.map(({ json }) => parseJson(json) as Immunization);
  const decisions = await decisionsOf(
    rooms.store,
    found.map(({ _id }) => _id),
  );
  const doses = dosesOf(reports, decisions);
  const byId = new Map(reports.map((each) => [each.id ?? '', each]));
  const bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    total: doses.length,
    entry: [
      ...doses.map(({ immunization }) => entryOf(rooms, immunization, 'match')),
      ...doses.flatMap((dose) => behind(rooms, dose, byId)),
      ...uncertain(rooms, id, doses),
    ],
  };
  return {
    status: 200,
    body: JSON.stringify(bundle.entry.length === 0 ? { ...bundle, entry: undefined } : bundle),
  };
};

type Shown = Immunization | Linkage | DetectedIssue;

const entryOf = ({ baseUrl }: Rooms, resource: Shown, mode: 'match' | 'include'): BundleEntry => ({
  ...(resource.resourceType === 'Immunization' && {
    fullUrl: `${baseUrl}/Immunization/${resource.id ?? ''}`,
  }),
  resource,
  search: { mode },
});

const referenceTo = (id: string) => ({ reference: `Immunization/${id}` });

/** The other reports of a dose, and that they are of it. */
function behind(rooms: Rooms, { sources }: Dose, byId: ReadonlyMap<string, Immunization>): BundleEntry[] {
  if (sources.length < 2) return [];
  const others = sources.slice(1).flatMap((id) => byId.get(id) ?? []);
  const linkage: Linkage = {
    resourceType: 'Linkage',
    active: true,
    item: sources.map((id, at) => ({ type: at === 0 ? 'source' : 'alternate', resource: referenceTo(id) })),
  };
  return [...others, linkage].map((resource) => entryOf(rooms, resource, 'include'));
}

const DUPLICATE = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code: 'DUPTHPY',
  display: 'Duplicate Therapy Alert',
};

/** Each pair once, whichever dose it is told of. */
function uncertain(rooms: Rooms, patient: string, doses: readonly Dose[]): BundleEntry[] {
  const pairs = new Map(
    doses.flatMap((dose) => dose.uncertain.map((each) => [each.reports.toSorted().join(' '), each] as const)),
  );
  return [...pairs.values()].map(({ reports, score }) =>
    entryOf(
      rooms,
      {
        resourceType: 'DetectedIssue',
        status: 'preliminary',
        code: { coding: [DUPLICATE] },
        patient: { reference: `Patient/${patient}` },
        implicated: reports.map(referenceTo),
        detail: `These may be two reports of one dose (score ${score.toFixed(2)}); a person must decide.`,
      },
      'include',
    ),
  );
}
