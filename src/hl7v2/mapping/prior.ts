/** MRG: the numbers of a person that their sender gives up for those in PID-3 (HL7 v2.5.1, 3.4.10 and 3.3.40). */
import type { Identifier, Patient } from '@medplum/fhirtypes';
import { REGISTRY_NUMBERS } from '../../validation/registry/completion.ts';
import type { Sender } from '../senders.ts';
import type { Repetition, Segment } from '../message.ts';
import type { Reading } from './patient.ts';
import { hdOf, identifierOf, part } from './read.ts';
import { isNobody, isNumber, NPI, SSN } from './systems.ts';

/** Numbers that no sender has given, by what they are (HL7 table 0203) or whose. */
const TYPES_OF_OTHERS: ReadonlySet<string> = new Set(['SS', 'NPI']);
const SYSTEMS_OF_OTHERS: ReadonlySet<string> = new Set([SSN, NPI, REGISTRY_NUMBERS]);

/** Far more than a person has; each is looked up. */
const MOST = 20;

/**
 * The numbers of MRG-1; undefined where one of them is not the sender's to give up, which has been reported: of two numbers
 * that are one person's it can speak only where both are its own.
 * @param kept the person of PID
 */
export async function priorNumbers(
  reading: Reading,
  mrg: Segment | undefined,
  { identifier: kept = [] }: Patient,
  whose: Sender['whose'],
): Promise<readonly Identifier[] | undefined> {
  const { report } = reading.findings;
  if (mrg === undefined) {
    report('mrg-missing', 'MRG');
    return undefined;
  }
  if (mrg.field(1).length > MOST) {
    report('prior-id-many', mrg, { field: 1 });
    return undefined;
  }
  const read = await Promise.all(mrg.field(1).map((each) => priorNumber(reading, each, kept, whose)));
  if (read.every((each) => each === 'none')) report('prior-id-missing', mrg, { field: 1 });
  const faults = read.map((each) => (typeof each === 'string' && each !== 'none' ? each : undefined));
  for (const [at, fault] of faults.entries())
    if (fault !== undefined) report(fault, mrg, { field: 1, repetition: at + 1 });
  const numbers = read.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  return numbers.length === 0 || faults.some((each) => each !== undefined) ? undefined : numbers;
}

type Fault = 'prior-id-foreign' | 'prior-id-kept' | 'prior-id-alone';

async function priorNumber(
  reading: Reading,
  repetition: Repetition,
  kept: readonly Identifier[],
  whose: Sender['whose'],
): Promise<Identifier | Fault | 'none'> {
  const number = identifierOf(repetition, reading.facility);
  if (number === undefined) return 'none';
  if (await isOfOthers(reading, repetition, number, whose)) return 'prior-id-foreign';
  if (kept.some(isNumber(number))) return 'prior-id-kept';
  return kept.some(({ system }) => system === number.system) ? { ...number, use: 'old' } : 'prior-id-alone';
}

async function isOfOthers(
  { facility }: Reading,
  repetition: Repetition,
  { system = '' }: Identifier,
  whose: Sender['whose'],
): Promise<boolean> {
  if (TYPES_OF_OTHERS.has(part(repetition, 5)) || SYSTEMS_OF_OTHERS.has(system)) return true;
  const sent = hdOf(repetition, 4);
  const { namespace, universal } = isNobody(sent) ? facility : sent;
  return (await whose?.(namespace || universal)) === 'foreign';
}
