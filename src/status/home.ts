/** Whether somebody lives in the jurisdiction, as far as the addresses say. */
import type { Address, Patient } from '@medplum/fhirtypes';

const ELSEWHERE: ReadonlySet<Address['use']> = new Set(['old', 'temp', 'work', 'billing']);
const HERE: ReadonlySet<string> = new Set(['', 'US', 'USA', 'UNITED STATES']);
const plain = (text = ''): string => text.trim().toUpperCase();

/**
 * @param states how the states of the jurisdiction are written in an address
 * @param today civil day
 * @returns undefined where no address of today names a state or another country
 */
export function homeOf(
  { address = [] }: Patient,
  states: readonly string[],
  today: string,
): 'inside' | 'outside' | undefined {
  const current = address.filter(
    ({ use, period }) => !ELSEWHERE.has(use) && (period?.end === undefined || period.end >= today),
  );
  const places = current
    .map(({ state, country }) => ({ state: plain(state), isHere: HERE.has(plain(country)) }))
    .filter(({ state, isHere }) => state !== '' || !isHere);
  if (places.length === 0) return undefined;
  const known = states.map(plain);
  return places.some(({ state, isHere }) => isHere && known.includes(state)) ? 'inside' : 'outside';
}
