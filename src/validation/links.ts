/**
 * Whether references lead to what they may lead to, as far as the resource itself tells: types, and the
 * resources it contains. https://hl7.org/fhir/R4/references.html
 */
import { definitions } from '../fhir/definitions.ts';
import type { Property } from '../fhir/element-table.ts';
import { nodesAt, report, type Findings, type Node } from './findings.ts';

/** What the links of one resource share with those of the resources it contains. */
export interface Links {
  /** Type of each contained resource by its id. */
  readonly contained: ReadonlyMap<string, string>;
  /** Ids of contained resources that something refers to, or that refer to their container. */
  readonly joined: Set<string>;
}

export function linksOf(resource: Node): Links {
  const contained = nodesAt(resource, 'contained').map(
    (each) => [String(each['id']), String(each['resourceType'])] as const,
  );
  return { contained: new Map(contained), joined: new Set() };
}

const TYPE_AND_ID = /^(?:.*\/)?([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const RELATIVE =
  /^(?:([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?|([A-Z][A-Za-z]+)\?\S+)$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/;

function isResourceType(name: string): boolean {
  return definitions.resources.has(name);
}

/** The type that a reference's text names; undefined where it names none, as `urn:uuid:` and `#` do. */
function typeNamed(text: string): string | undefined {
  const type = TYPE_AND_ID.exec(text)?.[1];
  return type !== undefined && isResourceType(type) ? type : undefined;
}

/** Notes a relative reference that no server could follow. */
function checkRelative(findings: Findings, text: string): string | undefined {
  const parts = RELATIVE.exec(text);
  const type = parts?.[1] ?? parts?.[2];
  if (type !== undefined && isResourceType(type)) return type;
  report(findings, 'invalid', 'A relative reference names an R4 type and an id: Patient/123.', 'reference');
  return undefined;
}

/** Notes `#id` without such a contained resource. */
function checkLocal(findings: Findings, links: Links, text: string): string | undefined {
  const id = text.slice(1);
  if (id === '') return undefined;
  links.joined.add(id);
  if (!links.contained.has(id))
    report(
      findings,
      'invariant',
      'ref-1: a reference that begins with # leads to a contained resource.',
      'reference',
    );
  return links.contained.get(id);
}

function targetType(findings: Findings, links: Links, reference: Node): string | undefined {
  const text = reference['reference'];
  if (typeof text !== 'string') return typeof reference['type'] === 'string' ? reference['type'] : undefined;
  if (text.startsWith('#')) return checkLocal(findings, links, text);
  return ABSOLUTE.test(text) ? typeNamed(text) : checkRelative(findings, text);
}

/** Notes what is wrong with a Reference, found at the property. */
export function checkReference(findings: Findings, links: Links, property: Property, reference: Node): void {
  const type = targetType(findings, links, reference);
  const { targets } = property.row;
  if (type === undefined || targets === undefined || targets.includes(type) || !isResourceType(type)) return;
  report(findings, 'invalid', `This element refers to ${targets.join(', ')} only.`);
}

/** Remembers that a uri, url or canonical leads to a contained resource. */
export function noteLocalUri(links: Links, value: unknown): void {
  if (typeof value === 'string' && value.startsWith('#')) links.joined.add(value.slice(1));
}

function refersToContainer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('reference' in value && value.reference === '#') return true;
  return Object.values(value).some(refersToContainer);
}

function checkContainedResource(findings: Findings, links: Links, resource: Node): void {
  const { id, meta, contained } = resource;
  const { versionId, lastUpdated, security } = (meta ?? {}) as Node;
  if (contained !== undefined)
    report(findings, 'invariant', 'dom-2: a contained resource contains no others.');
  if (versionId !== undefined || lastUpdated !== undefined)
    report(findings, 'invariant', 'dom-4: a contained resource has no version and no time of its own.');
  if (security !== undefined)
    report(findings, 'invariant', 'dom-5: a contained resource has no security label.');
  const isJoined = (typeof id === 'string' && links.joined.has(id)) || refersToContainer(resource);
  if (!isJoined)
    report(findings, 'invariant', 'dom-3: a contained resource is referred to, or refers to its container.');
}

/** Notes what is wrong with the contained resources of a resource, once all its references have been seen. */
export function checkContained(findings: Findings, links: Links, resource: Node): void {
  nodesAt(resource, 'contained').forEach((contained, at) => {
    findings.place.push('contained', at);
    checkContainedResource(findings, links, contained);
    findings.place.length -= 2;
  });
}
