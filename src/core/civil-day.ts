/** Reckoning with civil days, written `YYYY-MM-DD`: no time zone moves them, and none has more or fewer hours than another. */

export const DAY_MS = 86_400_000;

/** Days from one to another; negative where the other is before it. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The day some days later, or earlier where it is less than none. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
