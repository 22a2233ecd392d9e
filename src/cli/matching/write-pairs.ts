/** Writes records and their candidate pairs for another linker to judge the same (scripts/matching). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keysOf } from '../../matching/blocking.ts';
import type { Measured } from './measure.ts';
import type { Known } from './sandbox-people.ts';

/** A record as plain columns, folded as matching folds it: no linker is helped or hindered by how it was written. */
function columnsOf({ id, entity, file, person }: Known): Readonly<Record<string, unknown>> {
  const { names, places, phones, emails, secrets, birthDate, sex, mothersMaidenName, birthOrder } = person;
  const [name] = names;
  const [place] = places;
  return {
    unique_id: id,
    entity,
    file,
    given: name?.given,
    middle: name?.middle[0],
    family: name?.family,
    suffix: name?.suffix,
    birth_date: birthDate,
    sex,
    number: place?.number,
    street: place?.street,
    city: place?.city,
    zip: place?.zip,
    phones,
    email: emails[0],
    maiden: mothersMaidenName,
    birth_order: birthOrder,
    secret: secrets[0],
    keys: keysOf(person),
  };
}

/** Writes `records.ndjson` and `truth.json` (how many true pairs there are) into a folder named for the set. */
export function writePairs(folder: string, { name, records, candidates }: Measured): void {
  const into = join(folder, name.replaceAll(/[^a-z0-9]+/gi, '-'));
  mkdirSync(into, { recursive: true });
  writeFileSync(
    join(into, 'records.ndjson'),
    records.map((record) => `${JSON.stringify(columnsOf(record))}\n`).join(''),
  );
  writeFileSync(join(into, 'truth.json'), JSON.stringify({ name, truePairs: candidates.truePairs }));
}
