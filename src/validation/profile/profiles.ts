/** The profiles that the registry checks by: its own, of profiles/structure-definitions, compiled when first asked for. */
import type { StructureDefinition } from '@medplum/fhirtypes';
import { readDefinitions } from '../../fhir/profile-files.ts';
import { compile } from './compile.ts';
import type { Profile } from './rule.ts';

export interface Profiles {
  readonly byUrl: ReadonlyMap<string, Profile>;
  /** The registry's profile of a resource type. */
  readonly byType: ReadonlyMap<string, Profile>;
}

function read(): Profiles {
  const all = (readDefinitions('structure-definitions') as StructureDefinition[]).map(compile);
  const ofResources = all.filter(({ type }) => type !== 'Extension');
  return {
    byUrl: new Map(all.map((profile) => [profile.url, profile])),
    byType: new Map(ofResources.map((profile) => [profile.type, profile])),
  };
}

let compiled: Profiles | undefined;

/** The profiles shipped with the server; readonly, so all askers share them. */
export function profiles(): Profiles {
  compiled ??= read();
  return compiled;
}

/** Which profile of ours says what the profile of a URL demands: itself, or that which derives from it. */
export function profileFor(url: string): Profile | undefined {
  const [canonical = ''] = url.split('|');
  const { byUrl, byType } = profiles();
  return byUrl.get(canonical) ?? [...byType.values()].find(({ base }) => base === canonical);
}
