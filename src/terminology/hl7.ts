/** The code systems of HL7 and CDC that the profiles use, of profiles/terminology/hl7-codes.json. */
import type { CodeSystem, Concept } from './code-system.ts';
import { readTable } from './load.ts';

interface Code {
  readonly system: string;
  readonly code: string;
  readonly display: string | null;
  readonly parent: string | null;
  readonly kind: 'abstract' | 'inactive' | null;
}

interface About {
  readonly origin: string;
  readonly licence: string;
  readonly systems: Readonly<Record<string, SystemAbout>>;
}

interface SystemAbout {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly oid: string | null;
  /** Canonical of the value set of all its codes. */
  readonly valueSet: string | null;
}

const concept = ({ code, display, parent, kind }: Code): Concept => ({
  code,
  ...(display !== null && { display }),
  ...(parent !== null && { parent }),
  ...(kind === 'inactive' && { isInactive: true }),
  ...(kind === 'abstract' && { isAbstract: true }),
});

/** The systems of the file in a folder of code tables. */
export function readHl7Systems(folder: string): readonly CodeSystem[] {
  const { about, rows } = readTable<Code, About>(folder, 'hl7-codes.json');
  const codes = Map.groupBy(rows, ({ system }) => system);
  return Object.entries(about.systems).map(([url, { name, title, version, oid, valueSet }]) => ({
    url,
    name,
    title,
    version,
    isComplete: true,
    origin: about.origin,
    licence: about.licence,
    aliases: oid === null ? [] : [oid],
    ...(valueSet !== null && { valueSet }),
    concepts: new Map((codes.get(url) ?? []).map((each) => [each.code, concept(each)])),
  }));
}
