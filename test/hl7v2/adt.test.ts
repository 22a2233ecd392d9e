/** ADT: people without vaccinations, taken like the person of a VXU, by every door. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Consent, Observation, Patient, RelatedPerson, Task } from '@medplum/fhirtypes';
import { receive, USUAL_SWITCHES } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { world, type World } from '../world/world.ts';
import { adt, field, found, HISTORICAL, MSH, order, person, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const DEVELOPER = { client: 'local', role: 'developer', purpose: 'TREAT' };
const only = async <R extends Patient>(query: string): Promise<R> => {
  const [one, ...others] = await found<R>(w, `/Patient?${query}`);
  expect(others).toEqual([]);
  if (one === undefined) throw new Error(`Nobody is found by ${query}`);
  return one;
};

describe('who somebody is', () => {
  test.each(['A04', 'A08', 'A28', 'A31'])(
    'is taken by %s, and sent again changes nothing',
    async (trigger) => {
      const message = adt(trigger, { pid: person(trigger, `By${trigger}`) });
      const answer = await send(w, message);
      expect(told(answer)).toEqual(['AA M1']);
      expect(answer[0]).toContain(`|ACK^${trigger}^ACK|`);
      expect(told(await send(w, message))).toEqual(['AA M1']);
      expect((await only(`identifier=${trigger}`)).meta?.versionId).toBe('1');
    },
  );

  test('is integrated: what is said is newer, what is left out stays', async () => {
    const pid = person('E1', 'Erstwhile');
    await send(w, vxu(order(HISTORICAL, 'E1-1'), { pid }));
    const given = pid.split('|')[5]?.split('^')[1] ?? '';
    const later = field(field(field(pid, 5, `Elders^${given}^^^^^L`), 11, ''), 13, '^PRN^CP^^^406^5550177');
    expect(told(await send(w, adt('A08', { pid: later })))).toEqual(['AA M1']);
    const patient = await only('identifier=E1');
    expect(patient).toMatchObject({
      address: [{ city: 'Bozeman' }],
      name: [
        { use: 'official', family: 'Elders' },
        { use: 'old', family: 'Erstwhile' },
      ],
      telecom: [{ value: '406-555-0177' }, { use: 'home' }],
    });
    expect(await found(w, `/Immunization?patient=${String(patient.id)}`)).toHaveLength(1);
  });

  test('comes with guardian, status and directive, which N ends', async () => {
    const pid = person('E2', 'Escorted');
    const pd1 =
      'PD1|||||||||||02^Reminder/recall - any method^HL70215|Y|20260401|||I^Inactive^HL70441|20260402|20260403';
    const more = [
      pd1,
      'NK1|1|Okafor^Ngozi^^^^^L|MTH^Mother^HL70063',
      'NK1|2|Okafor^Obi^^^^^L|',
      'OBX|1|CE|59784-9^Disease with presumed immunity^LN|1|38907003^Varicella^SCT||||||F|||20250210',
    ];
    const message = adt('A28', { pid, more });
    expect(told(await send(w, message))).toEqual(['AE M1', 'NK1^2^3 101 E DQA0088']);
    const patient = await only('identifier=E2');
    const status = patient.extension?.find(({ url }) => url.endsWith('/provider-status'))?.extension;
    expect(status?.find(({ url }) => url === 'status')?.valueCodeableConcept?.coding?.[0]?.code).toBe('I');
    const of = `patient=${patient.id ?? ''}`;
    const guardians = await found<RelatedPerson>(w, `/RelatedPerson?${of}`);
    expect(guardians.map(({ name }) => name?.[0]?.given)).toEqual([['Ngozi']]);
    const observed = await found<Observation>(w, `/Observation?${of}`);
    expect(observed.map(({ code }) => code.coding?.[0]?.code)).toEqual(['59784-9']);
    const directives = async (): Promise<unknown[]> =>
      (await found<Consent>(w, `/Consent?${of}`)).map(({ status: is, dateTime }) => [is, dateTime]);
    expect(await directives()).toEqual([['active', '2026-04-01']]);
    expect(told(await send(w, adt('A31', { pid, more: [field(pd1, 12, 'N')] })))).toEqual(['AA M1']);
    expect(await directives()).toEqual([['inactive', '2026-04-01']]);
    expect(await found(w, `/RelatedPerson?${of}`)).toHaveLength(1);
  });

  test('is no place for a dose, which is told', async () => {
    const pid = person('E3', 'Elsewhere');
    const answer = await send(w, adt('A08', { pid, more: order(HISTORICAL, 'E3-1') }));
    expect(told(answer)).toEqual(['AE M1', 'RXA^1 100 W IIS0025']);
    expect(await found(w, '/Immunization?identifier=E3-1')).toEqual([]);
    expect((await only('identifier=E3')).name?.[0]?.family).toBe('Elsewhere');
  });
});

describe('an ADT that cannot be taken', () => {
  test('is rejected like a VXU, kept as a task of its sender, and done when it comes right', async () => {
    const msh = field(MSH, 10, 'ADT-9');
    const pid = person('E4', 'Erring');
    const answer = await send(w, adt('A31', { msh, pid: field(pid, 7, '') }));
    expect(told(answer)).toEqual(['AE ADT-9', 'PID^1^7 101 E DQA0118', 'PID 100 E DQA0049']);
    const statuses = async (): Promise<unknown[]> =>
      (await found<Task>(w, '/Task?code=message-rejected&identifier=ADT-9')).map(({ status }) => status);
    expect(await statuses()).toEqual(['rejected']);
    expect(told(await send(w, adt('A31', { msh, pid })))).toEqual(['AA ADT-9']);
    expect(await statuses()).toEqual(['completed']);
  });

  test.each([
    ['A01', ['AR M1', 'MSH^1^9^1^2 201 E DQA0525']],
    ['A23', ['AR M1', 'MSH^1^9^1^2 201 E DQA0525']],
    ['A39', ['AR M1', 'MSH^1^9^1^2 201 E DQA0525']],
    ['', ['AR M1', 'MSH^1^9^1^2 201 E DQA0525']],
  ])('of the event "%s" is refused before it is looked at', async (trigger, errors) => {
    expect(told(await send(w, adt(trigger, { pid: person('E5', 'Evicted') })))).toEqual(errors);
    expect(await found(w, '/Patient?family=Evicted')).toEqual([]);
  });

  test('for trying out is answered, and nothing of it is stored', async () => {
    const msh = field(MSH, 11, 'T');
    const answer = await send(w, adt('A28', { msh, pid: person('E6', 'Exercise') }));
    expect(told(answer)).toEqual(['AA M1', 'MSH^1^11 0 I DQA0026']);
    expect(await found(w, '/Patient?family=Exercise')).toEqual([]);
  });

  test('is taken where a VXU without vaccinations is not', async () => {
    const switches = { ...USUAL_SWITCHES, demographics: false };
    const door = { rooms: w.rooms, senderOf: senders(w.rooms), switches };
    const from = async (text: string): Promise<readonly string[]> =>
      told((await receive(door, { actor: DEVELOPER, requestId: 'r' }, text)).split('\r'));
    const pid = person('E7', 'Earnest');
    expect(await from(vxu([], { pid }))).toEqual(['AE M1', 'ORC 100 E IIS0004']);
    expect(await from(adt('A28', { pid }))).toEqual(['AA M1']);
  });
});
