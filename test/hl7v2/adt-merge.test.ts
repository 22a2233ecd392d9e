/** ADT^A40 and A34: two numbers of a sender are one person's; who is merged is the registry's to say. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Bundle,
  Communication,
  Consent,
  Organization,
  Parameters,
  Patient,
  Provenance,
  Task,
} from '@medplum/fhirtypes';
import { receive, USUAL_SWITCHES } from '../../src/hl7v2/receive.ts';
import { senders } from '../../src/hl7v2/senders.ts';
import { enrol } from '../auth/bearer.ts';
import { ask } from '../world/asks.ts';
import { organization } from '../world/resources.ts';
import { world, type World } from '../world/world.ts';
import { facility } from './facilities.ts';
import { adt, field, found, GIVEN, HISTORICAL, MSH, order, person, send, told, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

type Program = Awaited<ReturnType<typeof facility>>;
const only = async <R extends Patient>(query: string): Promise<R> => {
  const [one, ...others] = await found<R>(w, `/Patient?${query}`);
  expect(others).toEqual([]);
  if (one === undefined) throw new Error(`Nobody is found by ${query}`);
  return one;
};

/** Two patients: the staff are asked. */
const WAITS = ['AE M1', 'MRG^1^1 0 W IIS0031'];
const MRG = (...numbers: readonly string[]): string =>
  `MRG|${numbers.map((number) => `${number}^^^RIVER^MR`).join('~')}`;
/** The same person under another number. */
const under = (pid: string, number: string): string => field(pid, 3, `${number}^^^RIVER^MR`);
const numbersOf = ({ identifier = [] }: Patient): string[] =>
  identifier
    .filter(({ system }) => system?.endsWith('/RIVER'))
    .map(({ value = '', use = '' }) => `${value} ${use}`.trim());

describe('numbers of one person', () => {
  const merge = (pid: string, ...prior: readonly string[]): Promise<readonly string[]> =>
    send(w, adt('A40', { pid, more: [MRG(...prior)] }));
  const id = (number: string): string => `ONE-${number}`;

  test('are united by A34 of older systems alike', async () => {
    const msh = field(MSH, 12, '2.3.1');
    const message = adt('A34', { msh, pid: person(id('A'), 'Elderly'), more: [MRG(id('B'))] });
    expect(told(await send(w, message))).toEqual(['AA M1']);
    expect(numbersOf(await only(`identifier=${id('B')}`))).toEqual([id('A'), `${id('B')} old`]);
  });

  test('that nobody else has: the one given up is kept as an old one, and leads to the person', async () => {
    const pid = person(id('1'), 'Former');
    await send(w, adt('A28', { pid }));
    expect(told(await merge(pid, id('0'), id('00')))).toEqual(['AA M1']);
    const patient = await only(`identifier=${id('0')}`);
    expect(numbersOf(patient)).toEqual([id('1'), `${id('0')} old`, `${id('00')} old`]);
    expect(told(await merge(pid, id('0'), id('00')))).toEqual(['AA M1']);
    expect((await only(`identifier=${id('1')}`)).meta?.versionId).toBe('2');
    await send(w, vxu(order(HISTORICAL, id('D')), { pid: under(pid, id('0')) }));
    expect(await found(w, `/Immunization?patient=${patient.id ?? ''}`)).toHaveLength(1);
  });

  test('that are on file with one patient already, and the other way round later', async () => {
    const pid = person(id('2'), 'Doubled');
    await send(
      w,
      adt('A28', { pid: field(pid, 3, [id('2'), id('3')].map((each) => `${each}^^^RIVER^MR`).join('~')) }),
    );
    expect(told(await merge(pid, id('3')))).toEqual(['AA M1']);
    expect(numbersOf(await only(`identifier=${id('2')}`))).toEqual([id('2'), `${id('3')} old`]);
    expect(told(await merge(under(pid, id('3')), id('2')))).toEqual(['AA M1']);
    expect(numbersOf(await only(`identifier=${id('2')}`))).toEqual([`${id('2')} old`, `${id('3')} usual`]);
  });

  test('lead to what came under the old one: a guardian stays one, and a directive can be ended', async () => {
    const pid = person(id('8'), 'Tied');
    const more = [
      'PD1|||||||||||02^Reminder/recall - any method^HL70215|Y|20260401',
      'NK1|1|Okafor^Ngozi^^^^^L|MTH^Mother^HL70063',
    ];
    await send(w, adt('A28', { pid, more }));
    const other = under(pid, id('9'));
    expect(told(await merge(other, id('8')))).toEqual(['AA M1']);
    const later = more.map((line) => line.replace('|Y|', '|N|'));
    expect(told(await send(w, adt('A31', { pid: other, more: later })))).toEqual(['AA M1']);
    const of = `patient=${(await only(`identifier=${id('9')}`)).id ?? ''}`;
    expect((await found<Consent>(w, `/Consent?${of}`)).map(({ status }) => status)).toEqual(['inactive']);
    expect(await found(w, `/RelatedPerson?${of}`)).toHaveLength(1);
  });

  test('of whom the registry knows the old one only, or nobody', async () => {
    const pid = person(id('4'), 'Renumbered');
    await send(w, adt('A28', { pid }));
    expect(told(await merge(under(pid, id('5')), id('4')))).toEqual(['AA M1']);
    expect(numbersOf(await only(`identifier=${id('5')}`))).toEqual([`${id('4')} old`, id('5')]);
    const newcomer = person(id('6'), 'Unheard');
    expect(told(await merge(newcomer, id('7')))).toEqual(['AA M1']);
    expect(numbersOf(await only(`identifier=${id('7')}`))).toEqual([id('6'), `${id('7')} old`]);
  });
});

