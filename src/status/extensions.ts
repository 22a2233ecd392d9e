/**
 * Statuses as a Patient carries them: the extensions provider-status and registry-status. What is sent in them is a
 * report; what is shown in them is what counts now.
 */
import type { CodeableConcept, Extension, Patient } from '@medplum/fhirtypes';
import { OWN_EXTENSION } from '../catalog/shared.ts';
import {
  JURISDICTION,
  OWN_STATUS,
  REASONS,
  STATUSES,
  TABLE,
  type Status,
  type StatusName,
} from './status.ts';

export const PROVIDER_STATUS = `${OWN_EXTENSION}provider-status`;
const REGISTRY_STATUS = `${OWN_EXTENSION}registry-status`;
const REASON_SYSTEM = 'https://fhir-iis.org/fhir/CodeSystem/patient-status-reason';

const isStatus = ({ url }: Extension): boolean => url === PROVIDER_STATUS || url === REGISTRY_STATUS;

/** What a Patient that was sent says of one relationship. */
export interface Sent {
  /** Id of the organisation, or JURISDICTION; undefined where it is not said, or another server's. */
  readonly with: string | undefined;
  /** Undefined for a code that there is not. */
  readonly is: StatusName | undefined;
  readonly since?: string;
}

/** The Patient without its statuses, and what they say. */
export function statusesIn(patient: Patient): { readonly patient: Patient; readonly sent: readonly Sent[] } {
  const { extension = [], ...rest } = patient;
  const found = extension.filter(isStatus);
  if (found.length === 0) return { patient, sent: [] };
  const others = extension.filter((each) => !isStatus(each));
  return {
    patient: others.length === 0 ? rest : { ...rest, extension: others },
    sent: found.map(sentIn),
  };
}

const partOf = ({ extension = [] }: Extension, name: string): Extension | undefined =>
  extension.find(({ url }) => url === name);

function sentIn(extension: Extension): Sent {
  const since = partOf(extension, 'date')?.valueDate;
  const reference = partOf(extension, 'organization')?.valueReference?.reference;
  return {
    with:
      extension.url === REGISTRY_STATUS
        ? JURISDICTION
        : /(?:^|\/)Organization\/([A-Za-z0-9\-.]{1,64})$/.exec(reference ?? '')?.[1],
    is: nameOf(partOf(extension, 'status')?.valueCodeableConcept),
    ...(since?.length === 'YYYY-MM-DD'.length && { since }),
  };
}

const NAMES = Object.keys(STATUSES) as StatusName[];

/** The registry's own word says more than the table's. */
function nameOf({ coding = [] }: CodeableConcept = {}): StatusName | undefined {
  const own = coding.find(({ system }) => system === OWN_STATUS)?.code;
  const code = coding.find(({ system }) => system === TABLE)?.code;
  return NAMES.find((name) => name === own) ?? NAMES.find((name) => STATUSES[name].code === code);
}

/** Statuses as extensions of a Patient. */
export const extensionsOf = (statuses: readonly Status[]): Extension[] => statuses.map(extensionOf);

function extensionOf({ with: holder, is, since, why }: Status): Extension {
  return {
    url: holder === JURISDICTION ? REGISTRY_STATUS : PROVIDER_STATUS,
    extension: [
      { url: 'status', valueCodeableConcept: conceptOf(is) },
      { url: 'date', valueDate: since },
      { url: 'reason', valueCoding: { system: REASON_SYSTEM, code: why, display: REASONS[why] } },
      ...(holder === JURISDICTION
        ? []
        : [{ url: 'organization', valueReference: { reference: `Organization/${holder}` } }]),
    ],
  };
}

/** A status as a concept of both code systems, the table's first. */
export const conceptOf = (is: StatusName): CodeableConcept => ({
  coding: [
    { system: TABLE, code: STATUSES[is].code, display: STATUSES[is].table },
    { system: OWN_STATUS, code: is, display: STATUSES[is].own },
  ],
});
