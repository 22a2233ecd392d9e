/** A message that has come in, with who sent it and what was found in it so far. */
import type { Corridor } from './corridor.ts';
import type { Findings } from './findings.ts';
import type { Header } from './header.ts';
import type { Message } from './message.ts';
import type { Sender } from './senders.ts';

/** A message on its way through the registry. */
export interface Arrived {
  readonly corridor: Corridor;
  readonly message: Message;
  readonly header: Header;
  readonly findings: Findings;
  /** Under which it is counted as one message, in however many transactions it is kept. */
  readonly receipt: string;
  /** `Organization/id` of the sender. */
  readonly organization: string;
  /** Whether a message without any vaccination is taken. */
  readonly takesDemographics: boolean;
  /** Whose a site of an administration is; undefined where the sender may name any. */
  readonly whose?: Sender['whose'] & {};
  /** Codes of what is counted of it and not told (noting). */
  readonly noted?: readonly string[];
}
