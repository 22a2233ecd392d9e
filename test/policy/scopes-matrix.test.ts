/** Scope × interaction × surface: what a token opens, it opens everywhere, and what it does not, nowhere. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { guarded, withScope } from '../auth/bearer.ts';
import { type Reply, type Seen } from '../world/requests.ts';
import { dose, patient } from '../world/resources.ts';
import type { World } from '../world/world.ts';

let w: World;
let ana: Seen;
beforeAll(async () => {
  w = await guarded();
  ana = await made('Patient', patient());
});
afterAll(() => w.end());

const everything = (): ReturnType<typeof withScope> => withScope(w, 'system/*.cruds');

async function made(type: string, body: object): Promise<Seen> {
  const reply = await everything()('POST', `/${type}`, { body });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.body;
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One interaction on a dose that is there: what it needs, and how it is asked. */
interface Case {
  readonly needs: string;
  readonly ask: (stored: Seen) => Asked;
}

const PATCH = [{ op: 'add', path: '/lotNumber', value: 'B2' }];
const patchBody = Buffer.from(JSON.stringify(PATCH)).toString('base64');
const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
const noSuch = 'identifier=urn:test|none';

const CASES: Readonly<Record<string, Case>> = {
  read: { needs: 'r', ask: ({ id }) => ({ method: 'GET', url: `Immunization/${id}` }) },
  vread: { needs: 'r', ask: ({ id }) => ({ method: 'GET', url: `Immunization/${id}/_history/1` }) },
  'history-instance': {
    needs: 'r',
    ask: ({ id }) => ({ method: 'GET', url: `Immunization/${id}/_history` }),
  },
  'history-type': { needs: 's', ask: () => ({ method: 'GET', url: 'Immunization/_history' }) },
  search: { needs: 's', ask: () => ({ method: 'GET', url: `Immunization?patient=${ana.id}` }) },
  'search by id': { needs: 's', ask: ({ id }) => ({ method: 'GET', url: `Immunization?_id=${id}` }) },
  create: { needs: 'c', ask: () => ({ method: 'POST', url: 'Immunization', body: dose(ana.id) }) },
  'conditional create': {
    needs: 'cs',
    ask: () => ({
      ...{ method: 'POST', url: 'Immunization', body: dose(ana.id) },
      headers: { 'if-none-exist': noSuch },
    }),
  },
  update: {
    needs: 'u',
    ask: ({ id }) => ({
      method: 'PUT',
      url: `Immunization/${id}`,
      body: dose(ana.id, { id, lotNumber: 'A1' }),
    }),
  },
  'conditional update': {
    needs: 'us',
    ask: ({ id }) => ({
      ...{ method: 'PUT', url: `Immunization?_id=${id}` },
      body: dose(ana.id, { id, lotNumber: 'A1' }),
    }),
  },
  patch: {
    needs: 'u',
    ask: ({ id }) => ({ method: 'PATCH', url: `Immunization/${id}`, body: PATCH, headers: JSON_PATCH }),
  },
  delete: { needs: 'd', ask: ({ id }) => ({ method: 'DELETE', url: `Immunization/${id}` }) },
  'delete of what is not there': { needs: 'd', ask: () => ({ method: 'DELETE', url: 'Immunization/none' }) },
  'conditional delete': {
    needs: 'ds',
    ask: ({ id }) => ({ method: 'DELETE', url: `Immunization?_id=${id}` }),
  },
};

type Send = ReturnType<typeof withScope>;

function entryOf({ method, url, body, headers = {} }: Asked): object {
  const exist = headers['if-none-exist'];
  const isPatch = method === 'PATCH';
  const binary = { resourceType: 'Binary', contentType: JSON_PATCH['content-type'], data: patchBody };
  return {
    ...(body !== undefined && { resource: isPatch ? binary : body }),
    request: { method, url, ...(exist !== undefined && { ifNoneExist: exist }) },
  };
}

const bundled = (send: Send, type: string, asked: Asked): Promise<Reply> =>
  send('POST', '', { body: { resourceType: 'Bundle', type, entry: [entryOf(asked)] } });

