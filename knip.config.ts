import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'src/main.ts',
    'scripts/*.ts',
    'test/**/*.test.ts',
    'test/*/*.{browser,outside}.ts',
    'test/world/global-*.ts',
    // Programs that a test starts as processes of their own.
    'test/**/*-process.ts',
  ],
  project: ['src/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
  // Maven and Java run the HL7 validator, apt-get brings a browser: suites of their own; sha256sum checks what a backup
  // says of itself.
  ignoreBinaries: ['mvn', 'java', 'apt-get', 'sha256sum'],
  // A type that a signature names is exported for whoever reads the signature.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
