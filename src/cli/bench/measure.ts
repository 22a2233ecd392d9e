/** One scenario, measured: the load client runs it, the processes under load are watched from outside. */
import { fork, type ChildProcess } from 'node:child_process';
import { stopping, type Started } from './child.ts';
import type { Order, Report } from './client.ts';
import type { Measured } from './load.ts';
import type { Usages } from './usage.ts';

export interface Row extends Measured {
  readonly scenario: string;
  /** CPU seconds used while measuring, and what was resident at its end. */
  readonly used: Usages;
  readonly clientCpuSeconds: number;
}

const CLIENT = new URL('./client.ts', import.meta.url);
/** What a client may take beyond its own time before it is ended. */
const GRACE_MS = 60_000;

function between(before: Usages, after: Usages): Usages {
  const server = { ...after.server, cpuSeconds: after.server.cpuSeconds - before.server.cpuSeconds };
  return {
    server,
    mongod: { ...after.mongod, cpuSeconds: after.mongod.cpuSeconds - before.mongod.cpuSeconds },
  };
}

function watch(client: ChildProcess, usage: Usage): Promise<Omit<Row, 'scenario'>> {
  return new Promise((resolve, reject) => {
    let before: Promise<Usages> | undefined;
    let result: Promise<Omit<Row, 'scenario'>> | undefined;
    const finish = async (report: Extract<Report, { done: Measured }>): Promise<Omit<Row, 'scenario'>> => {
      const after = await usage();
      return {
        ...report.done,
        used: between((await before) ?? after, after),
        clientCpuSeconds: report.clientCpuSeconds,
      };
    };
    client.on('message', (message) => {
      const report = message as Report;
      if ('begun' in report) before = usage();
      else result = finish(report);
    });
    client.once('error', reject);
    client.once('exit', (code) => {
      if (result === undefined)
        reject(new Error(`The load client ended without a result (exit code ${code ?? 'none'})`));
      else result.then(resolve, reject);
    });
  });
}

/** What those under load have used until now. */
export type Usage = () => Promise<Usages>;

/** Runs the scenario and tells what it used. Throws an Error where the client ends without a result. */
export async function measure(order: Order, usage: Usage, started: Started): Promise<Row> {
  started.over.throwIfAborted();
  const client = fork(CLIENT, { execArgv: [] });
  stopping(client, started);
  const timer = setTimeout(
    () => client.kill('SIGKILL'),
    (order.warmUpSeconds + order.seconds) * 1000 + GRACE_MS,
  );
  try {
    const seen = watch(client, usage);
    client.send(order);
    return { ...(await seen), scenario: order.scenario };
  } finally {
    clearTimeout(timer);
  }
}
