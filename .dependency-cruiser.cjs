/**
 * Who may import whom, from one table: a room imports from lower floors, and sideways only where an arrow
 * is drawn. A new arrow needs a decision record under docs/decisions.
 */
const floors = [
  ['core', 'fhir', 'catalog', 'jurisdictions'],
  ['search', 'terminology', 'consent', 'status', 'policy', 'validation', 'matching', 'forecasting'],
  ['storage', 'audit', 'jobs'],
  [
    'interactions',
    'operations',
    'participants',
    'pending',
    'certificates',
    'bulk',
    'reports',
    'quality',
    'sandbox',
  ],
  ['auth', 'http', 'hl7v2'],
];
const sideways = {
  fhir: ['core'],
  catalog: ['fhir', 'core'],
  jurisdictions: ['fhir', 'core'],
  policy: ['consent', 'search', 'status', 'terminology'],
  consent: ['search'],
  matching: ['search'],
  validation: ['terminology'],
  audit: ['storage'],
  jobs: ['storage'],
  interactions: ['pending'],
  operations: floors[3],
  sandbox: ['interactions'],
  http: ['auth'],
  hl7v2: ['auth'],
};
/** Rooms that know less than their floor allows. */
const narrow = { forecasting: ['core'] };

const rooms = floors.flat();
const floorOf = (room) => floors.findIndex((floor) => floor.includes(room));
const allowed = (room) =>
  narrow[room] ?? [...rooms.filter((other) => floorOf(other) < floorOf(room)), ...(sideways[room] ?? [])];

const roomRules = rooms.map((room) => {
  const refused = rooms.filter((other) => other !== room && !allowed(room).includes(other));
  return {
    name: `${room}-imports`,
    severity: 'error',
    comment: `src/${room} may import: ${allowed(room).join(', ') || 'nothing'}`,
    from: { path: `^src/${room}/` },
    to: { path: `^src/(${[...refused, 'cli', '[a-z-]+\\.ts$'].join('|')})` },
  };
});

const only = (name, rooms, packages) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${rooms.join('|')})` },
  to: { path: `node_modules/(${packages.join('|')})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...roomRules,
    only('only-storage-knows-mongo', ['storage/'], ['mongoose', 'mongodb']),
    only('only-doors-know-express', ['http/', 'auth/', 'hl7v2/', 'app\\.ts', 'cli/bench/floor'], ['express']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
