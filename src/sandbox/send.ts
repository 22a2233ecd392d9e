/** The sandbox's way in: the door that every request takes, so that nothing synthetic is stored unjudged. */
import type { Bundle } from '@medplum/fhirtypes';
import type { Answer, Ask } from '../core/context.ts';
import { ownAsk, REGISTRY_ACTOR } from '../interactions/own-ask.ts';

/** What is asked of a server's rooms. */
interface Door {
  readonly handle: (ask: Ask) => Promise<Answer>;
  readonly newId: () => string;
}

/** Sends transactions as the registry itself. */
export const sendingTo =
  ({ handle, newId }: Door) =>
  async (bundle: Bundle): Promise<Bundle> => {
    const answer = await handle(
      ownAsk(
        { newId },
        {
          interaction: 'transaction',
          actor: { ...REGISTRY_ACTOR, client: 'sandbox' },
          body: { kind: 'resource', resource: bundle },
        },
      ),
    );
    return JSON.parse(answer.body ?? '{}') as Bundle;
  };
