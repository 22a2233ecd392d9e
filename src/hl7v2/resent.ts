/**
 * What was rejected and is sent again: known by the message's control id (MSH-10) or by the numbers of its orders (ORC-3).
 * Where it could be filed the rejection is done; where it was rejected again the newest rejection takes its place.
 */
import type { Identifier, Task } from '@medplum/fhirtypes';
import { endRejection, openRejections } from '../operations/rejected/close.ts';
import { OWN } from '../terminology/tables.ts';
import { tokenOf, type Corridor } from './corridor.ts';
import type { OrderGroup } from './groups.ts';
import type { Header } from './header.ts';

const MESSAGE_IDS = `${OWN}sid/v2-message`;
const ORDER_IDS = `${OWN}sid/v2-order`;

/** The numbers of orders as their sender wrote them; some have none. */
export const orderNumbers = (orders: readonly OrderGroup[]): readonly string[] => [
  ...new Set(
    orders
      .map(({ orc }) => [orc?.value(3, 1) ?? '', orc?.value(3, 2) ?? ''])
      .filter(([number]) => number !== '')
      .map((parts) => parts.join('^')),
  ),
];

/** What a rejection is known again by. */
export const rejectionIds = ({ controlId }: Header, orders: readonly string[]): Identifier[] => [
  ...(controlId === '' ? [] : [{ system: MESSAGE_IDS, value: controlId }]),
  ...orders.map((value) => ({ system: ORDER_IDS, value })),
];

/** A rejection of before that may be about what came now. */
export interface Earlier {
  readonly id: string;
  readonly isSameMessage: boolean;
  readonly orders: readonly string[];
}

/** The rejections that wait to be corrected and share a number with what came. */
export async function earlierOf(
  { rooms }: Corridor,
  organization: string,
  ids: readonly Identifier[],
): Promise<readonly Earlier[]> {
  const tokens = ids.map(({ system = '', value = '' }) => tokenOf(system, value));
  const controlId = ids.find(({ system }) => system === MESSAGE_IDS)?.value;
  const found = await openRejections(rooms, organization, tokens);
  return found.map(({ _id: id, json }) => {
    const { identifier = [] } = JSON.parse(json) as Task;
    const of = (name: string): string[] =>
      identifier.filter(({ system }) => system === name).flatMap(({ value }) => value ?? []);
    const isSameMessage = controlId !== undefined && of(MESSAGE_IDS).includes(controlId);
    return { id, isSameMessage, orders: of(ORDER_IDS) };
  });
}

/** What became of what came. */
export interface Came {
  /** Numbers of the orders of which all was taken. */
  readonly taken: ReadonlySet<string>;
  /** References to what was filed. */
  readonly filed: readonly string[];
  /** The rejection of now, where something was rejected. */
  readonly rejection?: string;
}

/** Ends the rejections of before that what came has settled. */
export async function endEarlier(
  { rooms }: Corridor,
  earlier: readonly Earlier[],
  { taken, filed, rejection }: Came,
): Promise<void> {
  for (const { id, isSameMessage, orders } of earlier) {
    const isTaken = orders.length > 0 && orders.every((each) => taken.has(each));
    if (isTaken || (rejection === undefined && isSameMessage))
      await endRejection(rooms, id, { status: 'completed', by: filed });
    else if (rejection !== undefined && (isSameMessage || orders.every((each) => !taken.has(each))))
      await endRejection(rooms, id, { status: 'cancelled', by: [rejection] });
  }
}
