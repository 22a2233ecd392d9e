/**
 * Writing directives: who may file and withdraw them is a rule of the pack, what cannot be honoured is refused, and a
 * withdrawal makes the directive that it names inactive in the same transaction.
 */
import type { Consent } from '@medplum/fhirtypes';
import { recipientOf } from '../consent/recipients.ts';
import { kindOf, saidBy, type Kind } from '../consent/said.ts';
import type { Ask } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { parseJson } from '../fhir/json.ts';
import type { Directive } from '../jurisdictions/pack.ts';
import { Denied, type Grant } from '../policy/decide.ts';
import type { Stored } from '../storage/store.ts';
import { supersede, type Unit, type Write } from '../storage/write.ts';
import { versionedReference } from './answers.ts';
import { storedForm } from './prepare.ts';
import type { Rooms } from './rooms.ts';
import type { Plan } from './write-through.ts';

interface Asked {
  readonly ask: Ask;
  readonly grant: Grant;
}
interface Filing extends Asked {
  /** What is written beside the directive: a dose in it makes its reporter the person's provider as one on file does. */
  readonly beside: Unit;
}

/** The plan with what its directives bring about. */
export async function filed(rooms: Rooms, asked: Asked, plan: Plan): Promise<Plan> {
  const writes = plan.unit.filter((write) => write.in === 'Consent');
  if (writes.length === 0) return plan;
  const brought = await Promise.all(
    writes.map((write) => broughtBy(rooms, { ...asked, beside: plan.unit }, write)),
  );
  const ended = brought.flat();
  return {
    ...plan,
    unit: [...plan.unit, ...ended.flatMap(({ unit }) => [...unit])],
    wrote: [...plan.wrote, ...ended.map(({ reference }) => reference)],
  };
}

interface Ended {
  readonly unit: Unit;
  readonly reference: string;
}

async function broughtBy(rooms: Rooms, asked: Filing, write: Write): Promise<Ended[]> {
  const before = write.do === 'insert' ? undefined : await currentOf(rooms, write);
  const after = write.do === 'delete' ? undefined : consentOf(write.doc as Stored);
  await checkEnding(rooms, asked, before, after);
  if (after?.status !== 'active') return [];
  const kind = kindOf(rooms.pack, after);
  if (kind?.is === 'directive') saidBy(rooms.pack, after, kind.directive);
  // What was active before has been filed before.
  return kind === undefined || before?.status === 'active' ? [] : newly(rooms, asked, kind, patientOf(after));
}

async function newly(rooms: Rooms, asked: Filing, kind: Kind, patient: string): Promise<Ended[]> {
  if (kind.is === 'withdrawal') return [await endedBy(rooms, asked, kind.ends, patient)];
  await checkParty(rooms, asked, kind.directive.filedBy, patient);
  return [];
}

const consentOf = ({ json }: Stored): Consent => parseJson(json) as Consent;
const patientOf = ({ patient }: Consent): string => patient?.reference?.split('/')[1] ?? '';

async function currentOf(rooms: Rooms, write: Write): Promise<Consent | undefined> {
  const id = write.do === 'insert' ? write.doc._id : write.match._id;
  const patients = [...(await rooms.store.patientsOf('Consent', [id])).values()].flat();
  const all = await Promise.all(patients.map((patient) => rooms.store.directivesOf(patient)));
  const found = all.flat().find(({ _id }) => _id === id);
  return found && consentOf(found);
}

/** What ends or changes an active directive is a withdrawal, by whatever interaction. */
async function checkEnding(
  rooms: Rooms,
  asked: Filing,
  before: Consent | undefined,
  after: Consent | undefined,
): Promise<void> {
  if (before?.status !== 'active') return;
  const directive = directiveIn(rooms, before);
  if (directive === undefined || (after !== undefined && sameSaid(before, after))) return;
  await checkParty(rooms, asked, directive.withdrawnBy, patientOf(before));
}

