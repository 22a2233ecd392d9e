/**
 * What a message changes in something of a person that it has told before: what it says is newer, and what it leaves
 * out stays, as an empty field says nothing (Implementation Guide 1.5, null and empty fields).
 */
import type { CodeableConcept, Coding, Identifier, Immunization, Resource } from '@medplum/fhirtypes';
import { cvxOf } from '../terminology/vaccine-of.ts';
import type { Kept } from './items.ts';
import { filled } from './mapping/read.ts';
import { isNumber } from './mapping/systems.ts';

/** @returns what is sent, with what was stored of it that the message does not speak of */
export function amended(stored: Kept, sent: Kept): Kept {
  if (stored.resourceType !== 'Immunization')
    return filled({ ...stored, ...sent, meta: metaOf(stored, sent) }) as Kept;
  return sent.resourceType === 'Immunization' && isSameEvent(stored, sent) ? amendedDose(stored, sent) : sent;
}

/** What was withdrawn, is given where it was refused, or is of another vaccine or product now, begins anew. */
const isSameEvent = (stored: Immunization, sent: Immunization): boolean =>
  stored.status === sent.status && isSameVaccine(stored.vaccineCode, sent.vaccineCode);

function isSameVaccine(stored: CodeableConcept, sent: CodeableConcept): boolean {
  const { coding: known = [] } = stored;
  const isOther = (coding: Coding): boolean =>
    known.some(({ system }) => system === coding.system) && !known.some(isCoding(coding));
  return cvxOf(stored) === cvxOf(sent) && !(sent.coding ?? []).some(isOther);
}

const isCoding =
  ({ system, code }: Coding) =>
  (each: Coding): boolean =>
    each.system === system && each.code === code;

function amendedDose(stored: Immunization, sent: Immunization): Kept {
  const lists = {
    identifier: numbersOf(stored.identifier ?? [], sent.identifier ?? []),
    performer: performersOf(stored, sent),
    reaction: sent.reaction ?? stored.reaction ?? [],
  };
  const used = JSON.stringify(lists);
  const contained = byId(stored.contained ?? [], sent.contained ?? []);
  return filled({
    ...{ ...undecided(stored, sent), ...sent, ...lists },
    vaccineCode: vaccineOf(stored.vaccineCode, sent.vaccineCode),
    contained: contained.filter(({ id = '' }) => used.includes(`"#${id}"`)),
    meta: metaOf(stored, sent),
  });
}

/** Codes that are told once stay, in the order that they have: another order is no news. */
function vaccineOf(stored: CodeableConcept, sent: CodeableConcept): CodeableConcept {
  const { coding: known = [], text } = stored;
  const more = (sent.coding ?? []).filter((each) => !known.some(isCoding(each)));
  return { ...(text !== undefined && { text }), ...sent, coding: [...known, ...more] };
}

/** What is stored, but for what the message decides even by leaving it out: completion, and one of two sources. */
function undecided(stored: Immunization, sent: Immunization): Partial<Immunization> {
  const { primarySource, reportOrigin, isSubpotent, subpotentReason, ...rest } = stored;
  const isPartial = subpotentReason?.some(({ coding = [] }) => coding.some(({ code }) => code === 'partial'));
  return filled({
    ...rest,
    ...(sent.primarySource === undefined && { primarySource, reportOrigin }),
    ...(isPartial !== true && { isSubpotent, subpotentReason }),
  });
}

/** Of a kind of number the one that is sent counts. */
function numbersOf(stored: readonly Identifier[], sent: readonly Identifier[]): Identifier[] {
  const kindOf = ({ type }: Identifier): string | undefined => type?.coding?.[0]?.code;
  const isReplaced = (old: Identifier): boolean =>
    sent.some((each) => isNumber(old)(each) || (kindOf(old) !== undefined && kindOf(each) === kindOf(old)));
  return [...sent, ...stored.filter((old) => !isReplaced(old))];
}

type Performer = NonNullable<Immunization['performer']>[number];

const roleOf = (performer: Performer): string => performer.function?.coding?.[0]?.code ?? '';

/** In each role whoever is sent, else whoever was there, in the order that was there; the giver goes with the source. */
function performersOf(stored: Immunization, sent: Immunization): Performer[] {
  const [old, own] = [stored.performer ?? [], sent.performer ?? []];
  const isDecided = (role: string): boolean =>
    (role === '' && sent.primarySource !== undefined) || own.some((each) => roleOf(each) === role);
  const roles = [...new Set([...old, ...own].map(roleOf))];
  return roles.flatMap((role) => (isDecided(role) ? own : old).filter((each) => roleOf(each) === role));
}

const byId = (stored: readonly Resource[], sent: readonly Resource[]): Resource[] => [
  ...new Map([...stored, ...sent].map((each) => [each.id, each])).values(),
];

/** Without what the store adds: version and time are of the stored one. */
function metaOf({ meta: stored }: Kept, { meta: sent }: Kept): Kept['meta'] {
  const { versionId: _version, lastUpdated: _updated, ...rest } = { ...stored, ...sent };
  return Object.keys(rest).length === 0 ? undefined : rest;
}
