/** RXA-11: a dose that the sender gave was given at a site of its own; nobody reports for the sites of others. */
import type { Findings } from './findings.ts';
import type { Order } from './mapping/order.ts';
import type { Sender } from './senders.ts';

interface Sent {
  readonly findings: Findings;
  readonly whose?: Sender['whose'] & {};
}

/** The orders but for those given at sites of other organisations; what is to be said of sites has been reported. */
export async function withoutForeign(
  { findings, whose }: Sent,
  orders: readonly Order[],
): Promise<readonly Order[]> {
  if (whose === undefined) return orders;
  const kept: Order[] = [];
  for (const order of orders) {
    const site = siteOf(order);
    const is = site === undefined ? 'own' : await whose(site);
    const { rxa = 'RXA' } = order.group;
    if (is === 'foreign') findings.report('place-foreign', rxa, { field: 11 });
    else kept.push(order);
    if (is === 'unknown') findings.report('place-unrecognized', rxa, { field: 11 });
  }
  return kept;
}

const siteOf = ({ dose }: Order): string | undefined =>
  dose?.primarySource === true ? dose.location?.identifier?.value : undefined;
