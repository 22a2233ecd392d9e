/**
 * Two packs that are no state's, as somebody else would write them: files that the server is started with. Everything
 * but what is said here is as in the sandbox. law.ts says the same once more, for the model.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SANDBOX = join(import.meta.dirname, '..', '..', 'src', 'jurisdictions', 'packs', 'sandbox.json');

interface Written extends Record<string, unknown> {
  readonly directives: readonly object[];
}

const SAID = {
  sources: ['practice'],
  filedBy: ['patient', 'guardian', 'provider', 'public-health'],
  withdrawnBy: ['patient', 'guardian', 'public-health'],
  policy: 'https://example.org/policy',
};
const EVERYBODY = ['provider', 'school', 'child-care', 'health-plan', 'other-registry'];
const rule = (closedTo: readonly string[], stores: boolean): object => ({
  ...{ text: 'What holds where nothing is on file.', sources: ['practice'] },
  ...{ closedTo, stores },
});
const years = (count: number): object => ({ text: 'From then on.', sources: ['practice'], years: count });

/** What each changes of the sandbox's pack. */
const OWN: Readonly<Record<string, (pack: Written) => object>> = {
  /** Children are included until nineteen, adults opt in, and taking it back erases. */
  'opt-in': ({ directives }) => ({
    ages: { adultRules: years(19), guardianAccessEnds: years(18) },
    nothingOnFile: { child: rule([], true), adult: rule(EVERYBODY, false) },
    withdrawal: { text: 'What was stored is erased.', sources: ['practice'], ofOpening: 'erase' },
    directives: [
      ...directives,
      {
        ...SAID,
        ...{ code: 'opt-in', title: 'Opting in', effect: 'opens', for: ['adult'] },
        text: 'An adult takes part by saying so.',
      },
    ],
  }),
  /** Other registries are let in one by one, and kept out until a birthday; far from UTC. */
  border: ({ directives }) => ({
    timeZone: 'Pacific/Honolulu',
    nothingOnFile: { child: rule(['other-registry'], true), adult: rule(['other-registry'], true) },
    death: {
      ...{ text: 'Other registries are told of deaths.', sources: ['practice'] },
      sees: ['public-health', 'other-registry'],
    },
    directives: [
      ...directives,
      {
        ...SAID,
        ...{ code: 'may-cross', title: 'May cross', effect: 'opens', opensTo: ['other-registry'] },
        ...{ for: ['child', 'adult'], text: 'Other registries may see the record.' },
      },
      {
        ...SAID,
        ...{ code: 'stays-here', title: 'Stays here', effect: 'restricts', endsAtAge: 18 },
        ...{ for: ['child', 'adult'], text: 'No other registry sees the record of the child.' },
        sees: ['public-health', 'provider', 'school', 'child-care', 'health-plan', 'patient', 'guardian'],
        administering: false,
      },
    ],
  }),
};

const files = new Map<string, string>();

/** What `JURISDICTION` is for a pack: its name, or the path of its file. */
export function jurisdictionOf(name: string): string {
  const own = OWN[name];
  if (own === undefined) return name;
  const before = files.get(name);
  if (before !== undefined) return before;
  const pack = JSON.parse(readFileSync(SANDBOX, 'utf8')) as Written;
  const file = join(mkdtempSync(join(tmpdir(), 'pack-')), `${name}.json`);
  writeFileSync(file, JSON.stringify({ ...pack, ...own(pack), name, title: name }));
  files.set(name, file);
  return file;
}
