/** What a message leaves in the audit log: one record for all that it asks. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { AuditEvent, AuditEventEntity } from '@medplum/fhirtypes';
import { databaseOf } from '../../src/storage/connect.ts';
import type { Stored } from '../../src/storage/store.ts';
import { world, type World } from '../world/world.ts';
import { field, GIVEN, HISTORICAL, MSH, PID, send, vxu } from './messages.ts';

const OTHER = field(field(field(PID, 3, 'B200^^^RIVER^MR'), 5, 'Lindqvist^Bo^^^^^L'), 7, '20190817');

let w: World;
beforeAll(async () => {
  w = await world();
  // The facility is written down when it first sends.
  await send(w, vxu([], { msh: field(MSH, 10, 'M0'), pid: OTHER }));
});
afterAll(() => w.end());

const log = () => databaseOf(w.services.connection).collection<Stored>('AuditEvent');
beforeEach(async () => {
  await log().deleteMany({});
});

/** Accesses, as far as it matters here: what was done, what came of it, whose records it was about, what was asked. */
async function accesses(): Promise<readonly object[]> {
  const stored = await log().find().sort({ _id: 1 }).toArray();
  return stored
    .map(({ json }) => JSON.parse(json) as AuditEvent)
    .filter(({ type }) => type.code === 'rest')
    .map(({ subtype, outcome, entity = [] }) => ({
      did: subtype?.[0]?.code,
      outcome,
      patients: entity.filter(({ role }) => role?.code === '1').length,
      wrote: entity.flatMap(({ what }) => typeOf(what?.reference)),
      ...asked(entity),
    }));
}

const typeOf = (reference: string | undefined): string[] =>
  reference?.includes('/_history/') === true ? [reference.split('/')[0] ?? ''] : [];

function asked(entity: readonly AuditEventEntity[]): { readonly query?: string } {
  const query = entity.find((each) => each.query !== undefined)?.query;
  return query === undefined ? {} : { query: Buffer.from(query, 'base64').toString('utf8') };
}

test('a VXU is one transaction, whatever is looked for on its way', async () => {
  await send(w, vxu([...GIVEN, ...HISTORICAL]));
  expect(await accesses()).toMatchObject([
    { did: 'transaction', outcome: '0', patients: 1, wrote: ['Patient', 'Immunization', 'Immunization'] },
  ]);
});

test('one that changes nothing is recorded as well', async () => {
  await send(w, vxu([...GIVEN, ...HISTORICAL]));
  expect(await accesses()).toMatchObject([{ did: 'transaction', outcome: '0', patients: 1 }]);
});

test('one of which nothing is stored is a refused transaction, beside the rejection that the registry writes', async () => {
  // The number is of another person's vaccination.
  const answer = await send(w, vxu(HISTORICAL, { msh: field(MSH, 10, 'M3'), pid: OTHER }));
  expect(answer[1]).toBe('MSA|AE|M3');
  expect(await accesses()).toMatchObject([
    { did: 'transaction', outcome: '4' },
    { did: 'create', outcome: '0', wrote: ['Task'] },
  ]);
});

test('a query is one search that says whom it asked for and whom it showed', async () => {
  const msh =
    'MSH|^~\\&|EHR|RIVER|IIS|STATE|20261122110000-0500||QBP^Q11^QBP_Q11|Q1|P|2.5.1|||ER|AL|||||Z34^CDCPHINVS|RIVER|STATE';
  const qpd = 'QPD|Z34^Request Immunization History^CDCPHINVS|T1||Okafor^Amara^^^^^L||20240203|F';
  const answer = await send(w, [msh, qpd, 'RCP|I|5^RD'].map((line) => `${line}\r`).join(''));
  expect(answer.some((line) => line.startsWith('RXA'))).toBe(true);
  expect(await accesses()).toMatchObject([
    {
      did: 'search-type',
      outcome: '0',
      patients: 1,
      query: 'family=Okafor&given=Amara&birthdate=2024-02-03',
    },
  ]);
});
