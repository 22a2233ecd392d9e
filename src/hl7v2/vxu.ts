/** VXU^V04: a person and vaccinations, read, placed, and filed as far as they are right. */
import type { Patient } from '@medplum/fhirtypes';
import { dayOf } from '../consent/days.ts';
import { judge } from '../validation/check.ts';
import type { Arrived } from './arrived.ts';
import { inOne } from './corridor.ts';
import { file, type Filed } from './filing.ts';
import { hasErrors } from './findings.ts';
import { recordOf, type VaccinationRecord } from './groups.ts';
import { integrate } from './integrate.ts';
import { itemsOf, type Item } from './items.ts';
import { notedIn } from './noting/noted.ts';
import { placeOf } from './place.ts';
import { PlacedMeanwhile } from './plan.ts';
import { keepRejection, keptMessage, rejectedBefore } from './rejection.ts';
import { endEarlier, orderNumbers } from './resent.ts';
import { readRecord, type Told } from './told.ts';

/** Reads and files a VXU; what is to be said of it is in the findings. */
export const receiveVxu = (arrived: Arrived): Promise<void> =>
  receiveRecord(arrived, recordOf(arrived.message, arrived.findings));

/** Files what a message says of one person. */
export async function receiveRecord(arrived: Arrived, record: VaccinationRecord): Promise<void> {
  const told = await readRecord(arrived, record);
  if (told === undefined) await reject(arrived, record);
  else if (arrived.header.isTest) check(arrived, told);
  else await store({ ...arrived, noted: notedOf(arrived, record) }, told);
}

function notedOf({ corridor: { rooms }, header }: Arrived, record: VaccinationRecord): readonly string[] {
  const { timeZone, reporting } = rooms.pack;
  const today = dayOf(rooms.now(), timeZone);
  return notedIn({ header, record, today, deadline: reporting.exchange.days });
}

/** What a test message would have come to. */
export function check({ findings, corridor, header }: Arrived, told: Told): void {
  const circumstances = { id: 'test', now: corridor.rooms.now() };
  for (const { dose, group } of told.orders) {
    if (dose === undefined) continue;
    const { issues } = judge({ ...dose, patient: { reference: 'Patient/test' } }, circumstances);
    const location = { segment: 'RXA', sequence: group.rxa?.sequence ?? 1 };
    for (const { message } of issues)
      findings.add({ name: 'rule-broken', severity: 'E', location, says: message });
  }
  findings.report('test-only', header.msh, { field: 11 });
}

/** Files what is told. */
export async function store(arrived: Arrived, told: Told): Promise<void> {
  const { findings } = arrived;
  const [first, earlier] = await Promise.all([
    inOneRequest(arrived, told, (asOne) => filePlaced(asOne, told)),
    rejectedBefore(arrived, told.record),
  ]);
  findings.add(...first.findings);
  if (first.waits === true) findings.report('patient-waits', 'PID');
  if (first.status === REFUSED) findings.report('no-order', 'ORC');
  else if (first.joined !== undefined) await inOneRequest(arrived, told, (asOne) => fileJoined(asOne, told));
  const taken = new Set(
    orderNumbers(told.orders.map(({ group }) => group).filter(({ at }) => !first.lost.has(at))),
  );
  const lost = orderNumbers(told.record.orders).filter((number) => !taken.has(number));
  const rejection = hasErrors(findings.all) ? { rejection: await keepRejection(arrived, lost) } : {};
  await endEarlier(arrived.corridor, earlier, { taken, filed: first.filed ?? [], ...rejection });
}

const REFUSED = 422;

/** Looks and files in one request of the corridor, which is recorded as refused where nothing of the vaccinations was stored. */
const inOneRequest = (
  arrived: Arrived,
  { orders }: Told,
  work: (arrived: Arrived) => Promise<Filed>,
): Promise<Filed & { readonly status: number }> =>
  inOne(arrived.corridor, { interaction: 'transaction' }, async (corridor) => {
    const filed = await work({ ...arrived, corridor });
    const isLost = orders.length > 0 && orders.every(({ group }) => filed.lost.has(group.at));
    return { ...filed, status: isLost ? REFUSED : 200 };
  });

/** Facts about a person who turned out to be on file. */
const fileJoined = (arrived: Arrived, told: Told): Promise<Filed> =>
  placedAgain(async () => {
    const stored = await placeOf(arrived.corridor, told.patient);
    if (stored === undefined) return NOTHING;
    const items = itemsOf(arrived, told, `Patient/${stored.id ?? ''}`, stored);
    return fileItems(arrived, told, stored, { items });
  });

const NOTHING: Filed = { findings: [], lost: new Set() };

/** The same message at the same time may have made the person: then it is somebody who is there. */
async function filePlaced(arrived: Arrived, told: Told): Promise<Filed> {
  const { corridor } = arrived;
  const fileFor = async (isSure: boolean): Promise<Filed> => {
    const stored = await placeOf(corridor, told.patient);
    const reference =
      stored === undefined ? `urn:uuid:${corridor.rooms.newId()}` : `Patient/${stored.id ?? ''}`;
    return fileItems(arrived, told, stored ?? reference, {
      items: itemsOf(arrived, told, reference, stored),
      isSure,
    });
  };
  return placedAgain(fileFor);
}

const TRIES = 5;

/** Does again, with the person as stored by then, what met another writer of the same person. */
async function placedAgain<T>(work: (isSure: boolean) => Promise<T>, tries = 1): Promise<T> {
  try {
    return await work(tries > 1);
  } catch (error) {
    if (!(error instanceof PlacedMeanwhile)) throw error;
    if (tries === TRIES) throw error.cause instanceof Error ? error.cause : error;
    return placedAgain(work, tries + 1);
  }
}

/** @param person the person as stored, or the name of one who is new */
function fileItems(
  arrived: Arrived,
  told: Told,
  person: Patient | string,
  { items, isSure = true }: { readonly items: readonly Item[]; readonly isSure?: boolean },
): Promise<Filed> {
  const { corridor, organization } = arrived;
  const patient =
    typeof person === 'string'
      ? { reference: person, resource: told.patient }
      : {
          reference: `Patient/${person.id ?? ''}`,
          resource: integrate(person, told.patient),
          stored: person,
        };
  return file({
    ...{ corridor, organization, patient, items, isSure },
    message: (more) => keptMessage(arrived, more, arrived.noted),
  });
}

/** A message of which nothing was stored is kept as such. */
export async function reject(arrived: Arrived, record: VaccinationRecord): Promise<void> {
  if (arrived.header.isTest) return;
  const earlier = await rejectedBefore(arrived, record);
  const rejection = await keepRejection(arrived, orderNumbers(record.orders));
  await endEarlier(arrived.corridor, earlier, { taken: new Set(), filed: [], rejection });
}
