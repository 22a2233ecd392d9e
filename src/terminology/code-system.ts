/**
 * A code system as the terminology operations see it, whatever table it comes from: concepts with names, places in
 * a hierarchy and properties. https://hl7.org/fhir/R4/codesystem.html
 */

/** What a concept has beside its name: one value, or several. */
export type PropertyValue = string | boolean | readonly string[];

export interface Concept {
  readonly code: string;
  /** None where the name is not ours to give (CPT). */
  readonly display?: string;
  readonly definition?: string;
  /** Code of the concept above. */
  readonly parent?: string;
  /** No longer to be used for new records; still understood. */
  readonly isInactive?: true;
  /** Groups others, and is no code to record. */
  readonly isAbstract?: true;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
}

export interface CodeSystem {
  readonly url: string;
  /** Under which it is published here; absent where others publish it. */
  readonly id?: string;
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** Whether a code that is not listed does not exist. */
  readonly isComplete: boolean;
  readonly origin: string;
  readonly licence: string;
  /** Other URIs under which senders know it. */
  readonly aliases: readonly string[];
  /** Canonical of the value set of all its codes, where its publisher has one. */
  readonly valueSet?: string;
  readonly concepts: ReadonlyMap<string, Concept>;
  /** The listed spelling of a code that may be written in several ways (NDC). */
  readonly spelled?: (code: string) => string | undefined;
}

/** The concept of a code, however it is spelled. */
export function conceptOf(system: CodeSystem, code: string): Concept | undefined {
  const known = system.concepts.get(code);
  if (known !== undefined || system.spelled === undefined) return known;
  return system.concepts.get(system.spelled(code) ?? '');
}

/** Whether a code is another, or stands below it in the hierarchy. */
export function isA(system: CodeSystem, code: string, ancestor: string): boolean {
  for (let at: string | undefined = code; at !== undefined; at = system.concepts.get(at)?.parent)
    if (at === ancestor) return true;
  return false;
}

/** Code systems by every URI under which they are known. */
export type CodeSystems = ReadonlyMap<string, CodeSystem>;

export function byUri(systems: readonly CodeSystem[]): CodeSystems {
  return new Map(systems.flatMap((system) => [system.url, ...system.aliases].map((uri) => [uri, system])));
}
