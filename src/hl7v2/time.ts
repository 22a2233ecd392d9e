/**
 * Dates and times of v2 (HL7 v2.5.1, 2.A.22 DTM): as precise as they were sent, with the offset of their zone where
 * they have one. Birth and vaccination dates are civil dates, which no zone shifts.
 */
import { intervalOf } from '../fhir/date.ts';

const TIMESTAMP =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.\d{1,6})?)?)?)?)?)?(?:([+-])(\d{1,2}?)(\d{2})(?:00)?)?$/;
/** Some senders write dates as ISO does. */
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

interface Parts {
  readonly date: string;
  readonly time?: string;
  readonly offset?: string;
}

function partsOf(text: string): Parts | undefined {
  const [, year, ...found] = TIMESTAMP.exec(text.replace(ISO_DATE, '$1$2$3')) ?? [];
  const [month, day, hour, minute = '00', second = '00', ...zone] = found;
  if (year === undefined) return undefined;
  const date = [year, month, day].filter((part) => part !== undefined && part !== '').join('-');
  if (intervalOf(date) === undefined) return undefined;
  if (hour === undefined) return { date };
  const [time, offset] = [`${hour}:${minute}:${second}`, offsetOf(zone)];
  const isClock =
    /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(time) && /^([+-](0\d|1[0-4]):[0-5]\d)?$/.test(offset);
  return isClock ? { date, time, ...(offset !== '' && { offset }) } : undefined;
}

function offsetOf([sign, hour = '', minute = '00']: readonly (string | undefined)[]): string {
  return sign === undefined ? '' : `${sign}${hour.padStart(2, '0')}:${minute}`;
}

/** The civil date of a timestamp, as precise as it is: `2015`, `2015-03`, `2015-03-01`. Undefined for what is none. */
export const dateOf = (text: string): string | undefined => partsOf(text)?.date;

/** The civil date; undefined where the day is not said. */
export function dayOf(text: string): string | undefined {
  const date = dateOf(text);
  return date?.length === 10 ? date : undefined;
}

/** A FHIR dateTime: with its time only where the zone is said, since FHIR has no time without one. */
export function dateTimeOf(text: string): string | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const { date, time, offset } = parts;
  return time === undefined || offset === undefined ? date : `${date}T${time}${offset}`;
}

/** `20150301`, of a FHIR date or dateTime; a time goes with its zone. */
export function compactOf(dateTime: string): string {
  const [date = '', rest] = dateTime.split('T');
  const day = date.replaceAll('-', '');
  if (rest === undefined) return day;
  const [, hour = '', minute = '', second = '', zone = ''] =
    /^(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(rest) ?? [];
  return `${day}${hour}${minute}${second}${zone === 'Z' ? '+0000' : zone.replace(':', '')}`;
}

/** An instant as this server writes it: to the second, in UTC. */
export const stampOf = (instant: Date): string =>
  `${instant.toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`;
