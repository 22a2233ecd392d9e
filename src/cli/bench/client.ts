/** The load client: a process of its own, so that what it burns is neither the server's nor the floor's. */
import { dice } from '../../sandbox/dice.ts';
import { bodiesFrom } from './bodies.ts';
import { messagesFrom } from './messages.ts';
import { put, type Load, type Measured } from './load.ts';
import { FLOORS, SCENARIOS, type Known } from './scenarios.ts';

export interface Order extends Load {
  readonly scenario: string;
  readonly base: string;
  readonly seed: number;
  readonly run: string;
  readonly warmUpSeconds: number;
  readonly known: Known;
}
/** `begun` comes when the warm-up is over, `done` with what was measured after it. */
export type Report =
  { readonly begun: true } | { readonly done: Measured; readonly clientCpuSeconds: number };

const tell = (report: Report): void => {
  process.send?.(report);
};

async function perform(order: Order): Promise<void> {
  const scenario = { ...SCENARIOS, ...FLOORS }[order.scenario];
  if (scenario === undefined) throw new Error(`There is no scenario ${order.scenario}`);
  const { seed, run } = order;
  const aim = scenario.aim({
    ...order,
    chance: dice(seed),
    bodies: bodiesFrom(seed, run),
    messages: messagesFrom(seed, run),
  });
  await put({ ...order, seconds: order.warmUpSeconds }, aim);
  tell({ begun: true });
  const before = process.cpuUsage();
  const done = await put(order, aim);
  const { user, system } = process.cpuUsage(before);
  tell({ done, clientCpuSeconds: (user + system) / 1e6 });
}

// Without the benchmark nobody waits for the result.
process.once('disconnect', () => process.exit());
process.once('message', (order) => {
  void perform(order as Order).then(() => {
    process.disconnect();
  });
});