describe('numbers of two patients', () => {
  /** Two records that nobody would take for one person's, born on one day. */
  const pair = (number: string, family: string): { kept: string; gone: string } => {
    const kept = person(`${number}K`, family);
    const other = person(`${number}G`, `Un${family.toLowerCase()}`);
    return { kept, gone: field(other, 7, kept.split('|')[7] ?? '') };
  };
  const idOf = async (number: string): Promise<string> => (await only(`identifier=${number}`)).id ?? '';
  const duplicates = async (number: string): Promise<Task[]> =>
    found<Task>(w, `/Task?code=possible-duplicate&patient=${await idOf(number)}`);

  test('are merged by whoever may merge, with all that was the other one’s', async () => {
    const { kept, gone } = pair('M1', 'Mergers');
    await send(w, vxu(order(HISTORICAL, 'M1-1'), { pid: kept }));
    await send(w, vxu(order(GIVEN, 'M1-2'), { pid: gone }));
    expect(await idOf('M1K')).not.toBe(await idOf('M1G'));
    const message = adt('A40', { pid: kept, more: [MRG('M1G')] });
    expect(told(await send(w, message))).toEqual(['AA M1']);
    const survivor = await only('identifier=M1G');
    expect(numbersOf(survivor)).toEqual(['M1K', 'M1G old']);
    expect(survivor.name?.map(({ use, family }) => [use, family])).toEqual([
      ['official', 'Mergers'],
      ['old', 'Unmergers'],
    ]);
    expect(await found(w, `/Immunization?patient=${survivor.id ?? ''}`)).toHaveLength(2);
    expect(told(await send(w, message))).toEqual(['AA M1']);
    expect((await only('identifier=M1G')).meta?.versionId).toBe(survivor.meta?.versionId);
  });

  test('that several say at once are merged once', async () => {
    const { kept, gone } = pair('M6', 'Parallel');
    for (const pid of [kept, gone]) await send(w, adt('A28', { pid }));
    const message = adt('A40', { pid: kept, more: [MRG('M6G')] });
    const answers = await Promise.all([1, 2, 3].map(() => send(w, message)));
    expect(answers.map(told)).toEqual([['AA M1'], ['AA M1'], ['AA M1']]);
    const survivor = await only('identifier=M6G');
    expect(numbersOf(survivor)).toEqual(['M6K', 'M6G old']);
    expect(survivor.link).toHaveLength(1);
  });

  test('of whom the one is not as PID says are fused by nobody: a number may be typed wrong', async () => {
    await send(w, adt('A28', { pid: person('M2K', 'Stranger') }));
    await send(w, adt('A28', { pid: person('M2G', 'Foreigner') }));
    const answer = await send(w, adt('A40', { pid: person('M2K', 'Stranger'), more: [MRG('M2G')] }));
    expect(told(answer)).toEqual(WAITS);
    expect(numbersOf(await only('identifier=M2G'))).toEqual(['M2G']);
    expect(await duplicates('M2K')).toHaveLength(1);
  });

  describe('of a sender that may not merge', () => {
    let river: Program;
    let hill: Program;
    const from = async (actor: Program, text: string): Promise<readonly string[]> => {
      const door = { rooms: w.rooms, senderOf: senders(w.rooms), switches: USUAL_SWITCHES };
      return told((await receive(door, { actor, requestId: 'r' }, text)).split('\r'));
    };
    const seenBy = async (actor: Program, number: string): Promise<number> => {
      const query = [['patient', await idOf(number)]] as const;
      const search = ask({ interaction: 'search-type', type: 'Task', query, actor });
      return ((JSON.parse((await w.rooms.handle(search)).body ?? '{}') as Bundle).entry ?? []).length;
    };
    const originalOf = async (task: Task | undefined): Promise<string> => {
      const answer = await w.fhir.get(`/Task/${task?.id ?? ''}/$original`);
      const { parameter = [] } = answer.body as Parameters;
      return Buffer.from(parameter[1]?.valueBase64Binary ?? '', 'base64').toString('utf8');
    };
    const settle = (task: Task | undefined): Promise<{ status: number }> => {
      const parameter = [{ name: 'outcome', valueCode: 'new-person' }];
      return w.fhir.post(`/Task/${task?.id ?? ''}/$settle`).send({ resourceType: 'Parameters', parameter });
    };
    beforeAll(async () => {
      [river, hill] = [await facility(w, 'RIVER'), await facility(w, 'HILL')];
    });

    test('wait for the staff, who find two people', async () => {
      const { kept, gone } = pair('M3', 'Waiters');
      for (const pid of [kept, gone]) expect(await from(river, adt('A28', { pid }))).toEqual(['AA M1']);
      const message = adt('A40', { pid: kept, more: [MRG('M3G')] });
      const answers = [await from(river, message), await from(river, message)];
      expect(answers).toEqual([WAITS, WAITS]);
      expect([numbersOf(await only('identifier=M3K')), numbersOf(await only('identifier=M3G'))]).toEqual([
        ['M3K'],
        ['M3G'],
      ]);
      const [task, ...others] = await duplicates('M3K');
      expect(others).toEqual([]);
      const [about, candidate] = [`Patient/${await idOf('M3K')}`, `Patient/${await idOf('M3G')}`];
      expect(task).toMatchObject({
        status: 'requested',
        reasonCode: { coding: [{ code: 'reported' }] },
        requester: { reference: `Organization/${river.organization}` },
        for: { reference: about },
        input: [{ valueReference: { reference: candidate } }],
      });
      expect([await seenBy(river, 'M3K'), await seenBy(hill, 'M3K')]).toEqual([1, 0]);
      expect(await originalOf(task)).toContain('|ADT^A40^');
      expect((await settle(task)).status).toBe(200);
      expect(await from(river, message)).toEqual(['AE M1', 'MRG^1^1 204 W IIS0032']);
      const [word] = await found<Communication>(
        w,
        `/Communication?recipient=Organization/${river.organization}`,
      );
      expect(JSON.stringify(word?.payload)).toContain('found to be of two');
    });

    test('wait for the staff, who merge them', async () => {
      const { kept, gone } = pair('M4', 'Joined');
      for (const pid of [kept, gone]) await from(river, adt('A28', { pid }));
      const message = adt('A40', { pid: kept, more: [MRG('M4G')] });
      expect(await from(river, message)).toEqual(WAITS);
      const side = (name: string, id: string) => ({ name, valueReference: { reference: `Patient/${id}` } });
      const parameter = [
        side('source-patient', await idOf('M4G')),
        side('target-patient', await idOf('M4K')),
      ];
      await w.fhir.post('/Patient/$merge').send({ resourceType: 'Parameters', parameter });
      expect((await duplicates('M4K')).map(({ status }) => status)).toEqual(['completed']);
      expect(await from(river, message)).toEqual(['AA M1']);
      expect(numbersOf(await only('identifier=M4G'))).toEqual(['M4K', 'M4G old']);
    });

    test('are merged for a program of the registry’s staff, under the purpose that merges', async () => {
      const { kept, gone } = pair('M7', 'Staffed');
      const made = await w.fhir.post('/Organization').send(organization({ name: 'CENTRAL' }));
      const central = (made.body as Organization).id ?? '';
      await enrol(w, { id: 'staff', what: 'client', role: 'registry-staff', organization: central });
      const staff = { client: 'staff', role: 'registry-staff', purpose: 'PUBHLTH', organization: central };
      const say = (text: string): Promise<readonly string[]> =>
        from(staff, text.replaceAll('RIVER', central));
      for (const pid of [kept, gone]) expect(await say(adt('A28', { pid }))).toEqual(['AA M1']);
      const message = adt('A40', { pid: kept, more: [MRG('M7G')] });
      expect(await say(message)).toEqual(['AA M1']);
      const { name = [] } = await only('identifier=M7G');
      expect(name.map(({ family }) => family)).toEqual(['Staffed', 'Unstaffed']);
      const provenance = await found<Provenance>(w, `/Provenance?target=Patient/${await idOf('M7G')}`);
      expect(provenance.map(({ activity }) => activity?.coding?.[0]?.code)).toEqual(['merge']);
    });

    /** Somebody whom both report, until the other one files an objection: the number of here is on a hidden record. */
    const veiled = async (pid: string, number: string): Promise<void> => {
      const hidden = field(pid, 3, `${number}H^^^HILL^MR`);
      const msh = MSH.replaceAll('RIVER', 'HILL');
      const given = vxu(order(GIVEN, `${number}-1`), { pid: hidden, msh });
      await from(hill, given.replaceAll('RIVER-1', 'HILL-1'));
      await from(river, adt('A28', { pid }));
      expect(await idOf(`${number}H`)).toBe(await idOf(`${number}G`));
      const objects = 'PD1|||||||||||02^Reminder/recall - any method^HL70215|Y|20260401';
      expect(await from(hill, adt('A31', { pid: hidden, msh, more: [objects] }))).toEqual(['AA M1']);
    };

    test('of whom it sees one only look like nobody’s, and the staff alone are told', async () => {
      const { kept, gone } = pair('M5', 'Veiled');
      await veiled(gone, 'M5');
      expect(await from(river, adt('A40', { pid: kept, more: [MRG('M5G')] }))).toEqual(['AA M1']);
      expect(numbersOf(await only('identifier=M5K'))).toEqual(['M5K', 'M5G old']);
      const requesters = (await duplicates('M5K')).map(({ requester }) => requester?.identifier?.value);
      expect([requesters, await seenBy(river, 'M5K')]).toEqual([['fhir-iis'], 0]);
    });

    test('of whom the one is its own record of the other, whom it does not see, are no news', async () => {
      const { gone } = pair('M8', 'Shadowed');
      await veiled(gone, 'M8');
      const own = under(gone, 'M8K');
      expect(await from(river, adt('A28', { pid: own }))).toEqual(['AA M1']);
      expect(await idOf('M8K')).not.toBe(await idOf('M8H'));
      expect(await from(river, adt('A40', { pid: own, more: [MRG('M8G')] }))).toEqual(['AA M1']);
      expect(await duplicates('M8K')).toEqual([]);
    });

    test.each([
      ['no MRG', '', ['MRG 100 E IIS0026']],
      ['an MRG without a number', 'MRG|', ['MRG^1^1 101 E IIS0027']],
      [
        'more numbers than a person has',
        MRG(...Array.from({ length: 21 }, (_, at) => `X${at + 100}`)),
        ['MRG^1^1 102 E IIS0033'],
      ],
      ['a number of another organization', 'MRG|X1^^^HILL^MR', ['MRG^1^1^1 204 E IIS0028']],
      ['a number of the registry', 'MRG|X1^^^FHIR-IIS^MR', ['MRG^1^1^1 204 E IIS0028']],
      [
        'a social security number',
        'MRG|123456789^^^&2.16.840.1.113883.4.1&ISO^SS',
        ['MRG^1^1^1 204 E IIS0028'],
      ],
      ['the number that stays', MRG('X0', 'X2'), ['MRG^1^1^2 205 E IIS0029']],
      ['a number of an authority of which none stays', 'MRG|X1^^^LABORATORY^MR', ['MRG^1^1^1 204 E IIS0030']],
    ])('with %s is rejected as a whole', async (_what, mrg, errors) => {
      const pid = field(person('X2', 'Unwilling'), 13, '');
      const answer = await from(river, adt('A40', { pid, more: mrg === '' ? [] : [mrg] }));
      expect(answer).toEqual(['AE M1', ...errors]);
      expect(await found(w, '/Patient?family=Unwilling')).toEqual([]);
    });

    test('for trying out are checked, and nothing of it is stored', async () => {
      const msh = field(MSH, 11, 'T');
      const pid = person('X3', 'Tentative');
      expect(await from(river, adt('A40', { msh, pid, more: [MRG('X4')] }))).toEqual([
        'AA M1',
        'MSH^1^11 0 I DQA0026',
      ]);
      expect(await from(river, adt('A40', { msh, pid, more: [MRG('X3')] }))).toEqual([
        'AE M1',
        'MRG^1^1^1 205 E IIS0029',
      ]);
      expect(await found(w, '/Patient?family=Tentative')).toEqual([]);
    });
  });
});
