/** What the registry holds goes out as a history and comes back as a VXU without loss: nothing is different. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Immunization, Patient } from '@medplum/fhirtypes';
import { world, type World } from '../world/world.ts';
import { field, found, GIVEN, HISTORICAL, MSH, order, person, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

const PERSON = person('RT1', 'Roundtrip');
const DOSES: readonly (readonly string[])[] = [
  [
    ...GIVEN,
    'OBX|2|CE|30963-3^Funding^LN|2|VXC51^Public VFC^CDCPHINVS||||||F',
    'OBX|3|CE|69764-9^Document^LN|3|253088698300003511070517^DTaP^cdcgs1vis||||||F',
    'OBX|4|DT|29769-7^Presented^LN|3|20240803||||||F',
    'OBX|5|CE|31044-1^Reaction^LN|4|39579001^Anaphylaxis^SCT||||||F|||20240804',
  ],
  HISTORICAL,
  [
    'ORC|RE|PL9^OFFICE^1.2.3.4^ISO|N^ARM^1.2.840.1^ISO||||||20240901101500-0500|||^Writer^Order^^JR^Dr||||||||||||||||R',
    'RXA|0|1|20240901||03^MMR^CVX|0.25|mL^^UCUM||02^Other provider^NIP001~^seen on a card||||||A1B2C3||MSD^Merck^MVX|||PA|A|20240901101600-0500',
    'RXR|C38299^Subcutaneous^NCIT|LA^Left Arm^HL70163',
  ],
  ['ORC|RE||9999^CDC', 'RXA|0|1|20240902||10^IPV^CVX|999||||||||||||02^Out of town^NIP002||RE'],
];

/** The history of a person as a message of its sender. */
async function historyOf(pid: string): Promise<string> {
  const [number, name, born] = [3, 5, 7].map((at) => pid.split('|')[at]);
  const qpd = `QPD|Z34^Request Immunization History^CDCPHINVS|T1|${number ?? ''}|${name ?? ''}||${born ?? ''}`;
  const msh = field(field(MSH, 9, 'QBP^Q11^QBP_Q11'), 21, 'Z34^CDCPHINVS');
  const answer = await send(w, `${msh}\r${qpd}\rRCP|I|5^RD\r`);
  const record = answer.slice(answer.findIndex((line) => line.startsWith('PID')));
  return [MSH, ...record].map((line) => `${line}\r`).join('');
}

const versions = async (): Promise<unknown> => {
  const patients = await found<Patient>(w, '/Patient?identifier=RT1');
  const of = `patient=${patients[0]?.id ?? ''}&_count=50`;
  const types = ['Immunization', 'Observation', 'RelatedPerson', 'Consent'];
  const all = await Promise.all(types.map((type) => found(w, `/${type}?${of}`)));
  return [...patients, ...all.flat()].map(({ resourceType, id, meta }) => [
    resourceType,
    id,
    meta?.versionId,
  ]);
};

test('a history that its sender sends again changes nothing', async () => {
  const more = [
    'PD1|||||||||||02^Reminder/recall - any method^HL70215|Y|20260401|||A|20260402|20260403',
    'NK1|1|Roundtrip^Ngozi^^^^^L|MTH^Mother^HL70063|9 Elm St^^Bozeman^MT^59715^USA^H|^PRN^CP^^^406^5550123',
  ];
  const orders = DOSES.flatMap((lines, at) => (at === 3 ? lines : order(lines, `RT${at}`)));
  expect(told(await send(w, vxu(orders, { pid: PERSON, more })))).toEqual(['AA M1']);
  const before = await versions();
  const history = await historyOf(PERSON);
  await send(w, history);
  expect(await versions()).toEqual(before);
});

test('what came by FHIR comes back as it was', async () => {
  const post = (resource: object) =>
    w.fhir
      .post(`/${(resource as { resourceType: string }).resourceType}`)
      .set('Content-Type', 'application/fhir+json')
      .send(resource);
  const pid = person('RT2', 'Fhirling');
  await send(w, vxu(order(HISTORICAL, 'RTF'), { pid }));
  const [patient] = await found<Patient>(w, '/Patient?identifier=RT2');
  const dose = {
    resourceType: 'Immunization',
    status: 'completed',
    identifier: [{ system: 'urn:oid:1.2.3.4.5', value: 'F-1' }],
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '21', display: 'varicella' }] },
    patient: { reference: `Patient/${patient?.id ?? ''}` },
    occurrenceDateTime: '2024-03-05',
    primarySource: false,
    lotNumber: 'L&1^2|3',
    note: [{ text: 'one\ntwo ~ three' }],
  };
  await post(dose);
  const other = MSH.replaceAll('RIVER', 'ELSEWHERE');
  await send(w, (await historyOf(pid)).replace(MSH, other));
  const doses = await found<Immunization>(
    w,
    `/Immunization?patient=${patient?.id ?? ''}&vaccine-code=21&_sort=_lastUpdated`,
  );
  expect(doses).toHaveLength(2);
  const facts = doses.map(({ occurrenceDateTime, lotNumber, note, primarySource, vaccineCode }) => [
    ...[occurrenceDateTime, lotNumber, note, primarySource, vaccineCode.coding?.[0]?.code],
  ]);
  expect(facts[0]).toEqual(facts[1]);
});

test('the hour of a birth that is told later is kept, and stays where it is left out', async () => {
  const pid = person('RT3', 'Hourly');
  const day = pid.split('|')[7] ?? '';
  for (const [at, born] of [day, `${day}153000-0500`, day].entries())
    await send(w, vxu(order(HISTORICAL, `RTH${at}`), { pid: field(pid, 7, born) }));
  const [patient] = await found<Patient & { _birthDate?: object }>(w, '/Patient?identifier=RT3');
  expect(JSON.stringify(patient?._birthDate)).toContain('T15:30:00-05:00');
});

test('the numbers of a person in another order make nothing twice', async () => {
  const pid = person('RT4', 'Ordered');
  const more = ['NK1|1|Ordered^Ngozi^^^^^L|MTH^Mother^HL70063'];
  const refusal = DOSES[3] ?? [];
  for (const ids of ['RT4^^^RIVER^MR~X4^^^MTMA^MA', 'X4^^^MTMA^MA~RT4^^^RIVER^MR'])
    await send(w, vxu(refusal, { pid: field(pid, 3, ids), more }));
  const [patient] = await found<Patient>(w, '/Patient?identifier=RT4');
  const of = `patient=${patient?.id ?? ''}`;
  expect(await found(w, `/Immunization?${of}`)).toHaveLength(1);
  expect(await found(w, `/RelatedPerson?${of}`)).toHaveLength(1);
});
