/** Writes capability-statement.json, what GET /metadata says but for the address of the server. */
import { writeFileSync } from 'node:fs';
import { capabilityOf } from '../src/catalog/capability.ts';
import { catalog } from '../src/catalog/index.ts';

/** The file's text: the same on every machine and every day. */
export const capabilityText = (): string => `${JSON.stringify(capabilityOf(catalog), null, 2)}\n`;

if (import.meta.main)
  writeFileSync(new URL('../capability-statement.json', import.meta.url), capabilityText());
