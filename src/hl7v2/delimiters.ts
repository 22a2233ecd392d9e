/** The characters that set the parts of a message apart: MSH-1 and MSH-2 declare them (HL7 v2.5.1, 2.5.4 and 2.15.9.1). */
import { fail } from '../core/failure.ts';

export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

/** Those that the standard recommends, in which this server writes. */
export const USUAL: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
};

/** `^~\&`, as MSH-2 has it. */
export const encodingCharacters = ({ component, repetition, escape, subcomponent }: Delimiters): string =>
  component + repetition + escape + subcomponent;

const PUNCTUATION = /^[!-/:-@[-`{-~]$/;

/**
 * The delimiters that a message declares. Version 2.7 adds a fifth character to MSH-2, which only marks values that
 * were cut; senders that use no subcomponents may leave the later ones out.
 * @param text a message, from `MSH` on
 * @throws Failure `malformed` where they are missing, the same, or no punctuation
 */
export function delimitersOf(text: string): Delimiters {
  const field = text.charAt(3);
  const end = text.indexOf(field, 4);
  const declared = end < 0 ? '' : text.slice(4, end);
  const [component = '', repetition = '', escape = '\\', subcomponent = '&'] = declared;
  const found = { field, component, repetition, escape, subcomponent };
  const all = Object.values(found);
  const isSound =
    declared.length >= 2 &&
    declared.length <= 5 &&
    all.every((each) => PUNCTUATION.test(each)) &&
    new Set(all).size === all.length;
  return isSound
    ? found
    : fail(
        'malformed',
        'MSH-1 and MSH-2 must declare five different delimiters; send them as the standard has them: MSH|^~\\&|',
      );
}
