/** Who asks in the tests of statuses, and what they look at. */
import { tokenOf, withScope } from '../auth/bearer.ts';
import type { Reply, Seen } from '../world/requests.ts';
import { dose } from '../world/resources.ts';
import type { World } from '../world/world.ts';

export type Send = (
  method: string,
  path: string,
  sent?: { readonly body?: object; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Reply>;

const OWN = 'https://fhir-iis.org/fhir/StructureDefinition/';

/** A program of a provider. */
export const clinic = (w: World, organization: string, more: Readonly<Record<string, unknown>> = {}): Send =>
  withScope(w, 'system/*.cruds', { ...ofClinic(organization), ...more });

const ofClinic = (organization: string) => ({
  ...{ client_id: `client-${organization}`, sub: `client-${organization}` },
  ...{ role: 'provider', purpose_of_use: 'TREAT', organization },
});

/** A token of the same program. */
export const clinicToken = (w: World, organization: string): string =>
  tokenOf(w, { scope: 'system/*.cruds', ...ofClinic(organization) });

/** The registry's staff. */
export const staff = (w: World): Send => withScope(w, 'system/*.cruds');

export async function create(send: Send, resource: object): Promise<Seen> {
  const type = String((resource as { resourceType?: unknown }).resourceType);
  const { status, body, text } = await send('POST', `/${type}`, { body: resource });
  if (status !== 201) throw new Error(text);
  return body;
}

/** A dose that the organisation gave. */
export const given = (patient: string, organization: string, day: string, more: object = {}): object =>
  dose(patient, {
    ...{ occurrenceDateTime: day, primarySource: true, lotNumber: 'A1' },
    performer: [{ actor: { reference: `Organization/${organization}` } }],
    ...more,
  });

interface Part {
  readonly url: string;
}
interface Told {
  readonly url: string;
  readonly extension?: readonly Part[];
}

/** `holder: status since why` of every status in a Patient, the jurisdiction's first. */
export function statusesOf(patient: Partial<Seen>): string[] {
  const all = (patient['extension'] ?? []) as readonly Told[];
  return all
    .filter(({ url }) => url.endsWith('-status'))
    .map(told)
    .sort();
}

function told({ extension = [] }: Told): string {
  const valueOf = (name: string): unknown =>
    extension.flatMap(({ url, ...value }) => (url === name ? Object.values(value) : []))[0];
  const { reference = '(state)' } = (valueOf('organization') ?? {}) as { reference?: string };
  const status = valueOf('status') as { coding: { code: string }[] };
  const reason = valueOf('reason') as { code: string };
  return `${reference}: ${[status.coding[1]?.code, valueOf('date'), reason.code].join(' ')}`;
}

/** A status as a provider, or staff, sends it. */
export const said = (code: string, organization?: string, date?: string): object => ({
  url: `${OWN}${organization === undefined ? 'registry' : 'provider'}-status`,
  extension: [
    {
      url: 'status',
      valueCodeableConcept: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0441', code }] },
    },
    ...(date === undefined ? [] : [{ url: 'date', valueDate: date }]),
    ...(organization === undefined
      ? []
      : [{ url: 'organization', valueReference: { reference: `Organization/${organization}` } }]),
  ],
});
