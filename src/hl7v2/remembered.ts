/** What was looked up a moment ago: of a bounded number of names, for a bounded time, and by one look at a time. */
const REMEMBERED = 1000;
const REMEMBERED_MS = 60_000;

/**
 * Makes a lookup that remembers for a minute what it found.
 * @param isFound what is worth to be remembered; faults never are
 */
export function remembered<T, Asker>(
  { now }: { readonly now: () => Date },
  look: (name: string, asker: Asker) => Promise<T>,
  isFound: (value: T) => boolean = () => true,
): (name: string, asker: Asker) => Promise<T> {
  const known = new Map<string, { readonly value: Promise<T>; readonly until: number }>();
  return async (name, asker) => {
    const time = now().getTime();
    const before = known.get(name);
    if (before !== undefined && before.until > time) return before.value;
    const value = look(name, asker);
    const entry = { value, until: time + REMEMBERED_MS };
    known.delete(name);
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
    known.set(name, entry);
    const forget = (): void => {
      if (known.get(name) === entry) known.delete(name);
    };
    value.then((each) => {
      if (!isFound(each)) forget();
    }, forget);
    return value;
  };
}
