/** An order group as a dose, as a refusal, or as what was observed (HL7 v2-to-FHIR: ORC, RXA, RXR, OBX). */
import type { Immunization } from '@medplum/fhirtypes';
import { isInFuture } from '../../validation/registry/dates.ts';
import type { OrderGroup } from '../groups.ts';
import type { Segment } from '../message.ts';
import { dateOf, dateTimeOf } from '../time.ts';
import { administrationOf } from './administration.ts';
import { observationsOf, type Observed } from './observations.ts';
import type { Reading } from './patient.ts';
import { doseSystem } from './dose-numbers.ts';
import { performersOf } from './performers.ts';
import { remarkDose } from './plausible.ts';
import { assignerOf, conceptOf, eiAuthorityOf, filled, part } from './read.ts';
import { coding, isNobody, systemOf, table } from './systems.ts';
import { isOwnIn, refusalOf, sourceOf } from './source.ts';
import { doseExtrasOf } from './under-dose.ts';
import { NO_VACCINE, vaccineIn, type VaccineRead } from './vaccine.ts';

export type Action = 'A' | 'U' | 'D';

/** The number that a sender has for an event. */
export interface EventNumber {
  readonly system: string;
  readonly value: string;
}

/** A dose or refusal without the person whose it is. */
export type Dose = Omit<Immunization, 'patient'>;

export interface Order {
  readonly group: OrderGroup;
  readonly action: Action;
  /** Undefined where the order tells observations only. */
  readonly dose?: Dose;
  /** What the dose was told to be, whether or not it is withdrawn now. */
  readonly reported?: Dose['status'];
  /** The event's identity; undefined where ORC-3 says nothing, as for refusals. */
  readonly number?: EventNumber;
  readonly observed: readonly Observed[];
}

export interface Person {
  readonly birthDate: string;
  readonly deathDate?: string;
}

/** What reading an order needs to know beside the rest. */
export interface OrderReading extends Reading {
  readonly person: Person;
  /** Before 2.5.1 an order needs no ORC. */
  readonly isOld: boolean;
  /** When the message was made. */
  readonly sentOn?: string;
  /** PV1-20, where eligibility stood before it was said for each dose. */
  readonly visitEligibility: string;
}

/** The order; undefined where the group was dropped, and why has been reported. */
export function orderOf(reading: OrderReading, group: OrderGroup): Order | undefined {
  const { findings } = reading;
  const { orc, rxa } = group;
  const missing = (name: 'orc-missing' | 'rxa-missing', segment: string): void => {
    findings.add({ name, severity: 'E', location: { segment, sequence: group.at } });
  };
  if (rxa === undefined) missing('rxa-missing', 'RXA');
  if (orc === undefined && !reading.isOld) missing('orc-missing', 'ORC');
  if (rxa === undefined || (orc === undefined && !reading.isOld)) return undefined;
  const told = toldIn(reading, rxa);
  const isNumbered = orc === undefined || hasNumber(reading, orc);
  return told === undefined || !isNumbered ? undefined : built(reading, group, told);
}

/** What an order must say; undefined where it does not, and every fault has been reported. */
function toldIn(reading: OrderReading, rxa: Segment): Told | undefined {
  const [action, completion] = [actionOf(reading, rxa), completionOf(reading, rxa)];
  const needsDay = completion !== undefined && isGivenBy(completion) && isOwnIn(rxa);
  const [date, vaccine] = [occurrenceOf(reading, rxa, needsDay), vaccineIn(reading, rxa)];
  const isMeasured = hasAmount(reading, rxa);
  if (action === undefined || completion === undefined || !isMeasured) return undefined;
  if (date === undefined || vaccine === undefined) return undefined;
  return { rxa, action, completion: completionFor(reading, rxa, completion, vaccine), date, vaccine };
}

interface Told {
  readonly rxa: Segment;
  readonly action: Action;
  readonly completion: Completion | 'none';
  readonly date: string;
  readonly vaccine: VaccineRead;
}

