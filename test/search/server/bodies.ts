/** Small resources that the server takes, and what a search finds of them. */
import { inspect } from 'node:util';
import type { World } from '../../world/world.ts';

export type Body = { readonly resourceType: string } & Readonly<Record<string, unknown>>;

const CVX = 'http://hl7.org/fhir/sid/cvx';

export const person = (family: string, birthDate: string, more: object = {}): Body => ({
  resourceType: 'Patient',
  name: [{ family, given: ['Ana'] }],
  birthDate,
  gender: 'female',
  ...more,
});

export const dose = (patient: string, day: string, more: object = {}): Body => ({
  resourceType: 'Immunization',
  status: 'completed',
  vaccineCode: { coding: [{ system: CVX, code: '08' }] },
  patient: { reference: `Patient/${patient}` },
  occurrenceDateTime: day,
  primarySource: true,
  ...more,
});

export const provenance = (...targets: readonly string[]): Body => ({
  resourceType: 'Provenance',
  target: targets.map((reference) => ({ reference })),
  recorded: '2026-11-22T12:00:00Z',
  agent: [{ who: { display: 'clinic' } }],
});

/** Stores a resource and gives its id. */
export async function store({ fhir, logged }: World, body: Body): Promise<string> {
  const { body: stored, status } = (await fhir
    .post(`/${body.resourceType}`)
    .set('Content-Type', 'application/fhir+json')
    .send(JSON.stringify(body))) as { body: { id: string }; status: number };
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(stored)} ${inspect(logged.at(-1))}`);
  return stored.id;
}

export interface Searchset {
  readonly total?: number;
  readonly entry?: readonly {
    readonly resource: Body & { readonly id: string };
    readonly search: { readonly mode: string };
  }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}

/** The answer to a search, wherever it stands. */
async function searchset({ fhir }: World, path: string): Promise<Searchset> {
  const { body, status } = (await fhir.get(path)) as { body: Searchset; status: number };
  if (status !== 200) throw new Error(`${status} for ${path}: ${JSON.stringify(body)}`);
  return body;
}

/** Ids of the matches of a search, in their order. */
export async function found(w: World, path: string): Promise<readonly string[]> {
  const { entry = [] } = await searchset(w, path);
  return entry.filter(({ search }) => search.mode === 'match').map(({ resource }) => resource.id);
}
