/** Text as string searches compare it, and what of a name or an address they look at (https://hl7.org/fhir/R4/search.html#string). */
import type { Address, HumanName } from '@medplum/fhirtypes';

/** Without case, accents and punctuation. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/['’.]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const some = (...texts: readonly (string | undefined)[]): readonly string[] =>
  texts.filter((text) => text !== undefined);

/** The texts that stand in a name. */
export const partsOfName = ({
  text,
  family,
  given = [],
  prefix = [],
  suffix = [],
}: HumanName): readonly string[] => some(text, family, ...given, ...prefix, ...suffix);

/** What this server looks at beside: whole names, and every word of a family name. */
export function namesTogether({ family = '', given = [] }: HumanName): readonly string[] {
  const first = given.join(' ');
  return [first, `${first} ${family}`, `${family} ${first}`, ...plain(family).split(' ')];
}

export const partsOfAddress = (address: Address): readonly string[] => {
  const { text, line = [], city, district, state, postalCode, country } = address;
  return some(text, ...line, city, district, state, postalCode, country);
};
