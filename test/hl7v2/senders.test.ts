/** Credentials tie a message to facilities: those of the caller's organisation, its sites, and whoever lets it send. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent, Bundle, Immunization, Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../src/core/context.ts';
import { receive, USUAL_SWITCHES, type V2Door } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { participantsOf } from '../../src/storage/participants.ts';
import { guarded, tokenOf, withScope } from '../auth/bearer.ts';
import { ask } from '../world/asks.ts';
import type { World } from '../world/world.ts';
import { facility } from './facilities.ts';
import { adt, change, field, GIVEN, HISTORICAL, MSH, order, person, told, vxu } from './messages.ts';

let w: World;
let door: V2Door;
let river: Actor & { readonly organization: string };
let hill: Actor & { readonly organization: string };
let hub: Actor & { readonly organization: string };
beforeAll(async () => {
  w = await guarded();
  door = { rooms: w.rooms, senderOf: senders(w.rooms), switches: USUAL_SWITCHES };
  river = await facility(w, 'RIVER');
  hill = await facility(w, 'HILL');
  hub = await facility(w, 'HUB');
});
afterAll(() => w.end());

const from = async (actor: Actor, text: string): Promise<string[]> =>
  (await receive(door, { actor, requestId: 'r' }, text)).split('\r').slice(0, -1);
/** A dose that is known from elsewhere, as the facility says it. */
const message = (number: string, msh = MSH): string =>
  vxu(order(HISTORICAL, number), { msh, pid: person(number, `${number}son`) });
const REFUSED = (at: number): string[] => ['AR M1', `MSH^1^${at} 207 E DQA0036`];
const HILL_MSH = MSH.replaceAll('RIVER', 'HILL');

async function stored<R extends Resource>(type: string, query: readonly [string, string][]): Promise<R[]> {
  const actor = { client: 'fhir-iis', role: 'system', purpose: 'HSYSADMIN' };
  const { body = '{}' } = await w.rooms.handle(ask({ interaction: 'search-type', type, query, actor }));
  return ((JSON.parse(body) as Bundle<R>).entry ?? []).flatMap(({ resource }) => resource ?? []);
}

/** Who reported a dose, by the number that its facility gave it. */
async function reporterOf(number: string): Promise<string | undefined> {
  const [dose] = await stored<Immunization>('Immunization', [['identifier', number]]);
  return dose?.identifier?.[0]?.assigner?.reference;
}

describe('a message', () => {
  test('of the own facility is taken', async () => {
    expect(told(await from(river, message('SE1')))).toEqual(['AA M1']);
  });

  test('that names the facility of another is refused in whichever field, stored nowhere and recorded', async () => {
    expect(told(await from(river, message('SE2', HILL_MSH)))).toEqual(REFUSED(22));
    expect(told(await from(river, message('SE2', field(MSH, 4, 'HILL'))))).toEqual(REFUSED(4));
    expect(told(await from(river, message('SE2', MSH.replaceAll('RIVER', 'NOWHERE'))))).toEqual(REFUSED(22));
    expect(await stored('Immunization', [['identifier', 'SE2']])).toEqual([]);
    const who = adt('A31', { msh: HILL_MSH, pid: person('SE2', 'SE2son') });
    expect(told(await from(river, who))).toEqual(REFUSED(22));
    expect(await stored('Patient', [['identifier', 'SE2']])).toEqual([]);
    const records = await stored<AuditEvent>('AuditEvent', [['subtype', 'sender']]);
    expect(records.map(({ outcome, agent }) => [outcome, agent[0]?.who?.identifier?.value])).toEqual(
      Array.from({ length: 4 }, () => ['4', 'ehr-river']),
    );
    const details = records.flatMap(({ entity = [] }) => entity.flatMap(({ detail = [] }) => detail));
    expect(details.map(({ valueString }) => valueString)).toEqual(
      expect.arrayContaining(['MSH-22', 'HILL', 'MSH-4', 'NOWHERE']),
    );
  });

  test('that asks as another is refused too', async () => {
    const msh = field(field(HILL_MSH, 9, 'QBP^Q11^QBP_Q11'), 21, 'Z34^CDCPHINVS');
    const query = `${msh}\rQPD|Z34^Request Immunization History^CDCPHINVS|T|SE1^^^RIVER^MR\rRCP|I\r`;
    expect(told(await from(river, query))).toEqual(REFUSED(22));
  });

  test('of a site is of the site, and not the other way round', async () => {
    const brook = await facility(w, 'BROOK');
    const participants = participantsOf(w.services.connection);
    const site = await participants.find(`organization:${brook.organization}`);
    if (site === undefined) throw new Error('The site takes no part');
    await participants.pretend({ ...site, organization: river.organization }, []);
    const msh = MSH.replaceAll('RIVER', 'BROOK');
    expect(told(await from(river, message('SE3', msh)))).toEqual(['AA M1']);
    expect(await reporterOf('SE3')).toBe(`Organization/${brook.organization}`);
    expect(told(await from(brook, message('SE4')))).toEqual(REFUSED(22));
  });

  test('of another facility is refused as that, whatever else its header lacks', async () => {
    const undated = field(field(HILL_MSH, 7, ''), 10, '');
    expect(told(await from(river, message('SE0', undated)))).toEqual(['AR ', 'MSH^1^22 207 E DQA0036']);
    const query = field(field(undated, 9, 'QBP^Q11^QBP_Q11'), 21, 'Z34^CDCPHINVS');
    expect(told(await from(river, `${query}\rQPD|Z99\r`))).toEqual(['AR ', 'MSH^1^22 207 E DQA0036']);
  });
});

