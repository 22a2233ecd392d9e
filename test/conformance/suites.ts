/** The suites of docs/conformance.md, in its order: a suite is added here. */
import { cdsi } from './cdsi/suite.ts';
import { clients } from './clients/suite.ts';
import { hl7v2 } from './hl7v2/suite.ts';
import { mirow } from './mirow/suite.ts';
import { rest } from './rest/suite.ts';
import { search } from './search/suite.ts';
import { smart } from './smart/suite.ts';
import type { Suite } from './suite.ts';
import { usCore } from './us-core/suite.ts';
import { validator } from './validator/suite.ts';

export const SUITES: readonly (() => Suite)[] = [
  rest,
  usCore,
  search,
  smart,
  clients,
  validator,
  cdsi,
  mirow,
  hl7v2,
];
