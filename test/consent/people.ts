/** Callers of the tests of consent, and what they file. */
import type { Actor, Answer, Ask } from '../../src/core/context.ts';
import { Failure } from '../../src/core/failure.ts';
import { enrol } from '../auth/bearer.ts';
import { creates } from '../world/asks.ts';
import type { World } from '../world/world.ts';

const actor = (role: string, purpose: string, more: Partial<Actor> = {}): Actor => ({
  client: `client-of-${role}-${more.organization ?? ''}`,
  role,
  purpose,
  ...more,
});

export const provider = (organization: string): Actor => actor('provider', 'TREAT', { organization });
export const publicHealth = actor('registry-staff', 'PUBHLTH');
export const school = (organization: string): Actor =>
  actor('school', 'SCHOOL', { organization, user: `nurse-of-${organization}` });
export const self = (patient: string): Actor =>
  actor('patient', 'PATRQT', { patient, user: `self-${patient}` });
export const guardian = (patient: string): Actor =>
  actor('guardian', 'FAMRQT', { patient, user: `guardian-${patient}` });

const enrolments = new WeakMap<World, Map<string, Promise<void>>>();

/** Enrols a caller the first time that it asks. */
export function enrolled(w: World, { client, user, role, organization, patient }: Actor): Promise<void> {
  const known = enrolments.get(w) ?? new Map<string, Promise<void>>();
  enrolments.set(w, known);
  const key = `${client} ${user ?? ''}`;
  const acting = { role, ...(organization !== undefined && { organization }) };
  const enrolment =
    known.get(key) ??
    (async () => {
      await enrol(w, { id: client, what: 'client', ...(user === undefined && acting) });
      const patients = patient === undefined ? [] : [patient];
      if (user !== undefined) await enrol(w, { id: user, what: 'person', ...acting, patients });
    })();
  known.set(key, enrolment);
  return enrolment;
}

const DIRECTIVES = 'https://fhir-iis.org/fhir/CodeSystem/directive';

/** A directive of a patient. */
export const consent = (patient: string, code: string, more: object = {}): object => ({
  resourceType: 'Consent',
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [{ coding: [{ system: DIRECTIVES, code }] }],
  patient: { reference: `Patient/${patient}` },
  dateTime: '2026-11-20',
  policy: [{ uri: 'https://fhir-iis.org/policy' }],
  ...more,
});

export const withdrawal = (patient: string, ends: string): object =>
  consent(patient, 'withdrawal', {
    provision: {
      type: 'permit',
      data: [{ meaning: 'instance', reference: { reference: `Consent/${ends}` } }],
    },
  });

/** A dose that an organization administered. */
export const given = (patient: string, organization: string, more: object = {}): object => ({
  resourceType: 'Immunization',
  status: 'completed',
  primarySource: true,
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '140' }] },
  patient: { reference: `Patient/${patient}` },
  occurrenceDateTime: '2024-03-01',
  performer: [{ actor: { reference: `Organization/${organization}` } }],
  ...more,
});

/** The answer, or the failure as what the caller gets. */
export async function asked(w: World, ask: Ask): Promise<Answer & { readonly fault?: string }> {
  await enrolled(w, ask.actor);
  try {
    return await w.rooms.handle(ask);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: 0, fault: `${error.kind}: ${error.message}` };
  }
}

/** Creates as somebody, and tells the id. */
export async function create(w: World, resource: object, by: Actor = publicHealth): Promise<string> {
  await enrolled(w, by);
  const { location = '' } = await w.rooms.handle(creates(resource, { actor: by }));
  return location.split('/')[1] ?? '';
}

/** Ids in a Bundle that was answered. */
export const idsOf = ({ body = '{}' }: Answer): string[] =>
  ((JSON.parse(body) as { entry?: { resource: { id: string } }[] }).entry ?? []).map(
    ({ resource }) => resource.id,
  );
