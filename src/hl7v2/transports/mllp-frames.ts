/** Frames of MLLP (HL7 Minimal Lower Layer Protocol, release 1): 0x0B, the message, 0x1C 0x0D. */

const START = 0x0b;
const LINE_ENDS: ReadonlySet<number> = new Set([0x0a, 0x0d]);
const FILE_SEPARATOR = 0x1c;
const CARRIAGE_RETURN = 0x0d;
const END = Buffer.from([FILE_SEPARATOR, CARRIAGE_RETURN]);

/** What is wrong with bytes that are no frame; the rest of the connection cannot be understood. */
export type Fault = 'truncated' | 'too-large' | 'outside';

/** A message, or what there is of one that is none. */
export interface Frame {
  readonly bytes: Buffer;
  readonly fault?: Fault;
}

export interface Frames {
  /** Takes what arrived; after a fault nothing more is to be given. */
  readonly take: (chunk: Buffer) => Generator<Frame>;
  /** What there is of a frame that has not ended; undefined between frames. */
  readonly unfinished: () => Buffer | undefined;
}

/** Puts a message into a frame. */
export const framed = (message: string): Buffer =>
  Buffer.concat([Buffer.from([START]), Buffer.from(message), END]);

const EMPTY = Buffer.alloc(0);
const FIRST_BYTES = 4096;

/** The bytes of one frame as they come, in one piece however small theirs are. */
class Held {
  #bytes: Buffer = EMPTY;
  size = 0;
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }
  /** Keeps what there is room for. @returns whether that is all */
  add(bytes: Buffer): boolean {
    const taken = bytes.subarray(0, this.#most - this.size);
    const needed = this.size + taken.length;
    if (needed > this.#bytes.length) {
      const bigger = Buffer.alloc(Math.max(FIRST_BYTES, 2 * this.#bytes.length, needed));
      this.#bytes.copy(bigger, 0, 0, this.size);
      this.#bytes = bigger;
    }
    taken.copy(this.#bytes, this.size);
    this.size = needed;
    return taken.length === bytes.length;
  }
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.size);
  }
}

interface ReadOn {
  readonly frame?: Frame;
  readonly rest: Buffer;
}

/** Reads on in a frame: the frame where it ended or is broken, and what comes after. */
function readOn(held: Held, chunk: Buffer, limit: number): ReadOn {
  // The end may come in two pieces.
  if (held.bytes.at(-1) === FILE_SEPARATOR && chunk[0] === CARRIAGE_RETURN) {
    held.size -= 1;
    return { frame: { bytes: held.bytes }, rest: chunk.subarray(1) };
  }
  const end = chunk.indexOf(END);
  const content = end === -1 ? chunk : chunk.subarray(0, end);
  const restart = content.indexOf(START);
  const isHeld = held.add(restart === -1 ? content : content.subarray(0, restart));
  const broken = (fault: Fault): ReadOn => ({ frame: { bytes: held.bytes, fault }, rest: EMPTY });
  if (!isHeld || (end !== -1 && held.size > limit)) return broken('too-large');
  if (restart !== -1) return broken('truncated');
  if (end === -1) return { rest: EMPTY };
  return { frame: { bytes: held.bytes }, rest: chunk.subarray(end + END.length) };
}

/** Makes the reader of one connection; frames have at most `limit` bytes between their marks. */
export function framesOf(limit: number): Frames {
  let held: Held | undefined;
  function* take(chunk: Buffer): Generator<Frame> {
    let rest = chunk;
    while (rest.length > 0) {
      if (held !== undefined) {
        const read = readOn(held, rest, limit);
        rest = read.rest;
        if (read.frame === undefined) continue;
        held = undefined;
        yield read.frame;
        continue;
      }
      const at = rest.findIndex((byte) => !LINE_ENDS.has(byte));
      if (at === -1) return;
      if (rest[at] !== START) {
        yield { bytes: EMPTY, fault: 'outside' };
        return;
      }
      // One byte more than the limit may be the first of the end.
      held = new Held(limit + 1);
      rest = rest.subarray(at + 1);
    }
  }
  return { take, unfinished: () => held?.bytes };
}
