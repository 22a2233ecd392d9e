import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest, type Suite } from '../suite.ts';
import { DEVIATIONS } from './deviations.ts';

/** Rules 116 to 134 are about security and bulk data, which have suites of their own. */
export const LAST_RULE = 115;

/** The rules that a test of this folder names. */
export const testedRules = (): ReadonlySet<number> =>
  new Set(
    readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .flatMap((text) => [...text.matchAll(/'rule (\d+): /g)].map(([, number]) => Number(number))),
  );

export const rest = (): Suite => ({
  title: 'REST rules',
  against: 'FHIR R4 (4.0.1): rules of http.html, search.html, bundle.html and json.html, numbered 1 to 115',
  command: jest('test/conformance/rest'),
  passes: `${testedRules().size} of ${LAST_RULE} rules have a test that passes, each named by its number`,
  deviations: DEVIATIONS.map(({ rule, ...said }) => ({ of: `rule ${rule}`, ...said })),
});
