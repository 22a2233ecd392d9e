/** Constraints of Bundles. https://hl7.org/fhir/R4/bundle.html */
import { isNode, nodesAt, type Node } from '../findings.ts';
import { has, needsOneOf, type Constraints } from './words.ts';

const WITH_REQUEST = ['batch', 'transaction', 'history'];
const WITH_RESPONSE = ['batch-response', 'transaction-response', 'history'];
const entriesHave = (bundle: Node, name: string, types: readonly string[]): boolean =>
  nodesAt(bundle, 'entry').every((entry) => has(entry, name) === types.includes(String(bundle['type'])));

const hasUniqueUrls = (bundle: Node): boolean => {
  if (bundle['type'] === 'history') return true;
  const urls = nodesAt(bundle, 'entry').flatMap(({ fullUrl, resource }) => {
    const meta = isNode(resource) && isNode(resource['meta']) ? resource['meta'] : {};
    return typeof fullUrl === 'string' ? [`${fullUrl} ${String(meta['versionId'])}`] : [];
  });
  return new Set(urls).size === urls.length;
};

const startsWith = (bundle: Node, type: string): boolean => {
  const first = nodesAt(bundle, 'entry')[0]?.['resource'];
  return isNode(first) && first['resourceType'] === type;
};

const isDocumentComplete = (bundle: Node): boolean => {
  const { identifier } = bundle;
  return isNode(identifier) && has(identifier, 'system') && has(identifier, 'value');
};

export const BUNDLES: Constraints = {
  Bundle: [
    {
      key: 'bdl-1',
      says: 'only a search or a history has a total',
      holds: (node) => !has(node, 'total') || ['searchset', 'history'].includes(String(node['type'])),
    },
    {
      key: 'bdl-2',
      says: 'only entries of a search have search',
      holds: (node) =>
        node['type'] === 'searchset' || nodesAt(node, 'entry').every((entry) => !has(entry, 'search')),
    },
    {
      key: 'bdl-3',
      says: 'entries of a batch, transaction or history have a request, others none',
      holds: (node) => entriesHave(node, 'request', WITH_REQUEST),
    },
    {
      key: 'bdl-4',
      says: 'entries of a response or history have a response, others none',
      holds: (node) => entriesHave(node, 'response', WITH_RESPONSE),
    },
    { key: 'bdl-7', says: 'no two entries may have the same fullUrl and version', holds: hasUniqueUrls },
    {
      key: 'bdl-9',
      says: 'a document has an identifier with a system and a value',
      holds: (node) => node['type'] !== 'document' || isDocumentComplete(node),
    },
    {
      key: 'bdl-10',
      says: 'a document has a timestamp',
      holds: (node) => node['type'] !== 'document' || node['timestamp'] !== undefined,
    },
    {
      key: 'bdl-11',
      says: 'a document begins with a Composition',
      holds: (node) => node['type'] !== 'document' || startsWith(node, 'Composition'),
    },
    {
      key: 'bdl-12',
      says: 'a message begins with a MessageHeader',
      holds: (node) => node['type'] !== 'message' || startsWith(node, 'MessageHeader'),
    },
  ],
  'Bundle.entry': [
    needsOneOf('bdl-5', 'resource', 'request', 'response'),
    {
      key: 'bdl-8',
      says: 'a fullUrl names no version',
      holds: ({ fullUrl }) => typeof fullUrl !== 'string' || !fullUrl.includes('/_history/'),
    },
  ],
};
