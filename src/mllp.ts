/** The MLLP listener of a server, as its settings ask for it. */
import { readFile } from 'node:fs/promises';
import { certified } from './auth/certified.ts';
import { LOCAL, type Gate } from './auth/gate.ts';
import type { Config } from './config.ts';
import type { Actor } from './core/context.ts';
import { fail } from './core/failure.ts';
import type { Switches } from './hl7v2/receive.ts';
import { senders } from './hl7v2/senders.ts';
import { MESSAGE_BYTES } from './hl7v2/transports/http.ts';
import { listenMllp, type Asked, type Mllp, type MllpDoor } from './hl7v2/transports/mllp.ts';
import { limiterOf, Throttled, type RateLimits } from './http/limits.ts';
import type { Metrics } from './http/metrics.ts';
import type { Services } from './services.ts';

interface Wanted {
  readonly gate: Gate;
  readonly switches: Switches;
  readonly limits: RateLimits;
  readonly metrics: Pick<Metrics, 'refused'>;
}

const FILES = ['MLLP_CERT', 'MLLP_KEY', 'MLLP_CA'] as const;

/**
 * Opens the listener where MLLP_PORT is set.
 * @throws Failure `invalid-value` for settings with which strangers could send, or no TLS could be spoken
 */
export async function openMllp(
  config: Config,
  services: Services,
  wanted: Wanted,
): Promise<Mllp | undefined> {
  const { MLLP_PORT: port, HOST: host, AUTH } = config;
  if (port === undefined) return undefined;
  const [cert, key, ca] = await Promise.all(FILES.map((name) => fileOf(config, name)));
  if (cert === undefined || key === undefined)
    return fail(
      'invalid-value',
      'MLLP_PORT needs MLLP_CERT and MLLP_KEY: messages are taken over TLS alone.',
    );
  if (ca === undefined && AUTH !== 'none')
    return fail('invalid-value', 'MLLP_PORT needs MLLP_CA: senders prove who they are by certificates.');
  const { rooms } = services;
  const door = {
    rooms,
    senderOf: senders(rooms),
    switches: wanted.switches,
    actorOf: actorsOf(config, services, wanted),
    unproven: () => {
      wanted.metrics.refused('unproven');
    },
  };
  return listenMllp(door, {
    ...{ port, host, cert, key, ...(ca && { ca }) },
    connections: config.MLLP_CONNECTIONS,
    frameBytes: MESSAGE_BYTES,
    idleMs: config.MLLP_IDLE_SECONDS * 1000,
    frameMs: config.REQUEST_SECONDS * 1000,
  });
}

async function fileOf(config: Config, name: (typeof FILES)[number]): Promise<Buffer | undefined> {
  const path = config[name];
  if (path === undefined) return undefined;
  return readFile(path).catch(() => fail('invalid-value', `${name} names a file that cannot be read.`));
}

/**
 * Without authorization there is one caller, as at the other doors. Else an address whose clients are not known waits
 * after some tries; each of those leaves its record.
 */
function actorsOf(
  { AUTH }: Config,
  services: Services,
  { gate, limits, metrics }: Wanted,
): MllpDoor['actorOf'] {
  if (AUTH === 'none') return () => Promise.resolve(LOCAL);
  const ofClient = certified(gate, services);
  const limiter = limiterOf(limits);
  const proven = async (client: string, asked: Asked): Promise<Actor> => {
    const address = asked.from ?? '';
    await limiter.checkAddress(address);
    try {
      return await ofClient(client);
    } catch (error) {
      metrics.refused('unproven');
      await limiter.unproven(address);
      await services.rooms.happened({ what: 'sender', outcome: 'refused', client, ...asked });
      throw error;
    }
  };
  return async (client = '', asked) => {
    const actor = await proven(client, asked).catch((error: unknown) => {
      if (error instanceof Throttled) metrics.refused('address');
      throw error;
    });
    await limiter.checkActor(actor).catch((error: unknown) => {
      metrics.refused('caller');
      throw error;
    });
    return actor;
  };
}
