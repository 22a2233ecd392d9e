/** What of a criterion may be repeated in a link: everything but secrets. */
import type { QueryPair } from '../core/context.ts';
import { isSecretSystem } from '../catalog/secret-systems.ts';
import { cutAt, unescaped } from './escape.ts';

const MASK = '***';

function masked(value: string): string {
  const [system, secret] = cutAt('|', value);
  return system !== undefined && secret !== undefined && isSecretSystem(unescaped(system))
    ? `${system}|${MASK}`
    : value;
}

/** The pair with the values of secret systems masked. */
export function withoutSecrets(name: string, value: string): QueryPair {
  return [name, cutAt(',', value).map(masked).join(',')];
}