describe('a program that sends for several', () => {
  const manager = withSenders();

  test('sends for those that let it, as they would themselves, until they no longer do', async () => {
    expect(told(await from(hub, message('SE5', HILL_MSH)))).toEqual(REFUSED(22));
    expect(await manager('add-sender', 'ehr-hub')).toBe(200);
    // The hub itself stays in MSH-4.
    expect(told(await from(hub, message('SE5', field(HILL_MSH, 4, 'HUB'))))).toEqual(['AA M1']);
    expect(await reporterOf('SE5')).toBe(`Organization/${hill.organization}`);
    expect(told(await from(hill, message('SE5', HILL_MSH)))).toEqual(['AA M1']);
    expect(await manager('remove-sender', 'ehr-hub')).toBe(200);
    expect(told(await from(hub, message('SE5', HILL_MSH)))).toEqual(REFUSED(22));
  });

  test('speaks for nobody where a person asks through it', async () => {
    expect(await manager('add-sender', 'ehr-hub')).toBe(200);
    expect(told(await from({ ...hub, user: 'somebody' }, message('SE6', HILL_MSH)))).toEqual(REFUSED(22));
  });

  function withSenders(): (name: string, sender: string) => Promise<number> {
    return async (name, sender) => {
      const send = withScope(w, 'system/*.cruds', { purpose_of_use: 'REGOPER' });
      const parameter = [{ name: 'sender', valueString: sender }];
      const body = { resourceType: 'Parameters', parameter };
      return (await send('POST', `/Organization/${hill.organization}/$${name}`, { body })).status;
    };
  }
});

test('a dose given at the site of another is not stored, and one at an unknown site with a warning', async () => {
  const given = (number: string, site: string): string[] =>
    change(order(GIVEN, number), 'RXA', 11, `^^^${site}`);
  const orders = [
    ...given('SE7', 'HILL-1'),
    ...given('SE8', 'RIVER-1').map((line) => line.replace('20240803', '20241003')),
  ];
  expect(told(await from(river, vxu(orders, { pid: person('SE7', 'Sited') })))).toEqual([
    'AE M1',
    'RXA^1^11 207 E DQA0313',
  ]);
  expect([await reporterOf('SE7'), await reporterOf('SE8')]).toEqual([
    undefined,
    `Organization/${river.organization}`,
  ]);
  expect(told(await from(river, vxu(given('SE9', 'ATTIC'), { pid: person('SE9', 'Atticson') })))).toEqual([
    'AE M1',
    'RXA^1^11 103 W DQA0315',
  ]);
});

test('the facility of the web service belongs to its credentials', async () => {
  const claims = { sub: river.client, client_id: river.client, role: 'provider', purpose_of_use: 'TREAT' };
  const token = tokenOf(w, { ...claims, organization: river.organization });
  const submit = async (facilityID: string): Promise<string> => {
    const parts = `<u:username>${river.client}</u:username><u:password>${token}</u:password><u:facilityID>${facilityID}</u:facilityID>`;
    const body = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:u="urn:cdc:iisb:2011"><e:Body><u:submitSingleMessage>${parts}<u:hl7Message><![CDATA[${message('SE1')}]]></u:hl7Message></u:submitSingleMessage></e:Body></e:Envelope>`;
    const headers = { 'Content-Type': 'application/soap+xml' };
    const answer = await fetch(w.url.replace('/fhir/R4', '/hl7v2/soap'), { method: 'POST', headers, body });
    return answer.text();
  };
  expect(await submit('RIVER')).toContain('MSA|AA|M1');
  expect(await submit('HILL')).toContain('<Code>10</Code><Reason>Security</Reason>');
});
