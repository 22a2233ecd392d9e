/**
 * What R4 says of every element, read once: `scripts/build.ts` derived it from HL7's definitions.
 */
import { readFileSync } from 'node:fs';
import { definitionsFrom, type Definitions, type DefinitionTable } from './element-table.ts';

const file = new URL('../../build/elements.json', import.meta.url);

/** Resource types, data types and elements with elements of their own, by name: `Patient`, `HumanName`, `Patient.contact`. */
export const definitions: Definitions = definitionsFrom(
  JSON.parse(readFileSync(file, 'utf8')) as DefinitionTable,
);
