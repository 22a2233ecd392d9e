/** The rules by which keys are extracted are told by hashes, which change when the keys do. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  composite,
  date,
  dates,
  number,
  phonetic,
  quantity,
  reference,
  string,
  token,
  uri,
  type ResourceEntry,
} from '../../src/catalog/define.ts';
import { keysOf } from '../../src/search/index-of.ts';
import { RECORD, rulesOf } from '../../src/search/rules.ts';
import { population } from './server/records.ts';

const entry: ResourceEntry = {
  type: 'Patient',
  profiles: [],
  interactions: [],
  patient: ['id'],
  search: { gender: token('gender', 'code'), family: string('name.family'), birthdate: date('birthDate') },
  sort: ['birthdate'],
};

/** Names of the parameters whose rules differ. */
function changed(to: Partial<ResourceEntry>): readonly string[] {
  const [before, after] = [rulesOf(entry).byName, rulesOf({ ...entry, ...to }).byName];
  return Object.keys(after).filter((name) => before[name] !== after[name]);
}

describe('the rules of a type', () => {
  test('change for a parameter that is read otherwise, and for no other', () => {
    expect(changed({ search: { ...entry.search, family: string(['name.family', 'name.text']) } })).toEqual([
      'family',
    ]);
    expect(changed({ search: { ...entry.search, given: string('name.given') } })).toEqual(['given']);
    expect(changed({ sort: ['birthdate', 'family'] })).toEqual(['family']);
    expect(changed({ hot: [['family']] })).toEqual(['family']);
    expect(changed({ patient: ['link.other'] })).toEqual([RECORD]);
  });

  test('do not change for what has no part in the keys', () => {
    const family = { ...string('name.family'), canonical: 'urn:x', selective: true };
    expect(
      changed({ search: { ...entry.search, family }, defaultSort: '-birthdate', profiles: ['urn:p'] }),
    ).toEqual([]);
    expect(rulesOf(entry).all).toBe(rulesOf({ ...entry, profiles: ['urn:p'] }).all);
  });
});

/** Every kind, and every data type that a kind reads. */
const KINDS: Readonly<Record<string, ResourceEntry>> = {
  Patient: {
    ...entry,
    search: {
      name: string('name', 'HumanName'),
      address: string('address', 'Address'),
      sound: phonetic('name', 'HumanName'),
      identifier: token('identifier', 'Identifier'),
      telecom: token('telecom', 'ContactPoint'),
      deceased: token('deceased', 'presence'),
      order: number('multipleBirthInteger'),
      organization: reference('managingOrganization', 'Organization'),
      source: uri('meta.source'),
      birthdate: date('birthDate'),
      died: date('deceased'),
    },
  },
  Observation: {
    ...entry,
    type: 'Observation',
    patient: ['subject'],
    search: {
      code: token('code', 'CodeableConcept'),
      date: date('effective'),
      value: quantity(['valueQuantity', 'component.valueQuantity']),
      both: composite(['', 'component'], token('code', 'CodeableConcept'), quantity('valueQuantity')),
      said: composite('', token('code', 'CodeableConcept'), string('valueString')),
      when: composite('', token('code', 'CodeableConcept'), dates('valueDateTime')),
    },
    sort: ['date'],
  },
};

// Of other people in server/people.ts the keys are others too; then the hash alone changes.
test('whoever makes other keys of the same values counts up the kind in rules.ts, and only then this hash', () => {
  const keys = population(1).flatMap((resource) => {
    const of = KINDS[resource.resourceType];
    if (of === undefined) return [];
    const { rules: _rules, ...rest } = keysOf(of, resource);
    return [rest];
  });
  const hash = createHash('sha256').update(JSON.stringify(keys)).digest('base64url').slice(0, 12);
  expect(hash).toBe('nGtf-aZ2257a');
});