/** Each surface: the status that the interaction comes to. */
const SURFACES: Readonly<Record<string, (send: Send, asked: Asked) => Promise<number>>> = {
  itself: async (send, { method, url, body, headers }) =>
    (
      await send(method, `/${url}`, {
        ...(body && { body: JSON.stringify(body) }),
        ...(headers && { headers: { 'content-type': 'application/fhir+json', ...headers } }),
      })
    ).status,
  batch: async (send, asked) => {
    const { body } = await bundled(send, 'batch', asked);
    return Number(body.entry?.[0]?.response?.status.slice(0, 3));
  },
  transaction: async (send, asked) => (await bundled(send, 'transaction', asked)).status,
};

const LETTERS = Array.from('cruds');

describe.each(Object.keys(SURFACES))('through %s', (surface) => {
  describe.each(Object.entries(CASES))('%s', (_name, { needs, ask }) => {
    const tried = async (scope: string): Promise<number> => {
      const stored = await made('Immunization', dose(ana.id));
      const status = await SURFACES[surface]?.(withScope(w, scope), ask(stored));
      return status ?? 0;
    };

    test('is open to a scope with the letters that it needs', async () => {
      expect(await tried(`system/Immunization.${needs}`)).toBeLessThan(300);
      expect(await tried(`system/*.${needs}`)).toBeLessThan(300);
    });

    test('is closed to a scope that lacks one of them', async () => {
      for (const lacking of needs) {
        const rest = LETTERS.filter((letter) => letter !== lacking).join('');
        expect(await tried(`system/Immunization.${rest}`)).toBe(403);
      }
    });

    test('is closed to scopes of other types, and to none', async () => {
      expect(await tried('system/Patient.cruds system/ImmunizationRecommendation.cruds')).toBe(403);
      expect(await tried('openid')).toBe(403);
    });
  });
});

describe('a refusal for want of scope', () => {
  test('says so in its header, and what is missing in its outcome', async () => {
    const reply = await withScope(w, 'system/Patient.r')('GET', `/Immunization?patient=${ana.id}`);
    expect(reply.status).toBe(403);
    expect(reply.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(reply.body.issue?.[0]?.code).toBe('forbidden');
  });

  test('is the same for what is there and what is not', async () => {
    const stored = await made('Immunization', dose(ana.id));
    const send = withScope(w, 'system/Patient.cruds');
    const [there, absent] = await Promise.all([
      send('GET', `/Immunization/${stored.id}`),
      send('GET', '/Immunization/none'),
    ]);
    expect([there.status, there.text]).toEqual([absent.status, absent.text]);
  });

  test('of one entry undoes a transaction and leaves a batch its others', async () => {
    const entry = [
      { request: { method: 'POST', url: 'Patient' }, resource: patient() },
      {
        request: { method: 'POST', url: 'Organization' },
        resource: { resourceType: 'Organization', name: 'X' },
      },
    ];
    const send = withScope(w, 'system/Patient.cs');
    const before = (await send('GET', '/Patient?_summary=count')).body.total;
    const transaction = await send('POST', '', {
      body: { resourceType: 'Bundle', type: 'transaction', entry },
    });
    expect(transaction.status).toBe(403);
    expect((await send('GET', '/Patient?_summary=count')).body.total).toBe(before);
    const batch = await send('POST', '', { body: { resourceType: 'Bundle', type: 'batch', entry } });
    expect(batch.body.entry?.map(({ response }) => response?.status.slice(0, 3))).toEqual(['201', '403']);
  });
});

describe('version 1 scopes', () => {
  test.each([
    ['read', 'rs'],
    ['write', 'cud'],
    ['*', 'cruds'],
  ])('.%s opens .%s', async (word, letters) => {
    for (const { needs, ask } of Object.values(CASES)) {
      const stored = await made('Immunization', dose(ana.id));
      const status = await SURFACES['itself']?.(withScope(w, `system/Immunization.${word}`), ask(stored));
      expect(status === 403).toBe(Array.from(needs).some((letter) => !letters.includes(letter)));
    }
  });
});
