/** Two records of one person become one, whoever comes by the old id is led to it, and all of it can be taken back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { brother, CLINIC_MRN, maya, mayaAgain } from '../../interactions/placing/people.ts';
import { call, idsIn, made, type Reply, type Seen } from '../../world/requests.ts';
import { dose } from '../../world/resources.ts';
import { world, type World } from '../../world/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

let first: Seen;
let second: Seen;
let doseOfFirst: Seen;
let doseOfSecond: Seen;
beforeEach(async () => {
  first = await made(w, maya());
  second = await made(w, mayaAgain());
  doseOfFirst = await made(w, dose(first.id));
  doseOfSecond = await made(w, dose(second.id, { occurrenceDateTime: '2025-01-05', lotNumber: 'B7' }));
});

const side = (name: string, id: string): object => ({
  name,
  valueReference: { reference: `Patient/${id}` },
});
const asked = (operation: string, ...parameter: object[]): Promise<Reply> =>
  call(w, 'POST', `/Patient/$${operation}`, { body: { resourceType: 'Parameters', parameter } });
const merge = (source: string, target: string, ...more: object[]): Promise<Reply> =>
  asked('merge', side('source-patient', source), side('target-patient', target), ...more);
const unmerge = (source: string): Promise<Reply> => asked('unmerge', side('source-patient', source));
const read = async (path: string): Promise<Seen> => (await call(w, 'GET', path)).body;
const content = ({ meta: _meta, ...rest }: Seen): object => rest;

describe('a merge', () => {
  test('unites identifiers and names, moves doses, and leaves both records with their history', async () => {
    const { status } = await merge(second.id, first.id, { name: 'reason', valueString: 'Same child.' });
    expect(status).toBe(200);
    const survivor = await read(`/Patient/${first.id}`);
    expect(survivor['identifier']).toContainEqual({ system: CLINIC_MRN, value: 'L-77' });
    expect(survivor['link']).toEqual([{ other: { reference: `Patient/${second.id}` }, type: 'replaces' }]);
    expect((await read(`/Immunization/${doseOfSecond.id}`))['patient']).toEqual({
      reference: `Patient/${first.id}`,
    });
    const past = await read(`/Patient/${second.id}/_history`);
    expect(past.entry?.map(({ resource }) => resource?.['active'])).toEqual([false, undefined]);
    const why = await read(`/Provenance?target=Patient/${second.id}`);
    expect(why.entry?.[0]?.resource).toMatchObject({
      activity: { coding: [{ code: 'merge' }] },
      reason: [{ text: 'Same child.' }],
    });
  });

  test('settles the task that asks whether these two are one person, and an undo asks again', async () => {
    const code = 'https://fhir-iis.org/fhir/CodeSystem/registry-task';
    const task = await made(w, {
      ...{ resourceType: 'Task', status: 'requested', intent: 'order' },
      code: { coding: [{ system: code, code: 'possible-duplicate' }] },
      for: { reference: `Patient/${first.id}` },
      input: [
        {
          type: { coding: [{ system: code, code: 'candidate' }] },
          valueReference: { reference: `Patient/${second.id}` },
        },
      ],
    });
    const statusOf = async (): Promise<unknown> => (await read(`/Task/${task.id}`))['status'];
    await merge(second.id, (await made(w, brother())).id);
    expect(await statusOf()).toBe('requested');
    await unmerge(second.id);
    await merge(second.id, first.id);
    expect(await statusOf()).toBe('completed');
    await unmerge(second.id);
    expect(await statusOf()).toBe('requested');
  });

  test('leads whoever comes by the old id to the survivor', async () => {
    await merge(second.id, first.id);
    const survivor = await read(`/Patient/${first.id}`);
    expect(await read(`/Patient/${second.id}`)).toEqual(survivor);
    const doses = [doseOfFirst.id, doseOfSecond.id].sort();
    for (const path of [
      `/Immunization?patient=${second.id}`,
      `/Immunization?patient=Patient/${second.id}`,
      `/Patient/${second.id}/Immunization`,
    ])
      expect([path, idsIn(await read(path)).sort()]).toEqual([path, doses]);
    expect(idsIn(await read(`/Patient?_id=${second.id}`))).toEqual([first.id]);
    expect((await read(`/Immunization?patient=${second.id}&_summary=count`)).total).toBe(2);
    expect(idsIn(await read(`/Patient?identifier=${CLINIC_MRN}|L-77&family=Okonkwo`))).toContain(first.id);
    expect(idsIn(await read(`/Patient/${second.id}/$everything`))).toContain(doseOfFirst.id);
  });

  test('lets what is written to the old id go to the survivor', async () => {
    await merge(second.id, first.id);
    const late = await made(w, dose(second.id, { occurrenceDateTime: '2026-02-02' }));
    expect(late['patient']).toEqual({ reference: `Patient/${first.id}` });
    const body = { ...second, link: undefined, telecom: undefined };
    const put = await call(w, 'PUT', `/Patient/${second.id}`, { body });
    expect([put.status, put.body.id]).toEqual([200, first.id]);
    expect((await call(w, 'DELETE', `/Patient/${second.id}`)).status).toBe(409);
  });

  test('loses no dose that is posted to either record while it is done, and an undo neither', async () => {
    const post = (of: Seen, day: number) =>
      call(w, 'POST', '/Immunization', {
        body: dose(of.id, { occurrenceDateTime: `2024-04-0${day}`, lotNumber: `R${day}` }),
      });
    const during = (act: () => Promise<Reply>) =>
      Promise.all([post(second, 1), post(first, 2), act(), post(second, 3), post(first, 4)]);
    const done = await during(() => merge(second.id, first.id));
    const sent = [
      doseOfFirst.id,
      doseOfSecond.id,
      ...done.filter((_, at) => at !== 2).map(({ body }) => body.id),
    ];
    expect(done.map(({ status }) => status)).toEqual([201, 201, 200, 201, 201]);
    expect(idsIn(await read(`/Immunization?patient=${first.id}`)).sort()).toEqual([...sent].sort());
    expect(
      await w.services.connection.collection('Immunization').countDocuments({ patients: second.id }),
    ).toBe(0);
    const undone = await during(() => unmerge(second.id));
    const all = [...sent, ...undone.filter((_, at) => at !== 2).map(({ body }) => body.id)];
    expect(undone.map(({ status }) => status)).toEqual([201, 201, 200, 201, 201]);
    const found = await Promise.all([first, second].map(({ id }) => read(`/Immunization?patient=${id}`)));
    expect(found.flatMap(idsIn).sort()).toEqual(all.sort());
  });

  test('finds nobody by the old record: not by $match, not by name', async () => {
    await merge(second.id, first.id);
    const found = await call(w, 'POST', '/Patient/$match', {
      body: { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: mayaAgain() }] },
    });
    expect(idsIn(found.body)).not.toContain(second.id);
    expect(idsIn(await read('/Patient?family=Okonkwo'))).not.toContain(second.id);
  });

  test('is shown and not done as a preview', async () => {
    const { body } = await merge(second.id, first.id, { name: 'preview', valueBoolean: true });
    expect(body['parameter']).toMatchObject([{ name: 'return', resource: { id: first.id } }]);
    expect((await read(`/Patient/${first.id}`)).meta.versionId).toBe('1');
  });

  test('keeps a social security number that only the other record has', async () => {
    const ssn = { system: 'http://hl7.org/fhir/sid/us-ssn', value: '987-65-4320' };
    const third = await made(w, brother({ identifier: [ssn] }));
    await merge(third.id, first.id);
    const { body, text } = await call(w, 'POST', '/Patient/_search', {
      body: `identifier=${encodeURIComponent('http://hl7.org/fhir/sid/us-ssn|987654320')}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(idsIn(body)).toContain(first.id);
    expect(text).not.toContain('4320');
    await unmerge(third.id);
    expect(JSON.stringify(await read(`/Patient/${first.id}`))).not.toContain('us-ssn');
  });
});

describe('an undo', () => {
  test('restores both records and the doses exactly', async () => {
    await merge(second.id, first.id);
    expect((await unmerge(second.id)).status).toBe(200);
    expect(content(await read(`/Patient/${first.id}`))).toEqual(content(first));
    expect(content(await read(`/Patient/${second.id}`))).toEqual(content(second));
    expect(content(await read(`/Immunization/${doseOfSecond.id}`))).toEqual(content(doseOfSecond));
    expect(idsIn(await read(`/Immunization?patient=${second.id}`))).toEqual([doseOfSecond.id]);
    expect(idsIn(await read(`/Immunization?patient=${first.id}`))).toEqual([doseOfFirst.id]);
  });

  test('keeps what was changed since, and what came since', async () => {
    await merge(second.id, first.id);
    const moved = await read(`/Immunization/${doseOfSecond.id}`);
    await call(w, 'PUT', `/Immunization/${moved.id}`, { body: { ...moved, lotNumber: 'B8' } });
    const survivor = await read(`/Patient/${first.id}`);
    await call(w, 'PUT', `/Patient/${first.id}`, { body: { ...survivor, gender: 'other' } });
    const later = await made(w, dose(first.id, { occurrenceDateTime: '2026-03-03' }));
    await unmerge(second.id);
    expect(await read(`/Immunization/${moved.id}`)).toMatchObject({
      lotNumber: 'B8',
      patient: { reference: `Patient/${second.id}` },
    });
    expect(content(await read(`/Patient/${first.id}`))).toEqual({ ...content(first), gender: 'other' });
    expect(idsIn(await read(`/Immunization?patient=${first.id}`)).sort()).toEqual(
      [doseOfFirst.id, later.id].sort(),
    );
  });

  test('and a merge can follow each other', async () => {
    await merge(second.id, first.id);
    await unmerge(second.id);
    expect((await merge(first.id, second.id)).status).toBe(200);
    expect((await read(`/Patient/${first.id}`)).id).toBe(second.id);
    await unmerge(first.id);
    expect(content(await read(`/Patient/${first.id}`))).toEqual(content(first));
  });
});

describe('merges of several', () => {
  test('lead on from survivor to survivor, and are taken back from the last', async () => {
    const third = await made(w, maya());
    await merge(second.id, first.id);
    await merge(first.id, third.id);
    expect((await read(`/Patient/${second.id}`)).id).toBe(third.id);
    expect(idsIn(await read(`/Immunization?patient=${second.id}`))).toHaveLength(2);
    expect((await unmerge(second.id)).status).toBe(409);
    expect((await unmerge(first.id)).status).toBe(200);
    expect((await unmerge(second.id)).status).toBe(200);
    expect(idsIn(await read(`/Immunization?patient=${second.id}`))).toEqual([doseOfSecond.id]);
  });

  test('at once never form a cycle', async () => {
    const third = await made(w, maya());
    const ids = [first.id, second.id, third.id];
    await Promise.all(ids.map((id, at) => merge(id, ids[(at + 1) % 3] ?? '')));
    const ends = await Promise.all(ids.map(async (id) => (await read(`/Patient/${id}`)).id));
    expect(new Set(ends).size).toBe(1);
    expect(ids).toContain(ends[0]);
  });
});

test.each([
  ['into itself', () => merge(first.id, first.id), 422],
  ['of nobody', () => merge('nobody', first.id), 404],
  ['without a target', () => asked('merge', side('source-patient', first.id)), 422],
  [
    'of a record that was merged already',
    async () => {
      await merge(second.id, first.id);
      return merge(second.id, (await made(w, brother())).id);
    },
    409,
  ],
])('a merge %s is refused', async (_what, attempt, status) => {
  expect((await attempt()).status).toBe(status);
});

test('taking back what was not merged is refused', async () => {
  expect((await unmerge(first.id)).status).toBe(422);
});
