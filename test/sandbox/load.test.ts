import { describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { load, type Loaded } from '../../src/sandbox/load.ts';
import type { Truth } from '../../src/sandbox/truth.ts';
import { referencesIn, TODAY } from './worlds.ts';

/** A door that takes everything: ids in the order of arrival, and what was under way at once. */
function door(): {
  readonly sent: Bundle[];
  readonly most: () => number;
  readonly send: (bundle: Bundle) => Promise<Bundle>;
} {
  const sent: Bundle[] = [];
  let [ids, under, most] = [0, 0, 0];
  const send = async (bundle: Bundle): Promise<Bundle> => {
    sent.push(bundle);
    under += 1;
    most = Math.max(most, under);
    await new Promise((done) => setImmediate(done));
    under -= 1;
    const entry = (bundle.entry ?? []).map(({ resource }) => ({
      response: {
        status: '201',
        location: `https://iis.example/fhir/${resource?.resourceType ?? ''}/${(ids += 1)}/_history/1`,
      },
    }));
    return { resourceType: 'Bundle', type: 'transaction-response', entry };
  };
  return { sent, most: () => most, send };
}

const asked = { seed: 4, people: 40, today: TODAY };

describe('A load', () => {
  test('sends the whole world and says what it stored', async () => {
    const { sent, send } = door();
    const loaded = await load({ ...asked, send });
    expect(loaded.people).toBe(40);
    expect(loaded.records).toBeGreaterThanOrEqual(40);
    expect(loaded.organizations + loaded.records).toBe(sent.length);
    expect(loaded.resources).toBe(sent.flatMap((bundle) => bundle.entry ?? []).length);
  });

  test('refers to organisations by the ids that the server gave them', async () => {
    const { sent, send } = door();
    const { organizations } = await load({ ...asked, send });
    const references = sent.slice(organizations).flatMap((bundle) => [...referencesIn(bundle)]);
    expect(references.length).toBeGreaterThan(1000);
    expect(
      references.filter(
        (reference) => !/^(urn:uuid:|(Organization|Location|Practitioner)\/\d+$)/.test(reference),
      ),
    ).toEqual([]);
  });

  test('refers to them by condition where the server told no ids', async () => {
    const sent: Bundle[] = [];
    const { organizations } = await load({
      ...asked,
      send: (bundle) => Promise.resolve(void sent.push(bundle)).then(() => undefined),
    });
    const references = sent.slice(organizations).flatMap((bundle) => [...referencesIn(bundle)]);
    expect(
      references.filter(
        (reference) => !/^(urn:uuid:|(Organization|Location|Practitioner)\?identifier=)/.test(reference),
      ),
    ).toEqual([]);
  });

  test('has as many transactions under way as asked for, and organisations one by one', async () => {
    const many = door();
    await load({ ...asked, send: many.send, parallelism: 6 });
    expect(many.most()).toBe(6);
    const nobody = door();
    await load({ ...asked, people: 0, send: nobody.send, parallelism: 6 });
    expect(nobody.most()).toBe(1);
  });

  test('tells the truth of each record with the ids of the server', async () => {
    const { send } = door();
    const truths: Truth[] = [];
    const { records } = await load({ ...asked, send, truth: (truth) => void truths.push(truth) });
    expect(truths).toHaveLength(records);
    for (const truth of truths) {
      expect(truth.ids?.patient).toMatch(/^Patient\/\d+$/);
      expect(truth.ids?.doses).toHaveLength(truth.doses.length);
      expect(truth.ids?.doses.every((id) => id.startsWith('Immunization/'))).toBe(true);
    }
  });

  test('tells how far it is after each transaction', async () => {
    const { sent, send } = door();
    const heard: Loaded[] = [];
    await load({ ...asked, send, progress: (done) => void heard.push(done) });
    expect(heard).toHaveLength(sent.length);
    expect(heard.at(-1)?.people).toBe(40);
  });

  test('ends with what went wrong and sends little more', async () => {
    const { sent, send } = door();
    const failing = (bundle: Bundle): Promise<Bundle> =>
      sent.length < 60 ? send(bundle) : Promise.reject(new Error('no room'));
    await expect(load({ ...asked, people: 400, send: failing })).rejects.toThrow('no room');
    expect(sent).toHaveLength(60);
  });
});
