/** Which search parameters cannot be searched by just now: their index is being built, or their keys extracted. */

/** All parameters of a type. */
export const EVERY = '*';

export interface Readiness {
  /** Whether a search of the type may use the parameter. */
  readonly isReady: (type: string, name: string) => boolean;
  /** Keeps parameters from use until what it returns is called. */
  readonly hold: (type: string, names: readonly string[]) => () => void;
}

/** Everything is ready until it is held; what is held twice is let go twice. */
export function readiness(): Readiness {
  const holds = new Set<{ readonly type: string; readonly names: readonly string[] }>();
  return {
    isReady: (type, name) =>
      ![...holds].some(
        (hold) => hold.type === type && (hold.names.includes(EVERY) || hold.names.includes(name)),
      ),
    hold: (type, names) => {
      const hold = { type, names };
      holds.add(hold);
      return () => {
        holds.delete(hold);
      };
    },
  };
}