function built(reading: OrderReading, group: OrderGroup, told: Told): Order {
  const { action, completion, date } = told;
  const observed = observationsOf(reading, group.observations, date, completion !== 'none');
  if (completion === 'none') return { group, action, observed };
  const number = numberOf(reading, group, completion);
  const dose = doseOf(reading, group, { ...told, completion }, number);
  const reported = isGivenBy(completion) ? 'completed' : 'not-done';
  return { group, action, dose, reported, ...(number && { number }), observed };
}

function actionOf({ findings }: Reading, rxa: Segment): Action | undefined {
  const sent = rxa.value(21).toUpperCase();
  if (sent === '' || sent === 'A') return 'A';
  if (sent === 'U' || sent === 'D') return sent;
  findings.report('action-unrecognized', rxa, { field: 21 });
  return undefined;
}

export type Completion = 'CP' | 'PA' | 'RE' | 'NA';

const isGivenBy = (completion: Completion): boolean => completion === 'CP' || completion === 'PA';

/** Empty stands for complete, unless the other fields say that nothing was given. */
function completionOf({ findings }: Reading, rxa: Segment): Completion | undefined {
  const sent = rxa.value(20).toUpperCase();
  if (sent === 'CP' || sent === 'PA' || sent === 'RE' || sent === 'NA') return sent;
  if (sent === '') return rxa.value(5) === NO_VACCINE ? 'NA' : rxa.value(18) === '' ? 'CP' : 'RE';
  findings.report('completion-unrecognized', rxa, { field: 20 });
  return undefined;
}

/** CVX 998 says that there is no dose, only what is observed under it. */
function completionFor(
  { findings }: Reading,
  rxa: Segment,
  completion: Completion,
  { cvx }: VaccineRead,
): Completion | 'none' {
  if (cvx !== NO_VACCINE) return completion;
  if (completion === 'NA') return 'none';
  findings.report('vaccine-none', rxa, { field: 5 });
  return completion === 'RE' ? 'RE' : 'none';
}

function occurrenceOf(reading: OrderReading, rxa: Segment, needsDay: boolean): string | undefined {
  const { findings, now, person } = reading;
  const text = rxa.value(3);
  const date = dateOf(text);
  const place = { field: 3 };
  if (text === '') findings.report('admin-date-missing', rxa, place);
  else if (date === undefined) findings.report('admin-date-invalid', rxa, place);
  else if (isInFuture(dateTimeOf(text), now)) findings.report('admin-date-future', rxa, place);
  else if (date < person.birthDate.slice(0, date.length))
    findings.report('admin-date-before-birth', rxa, place);
  else if (person.deathDate !== undefined && date.slice(0, person.deathDate.length) > person.deathDate)
    findings.report('admin-date-after-death', rxa, place);
  else if (needsDay && date.length < 10) findings.report('admin-date-imprecise-own', rxa, place);
  else {
    remarkDate(reading, rxa, date);
    return dateTimeOf(text);
  }
  return undefined;
}

/** What is odd about a date that is taken. */
function remarkDate({ findings: { report }, sentOn }: OrderReading, rxa: Segment, date: string): void {
  const end = dateOf(rxa.value(4));
  if (date.length < 10) report('admin-date-imprecise', rxa, { field: 3 });
  else if (sentOn !== undefined && date > sentOn) report('admin-date-after-message', rxa, { field: 3 });
  if (rxa.value(4) !== '' && end !== date) report('admin-date-end', rxa, { field: 4 });
}

function hasNumber({ findings }: Reading, orc: Segment): boolean {
  const control = orc.value(1);
  if (control !== 'RE') findings.report('order-control-unrecognized', orc, { field: 1 });
  if (orc.value(3) !== '') return true;
  findings.report('order-id-missing', orc, { field: 3 });
  return false;
}

function hasAmount({ findings }: Reading, rxa: Segment): boolean {
  const amount = rxa.value(6);
  if (amount === '') findings.report('amount-missing', rxa, { field: 6 });
  else if (!/^\d{0,6}(\.\d{1,6})?$/.test(amount)) findings.report('amount-invalid', rxa, { field: 6 });
  else return true;
  return false;
}

/** Of refusals ORC-3 means nothing: they are known by what they say. */
function numberOf(
  { facility }: Reading,
  { orc }: OrderGroup,
  completion: Completion,
): EventNumber | undefined {
  if (orc === undefined || !isGivenBy(completion)) return undefined;
  const [filler] = orc.field(3);
  return { system: doseSystem(facility, eiAuthorityOf(filler)), value: part(filler, 1) };
}

