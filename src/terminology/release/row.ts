/** Rows of the code tables, and the records of a source that they are made of. */

export type Cell = string | readonly string[] | null;
export type Row = readonly Cell[];
export type Source = Readonly<Record<string, unknown>>;

/** Text with something in it, or null. */
export const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
export const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
/** A record within a record. */
export const of = (value: unknown): Source =>
  typeof value === 'object' && value !== null ? (value as Source) : {};
