/** Which civil day it is somewhere: a forecast is about a day, and a day begins at midnight there. */

/**
 * The day as YYYY-MM-DD.
 * @param timeZone an IANA name, such as America/Denver
 */
export function civilDay(now: Date, timeZone = 'UTC'): string {
  if (timeZone === 'UTC') return now.toISOString().slice(0, 10);
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return parts.format(now);
}
