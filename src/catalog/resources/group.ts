/** Group: a named list of people, such as a school's children or a plan's members. */
import { ALL_INTERACTIONS, composite, reference, token, type ResourceEntry } from '../define.ts';

export const group = {
  type: 'Group',
  profiles: [],
  interactions: ALL_INTERACTIONS,
  patient: ['member.entity'],
  custodians: ['managingEntity'],
  search: {
    actual: token('actual', 'boolean'),
    characteristic: token('characteristic.code', 'CodeableConcept'),
    'characteristic-value': composite(
      'characteristic',
      token('code', 'CodeableConcept'),
      token('value', 'CodeableConcept'),
    ),
    code: token('code', 'CodeableConcept'),
    exclude: token('characteristic.exclude', 'boolean'),
    identifier: token('identifier', 'Identifier'),
    'managing-entity': reference(
      'managingEntity',
      'Organization',
      'Practitioner',
      'PractitionerRole',
      'RelatedPerson',
    ),
    member: reference(
      'member.entity',
      ...['Patient', 'Practitioner', 'PractitionerRole', 'Group', 'Device', 'Medication', 'Substance'],
    ),
    type: token('type', 'code', 'http://hl7.org/fhir/group-type'),
    // A value that is a flag is asked by true or false.
    value: token(['characteristic.valueCodeableConcept', 'characteristic.valueBoolean'], 'CodeableConcept'),
  },
} as const satisfies ResourceEntry;
