import { jest, type Suite } from '../suite.ts';
import { FRAGMENTS, INPUTS, QUERIES } from './expected.ts';

const size = (cases: object): number => Object.keys(cases).length;

export function hl7v2(): Suite {
  return {
    title: 'HL7 v2 immunization messages',
    against:
      'messages of NIST (2012 and r1.5), of the national guide 1.5 and of other systems, where their folder is, by answers written from the guide; the acknowledgements and responses of other registries, read and written again',
    command: jest('test/conformance/hl7v2', 'test/hl7v2'),
    passes: `${size(INPUTS)} of ${size(INPUTS)} VXU, ${size(QUERIES)} of ${size(QUERIES)} QBP, ${size(FRAGMENTS)} of ${size(FRAGMENTS)} fragments; every response`,
    deviations: [
      {
        of: 'Required fields of an administered dose (lot, manufacturer, unit, information source)',
        decision: 'A dose without them is kept, with a warning.',
        reason: 'A dose that was given is worth more than its missing lot; its sender is told, and counts.',
      },
      {
        of: 'MSH-15, MSH-16, MSH-21',
        decision: 'A message without them is taken, with a remark.',
        reason: 'They say nothing that the other fields do not; messages of older suites lack them.',
      },
      {
        of: 'VXU of 2.3.1 and 2.4 without ORC',
        decision: 'A dose without ORC is taken, and known by what it says.',
        reason: 'Those versions have no filler number to know it by.',
      },
    ],
  };
}
