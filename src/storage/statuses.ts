/**
 * Statuses beside a stored Patient (status/): they change without a new version, as what directives hide does, because
 * what happens with one provider is not told to another by a number or a time. A reader gets them in the text, as far
 * as they are its to see; they are searched by the keys that the same text would have.
 */
import type { Patient, Resource } from '@medplum/fhirtypes';
import type { ResourceEntry } from '../catalog/define.ts';
import { patient as entry } from '../catalog/resources/patient.ts';
import { parseJson, serialize } from '../fhir/json.ts';
import { keysOf } from '../search/index-of.ts';
import { keyOf } from '../search/key.ts';
import { extensionsOf, statusesIn } from '../status/extensions.ts';
import {
  counting,
  OWN_STATUS,
  shownTo,
  type StatusName,
  type Statuses,
  type StatusSight,
} from '../status/status.ts';
import type { Stored } from './store.ts';

/** The parameters that read statuses. */
const BY_STATUS = [
  'provider-organization',
  'provider-status',
  'provider-status-at',
  'registry-status',
] as const;
const ENTRY: ResourceEntry = {
  ...entry,
  search: Object.fromEntries(BY_STATUS.map((name) => [name, entry.search[name]])),
};

/** `parameter=key`, or `parameter:modifier=key`. */
const isByStatus = (token: string): boolean =>
  BY_STATUS.some((name) => token.startsWith(`${name}=`) || token.startsWith(`${name}:`));

/** The tokens of a Patient with those of its statuses in place of what it had of them. */
export const withStatusTokens = (tokens: readonly string[], statuses: Statuses): readonly string[] => [
  ...tokens.filter((token) => !isByStatus(token)),
  ...statusTokens(statuses),
];

/** All that a Patient is found by because of its statuses. */
export function statusTokens(statuses: Statuses): readonly string[] {
  const extension = extensionsOf(counting(statuses));
  return keysOf(ENTRY, { resourceType: 'Patient', extension }).tokens.filter(isByStatus);
}

/** The token of everybody who stands in a status with an organisation: `provider-status-at` by the registry's own code. */
export const panelToken = (organization: string, is: StatusName): string =>
  keyOf('provider-status-at', `Organization/${organization}$${OWN_STATUS}|${is}`);

/** The tokens that are not of statuses, as MongoDB says it. */
export const OTHER_TOKENS = {
  $filter: {
    input: '$tokens',
    as: 'token',
    cond: {
      $not: {
        $in: [{ $first: { $split: [{ $first: { $split: ['$$token', '='] } }, ':'] } }, [...BY_STATUS]],
      },
    },
  },
} as const;

/** A stored text, and where in it more extensions can stand. */
type Text = Pick<Stored, 'statuses' | 'seam'> & { readonly json: string };

/** The Patient's text with the statuses that are to be seen. */
export function withStatuses({ json, statuses, seam }: Text, sight: StatusSight): string {
  const shown = extensionsOf(shownTo(sight, statuses === undefined ? [] : counting(statuses)));
  if (shown.length === 0) return json;
  if (seam === undefined) return rewritten(json, shown);
  const list = JSON.stringify(shown).slice(1, -1);
  const [before, after] = [json.slice(0, seam), json.slice(seam)];
  return after.startsWith(']') ? `${before},${list}${after}` : `${before},"extension":[${list}]${after}`;
}

/** Of a text that is not ours to cut, such as one that has some statuses already. */
function rewritten(json: string, shown: readonly object[]): string {
  const { patient } = statusesIn(parseJson(json) as Patient);
  const { extension = [], ...rest } = patient;
  return serialize({ ...rest, extension: [...extension, ...shown] });
}

/** A Patient with its extensions last, so that its text has a place for more of them. */
export function withSeam(resource: Resource): Resource {
  if (resource.resourceType !== 'Patient' || resource.extension === undefined) return resource;
  const { extension, ...rest } = resource;
  return { ...rest, extension };
}

/** Where that place is. */
export const seamOf = (json: string, { extension = [] }: Patient): number =>
  json.length - (extension.length > 0 ? ']}' : '}').length;
