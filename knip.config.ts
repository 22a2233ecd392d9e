import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: ['src/main.ts', 'src/cli/fhir-iis.ts', 'scripts/*.ts', 'test/**/*.test.ts', 'test/world/global-*.ts'],
  project: ['src/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
};

export default config;
