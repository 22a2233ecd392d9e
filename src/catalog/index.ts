/** The list of resource types that this server stores; everything that goes by type goes by this list. */
import type { ResourceEntry } from './define.ts';
import { immunization } from './resources/immunization.ts';
import { patient } from './resources/patient.ts';

export type Catalog = ReadonlyMap<string, ResourceEntry>;

const ENTRIES: readonly ResourceEntry[] = [patient, immunization];

export const catalog: Catalog = new Map(ENTRIES.map((entry) => [entry.type, entry]));
