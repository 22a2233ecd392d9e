/** The structure validators: one compiled function for each resource type that the server reads. */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import type { Schema } from './schema.ts';

/** A function stops at so many faults: all of them at once is kind to a sender, a million is not to the server. */
const ENOUGH = 50;

/**
 * ajv stops at the first fault or at the last; there is no option between. Each place of its code that counts
 * faults is therefore followed by a way out of the function that it is in.
 */
function stopAtEnough(code: string): string {
  let inside = '';
  return code.replace(/function (validate\d+)\(|errors\+\+;|errors = vErrors\.length;/g, (found, name?: string) => {
    if (name === undefined) return `${found}if(errors >= ${ENOUGH}){${inside}.errors = vErrors;return false;}`;
    inside = name;
    return found;
  });
}

/** A CommonJS module whose exports are named after the types. */
export function validatorsModule(schema: Schema, types: readonly string[]): string {
  const ajv = new Ajv({ strict: false, strictNumbers: true, allErrors: true, messages: false, code: { source: true, lines: true } });
  ajv.addSchema(schema);
  const references = Object.fromEntries(types.map((type) => [type, `r4#/definitions/${type}`]));
  return stopAtEnough(standalone.default(ajv, references));
}
