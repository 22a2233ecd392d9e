/**
 * Writes CDC's CDSi test cases (US government work, public domain) as the facts that the tests carry: ids, dates, codes
 * and statuses, one case a line, no descriptions. `node scripts/cdsi-test-cases.ts <cases.json>`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readCases } from '../src/forecasting/cases/case.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the JSON file of cases');

const cases = readCases(JSON.parse(readFileSync(file, 'utf8')));
for (const [suite, ofSuite] of Map.groupBy(cases, (one) => one.suite)) {
  const target = new URL(`../test/forecasting/cases/${suite}.json`, import.meta.url);
  writeFileSync(target, `[\n${ofSuite.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  process.stdout.write(`${ofSuite.length} cases of suite ${suite} written to ${target.pathname}\n`);
}
