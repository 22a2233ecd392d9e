/**
 * From a resource as sent to the document that is stored: meta is the server's, references to this server are
 * relative, secrets leave, keys are extracted, and the text is made that every reader gets
 * (https://hl7.org/fhir/R4/http.html#create, https://hl7.org/fhir/R4/resource.html#Meta).
 */
import type { Meta, Resource } from '@medplum/fhirtypes';
import { isSighted } from '../catalog/define.ts';
import { factsOf } from '../consent/facts.ts';
import { Failure, type Issue } from '../core/failure.ts';
import { parseJson, serialize } from '../fhir/json.ts';
import { documentKeys } from '../storage/document-keys.ts';
import { maskSecrets } from '../storage/mask.ts';
import type { Secrets } from '../storage/secrets.ts';
import type { Sealed, Stored } from '../storage/store.ts';
import { judge } from '../validation/check.ts';
import type { Catalog } from '../catalog/index.ts';
import { statusesIn, type Sent } from '../status/extensions.ts';
import { isJudged } from '../storage/judged.ts';
import { seamOf, withSeam } from '../storage/statuses.ts';
import { warningCodes } from '../validation/registry/detected.ts';
import { isOfAnswer } from './doses/mark.ts';
import { checkReferences } from './references.ts';
import { entryOf, type Rooms } from './rooms.ts';

export interface Version {
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Date;
  /** Secrets of the version before, which asterisks in the new one stand for. */
  readonly kept?: readonly Sealed[] | undefined;
}

/** What is to be stored, and what its sender should know of it. */
export interface Prepared {
  readonly stored: Stored;
  readonly warnings: readonly Issue[];
  /** Of a Patient: what it says of statuses, which stand beside it (statuses.ts). */
  readonly sent: readonly Sent[];
}

/**
 * Checks a resource and makes its stored form, with what the registry adds.
 * @throws Failure with every fault found
 */
export function prepare(rooms: Rooms, sent: Resource, version: Version): Prepared {
  const { issues, warnings, kept } = judge(sent, { id: version.id, now: rooms.now() });
  const [first, ...more] = issues;
  if (first !== undefined) throw new Failure(first, ...more);
  const { resource, sent: statuses } = withoutStatuses(kept as Resource);
  const form = storedForm(rooms, resource, version);
  const stored = isJudged(resource.resourceType) ? { ...form, judged: warningCodes(warnings) } : form;
  const entry = entryOf(rooms.catalog, resource.resourceType);
  checkReferences(entry, { resource, text: stored.json, baseUrl: rooms.baseUrl });
  return { stored, warnings, sent: statuses };
}

function withoutStatuses(resource: Resource): {
  readonly resource: Resource;
  readonly sent: readonly Sent[];
} {
  if (resource.resourceType !== 'Patient') return { resource, sent: [] };
  const { patient, sent } = statusesIn(resource);
  return { resource: patient, sent };
}

interface Needs {
  readonly catalog: Catalog;
  readonly secrets: Secrets;
  readonly baseUrl: string;
}

/** The stored form of a resource that is known to be right (the server made it). */
export function storedForm({ catalog, secrets, baseUrl }: Needs, sent: Resource, version: Version): Stored {
  const masked = maskSecrets(secrets, withSeam(withMeta(sent, version)), version.kept);
  const text = serialize(masked.resource);
  const json = text.replaceAll(`"reference":"${baseUrl}/`, '"reference":"');
  const resource = json === text ? masked.resource : (parseJson(json) as Resource);
  const entry = entryOf(catalog, resource.resourceType);
  return {
    _id: version.id,
    version: version.version,
    lastUpdated: version.lastUpdated,
    json,
    ...documentKeys(entry, resource),
    ...(resource.resourceType === 'Patient' && { seam: seamOf(json, resource) }),
    ...(isSighted(entry) && { facts: [factsOf(resource)] }),
    ...(masked.secrets.length > 0 && { secrets: masked.secrets, secretKeys: masked.secretKeys }),
  };
}

/** id and meta come first, as readers of JSON expect them. */
function withMeta(sent: Resource, { id, version, lastUpdated }: Version): Resource {
  const { resourceType, id: _id, meta, ...rest } = sent;
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = withoutMarks(meta) ?? {};
  return {
    resourceType,
    id,
    meta: { versionId: String(version), lastUpdated: lastUpdated.toISOString(), ...kept },
    ...rest,
  } as Resource;
}

/** What an answer said of a resource among others comes back with it, and is not of the resource. */
function withoutMarks(meta: Meta | undefined): Meta | undefined {
  if (meta?.tag?.some(isOfAnswer) !== true) return meta;
  const { tag, ...rest } = meta;
  const kept = tag.filter((each) => !isOfAnswer(each));
  return kept.length === 0 ? rest : { ...rest, tag: kept };
}
