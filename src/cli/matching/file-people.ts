/** Records of a file as people to match: JSON, a record a line, as scripts/matching writes the FEBRL data sets. */
import { readFileSync } from 'node:fs';
import { nameOf, phoneOf, placeOf } from '../../matching/normalize.ts';
import type { Person } from '../../matching/person.ts';
import type { Known } from './sandbox-people.ts';

/** A line of the file; what is not known is absent. */
interface Line {
  readonly id: string;
  readonly entity: string;
  readonly file?: string;
  readonly given?: string;
  readonly family?: string;
  readonly birthDate?: string;
  readonly street?: string;
  readonly city?: string;
  readonly zip?: string;
  readonly phone?: string;
  readonly secret?: string;
}

const some = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

function personOfLine(line: Line): Person {
  const { given, family, birthDate, street, city, zip, phone, secret } = line;
  return {
    names: [nameOf({ given: some(given), family })].filter(
      (name) => (name.given ?? name.family) !== undefined,
    ),
    ...(birthDate !== undefined && { birthDate }),
    places: [placeOf({ line: some(street), city, postalCode: zip })].filter(
      (place) => Object.keys(place).length > 0,
    ),
    phones: some(phone).map((text) => phoneOf(text) ?? text),
    emails: [],
    identifiers: [],
    secrets: some(secret),
  };
}

/** Reads the records of a file. */
export function filePeople(path: string): readonly Known[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const record = JSON.parse(line) as Line;
      const { id, entity, file } = record;
      return { id, entity, ...(file !== undefined && { file }), person: personOfLine(record) };
    });
}
