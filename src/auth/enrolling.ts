/** In a sandbox whoever is made takes part at once: clients that register, accounts that are ready-made. */
import type { Pretended } from '../participants/pretended.ts';
import type { Accounts } from '../storage/accounts.ts';
import { factsOf, type Parts } from './server/parts.ts';

type Pretend = (pretended: Pretended) => Promise<void>;

/** In a sandbox a client takes part as soon as it is there. */
export const enrolling =
  (adapters: Parts['adapters'], pretendHere: Pretend): Parts['adapters'] =>
  (model) => {
    const adapter = adapters(model);
    if (model !== 'Client') return adapter;
    return {
      ...adapter,
      upsert: async (id, payload, seconds) => {
        await adapter.upsert(id, payload, seconds);
        const { role, organization } = factsOf(payload);
        await pretendHere({
          ...{ id, what: 'client' },
          ...(role !== undefined && { role }),
          ...(organization !== undefined && { organization }),
        });
      },
    };
  };

/** And so does an account. */
export const enrollingAccounts = (accounts: Accounts, pretendHere: Pretend): Accounts => ({
  ...accounts,
  put: async (account) => {
    await accounts.put(account);
    const { _id: id, role, organization, patients } = account;
    await pretendHere({
      ...{ id, what: 'person', role },
      ...(organization !== undefined && { organization }),
      ...(patients !== undefined && { patients }),
    });
  },
});