/** What was stored under other rules only the registry may end. */
function directiveIn({ pack }: Rooms, consent: Consent): Pick<Directive, 'withdrawnBy'> | undefined {
  const codes = consent.category.flatMap(({ coding = [] }) => coding).map(({ code }) => code);
  const known = pack.directives.find(({ code }) => codes.includes(code));
  const isPrivacy = (consent.scope.coding ?? []).some(({ code }) => code === 'patient-privacy');
  const isWithdrawal = codes.includes('withdrawal');
  return known ?? (isPrivacy && !isWithdrawal ? { withdrawnBy: ['public-health'] } : undefined);
}

const sameSaid = (a: Consent, b: Consent): boolean =>
  a.status === b.status &&
  JSON.stringify([a.category, a.provision, a.patient]) ===
    JSON.stringify([b.category, b.provision, b.patient]);

/**
 * @throws Denied where the pack lets others do it, `not-own-patient` where it is for somebody else
 */
async function checkParty(
  rooms: Rooms,
  { ask, grant, beside }: Filing,
  parties: readonly string[],
  patient: string,
): Promise<void> {
  const { actor } = ask;
  const recipient = recipientOf(actor.role);
  if (recipient === undefined || !parties.includes(recipient)) throw new Denied('not_party_to_directive');
  const isOwn =
    recipient === 'public-health' ||
    ((recipient === 'patient' || recipient === 'guardian') && grant.known.patients.includes(patient)) ||
    (recipient === 'provider' &&
      (isMadePatientOf(beside, patient, actor.organization) ||
        (await isPatientOf(rooms, grant, patient, actor.organization))));
  if (!isOwn) throw new Denied('not_party_to_directive');
}

/** The same of what is only being written: a new person in its care, or with a dose that it reports. */
const isMadePatientOf = (beside: Unit, patient: string, organization: string | undefined): boolean =>
  beside.some((write) => {
    if (write.do !== 'insert' || (write.in !== 'Patient' && write.in !== 'Immunization')) return false;
    const { _id, patients, custodians } = write.doc as Stored;
    const isOf = write.in === 'Patient' ? _id === patient : patients.includes(patient);
    return isOf && organization !== undefined && custodians.includes(organization);
  });

/** A provider's own patient: it takes care of the person, or has reported a dose. */
async function isPatientOf(
  rooms: Rooms,
  grant: Grant,
  patient: string,
  organization: string | undefined,
): Promise<boolean> {
  if (organization === undefined) return false;
  const person = await rooms.store.read(grant, 'read', 'Patient', patient);
  if (person === undefined) return false;
  if (person.custodians.includes(organization)) return true;
  const where = [
    { op: 'in', field: 'patients', keys: [patient] },
    { op: 'in', field: 'custodians', keys: [organization] },
  ] as const;
  const order = [{ field: '_id', descending: false }] as const;
  return (await rooms.store.find(grant, 'Immunization', { where, order, limit: 1 })).length > 0;
}

/** Makes the directive that a withdrawal names inactive. */
async function endedBy(rooms: Rooms, asked: Filing, id: string, patient: string): Promise<Ended> {
  const directives = await rooms.store.directivesOf(patient);
  const was = directives.find(({ _id }) => _id === id);
  const directive = was && directiveIn(rooms, consentOf(was));
  if (was === undefined || directive === undefined || consentOf(was).status !== 'active') {
    return fail(
      'business-rule',
      'The withdrawal names no active directive of this patient; read the directives first.',
      ['Consent.provision.data'],
    );
  }
  await checkParty(rooms, asked, directive.withdrawnBy, patient);
  const version = was.version + 1;
  const now = rooms.now();
  const doc = storedForm(
    rooms,
    { ...consentOf(was), status: 'inactive' },
    {
      id,
      version,
      lastUpdated: now > was.lastUpdated ? now : was.lastUpdated,
    },
  );
  return { unit: supersede('Consent', was, doc), reference: versionedReference('Consent', id, version) };
}
