/** How long a connection is waited for: one clock for a frame from its first byte to its last, one between frames. */
export interface Patience {
  /** Begins to wait; waiting already for the same goes on, so that single bytes buy no time. */
  readonly await: (what: 'idle' | 'frame') => void;
  readonly stop: () => void;
}

/** Makes the clocks of one connection; `over` is called when one has run out. */
export function patienceOf(
  { idleMs, frameMs }: { readonly idleMs: number; readonly frameMs: number },
  over: () => void,
): Patience {
  let waiting: { readonly what: string; readonly timer: NodeJS.Timeout } | undefined;
  const stop = (): void => {
    clearTimeout(waiting?.timer);
    waiting = undefined;
  };
  return {
    await: (what) => {
      if (waiting?.what === what) return;
      stop();
      waiting = { what, timer: setTimeout(over, what === 'idle' ? idleMs : frameMs) };
    },
    stop,
  };
}