function doseOf(
  reading: OrderReading,
  group: OrderGroup,
  { rxa, action, completion, date, vaccine }: Told & { readonly completion: Completion },
  number: EventNumber | undefined,
): Dose {
  const isGiven = isGivenBy(completion);
  const { organization } = reading;
  const source = sourceOf(reading, rxa, isGiven);
  const isOwn = isGiven && source.primarySource === true;
  const about = { group, rxa, isGiven, isOwn, action, date };
  const who = performersOf(reading, about);
  const { reactions, ...extras } = doseExtrasOf(reading, about);
  remarkDose({ reading, about, vaccine });
  return filled({
    resourceType: 'Immunization',
    ...confidentialityOf(reading, group.orc),
    ...who,
    contained: [...(who.contained ?? []), ...reactions],
    identifier: identifiersOf(group.orc, number, organization),
    status: action === 'D' ? 'entered-in-error' : isGiven ? 'completed' : 'not-done',
    ...refusalOf(reading, rxa, completion === 'RE'),
    vaccineCode: vaccine.concept,
    occurrenceDateTime: date,
    recorded: recordedOf(reading, group.orc, rxa),
    reasonCode: rxa.field(19).flatMap((reason) => conceptOf(reason) ?? []),
    ...source,
    ...(isGiven && administrationOf(reading, about)),
    ...(completion === 'PA' && { isSubpotent: true, subpotentReason: [PARTIAL] }),
    ...extras,
  } as Dose);
}

const PARTIAL = {
  coding: [
    coding('http://terminology.hl7.org/CodeSystem/immunization-subpotent-reason', 'partial', 'Partial Dose'),
  ],
};

/** What the mapping of a dose passes on to its parts. */
export interface About {
  readonly group: OrderGroup;
  readonly rxa: Segment;
  readonly isGiven: boolean;
  /** Whether the sender gave it, and has not only heard of it. */
  readonly isOwn: boolean;
  readonly action: Action;
  readonly date: string;
}

const numberType = (code: string, display: string) => ({ coding: [coding(table('0203'), code, display)] });

function identifiersOf(orc: Segment | undefined, number: EventNumber | undefined, organization: string) {
  const [filler, placer] = [orc?.field(3)[0], orc?.field(2)[0]];
  const assigner = { ...assignerOf(eiAuthorityOf(filler)).assigner, reference: organization };
  const placed = eiAuthorityOf(placer);
  return [
    ...(number === undefined ? [] : [{ type: numberType('FILL', 'Filler Identifier'), ...number, assigner }]),
    ...(part(placer, 1) === ''
      ? []
      : [
          filled({
            type: numberType('PLAC', 'Placer Identifier'),
            system: isNobody(placed) ? undefined : systemOf(placed),
            value: part(placer, 1),
            ...assignerOf(placed),
          }),
        ]),
  ];
}

/** RXA-22 says when the dose was entered, ORC-9 when the order was. */
function recordedOf({ findings, now }: Reading, orc: Segment | undefined, rxa: Segment): string | undefined {
  const [entered, ordered] = [rxa.value(22), orc?.value(9) ?? ''];
  const text = entered || ordered;
  const time = dateTimeOf(text);
  const [segment, place] = entered ? [rxa, { field: 22 }] : [orc ?? rxa, { field: 9 }];
  if (text !== '' && time === undefined) findings.report('entry-time-invalid', segment, place);
  if (!isInFuture(time, now)) return time;
  findings.report('entry-time-future', segment, place);
  return undefined;
}

const CONFIDENTIALITY: Readonly<Record<string, string>> = { V: 'V', R: 'R', U: 'N' };

function confidentialityOf({ findings }: Reading, orc: Segment | undefined): Pick<Immunization, 'meta'> {
  const sent = orc?.value(28).toUpperCase() ?? '';
  if (orc === undefined || sent === '') return {};
  const code = CONFIDENTIALITY[sent];
  if (code === undefined) findings.report('confidentiality-unrecognized', orc, { field: 28 });
  if (code === undefined) return {};
  return { meta: { security: [coding('http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code)] } };
}
