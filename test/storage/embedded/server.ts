/**
 * A server in small, to be killed: starts the embedded MongoDB, says so on one line, and stays.
 * Arguments: data directory, path of mongod. Says `refused <message>` and ends where it may not start.
 */
import { startEmbedded } from '../../../src/storage/embedded/embedded.ts';

const [dataDir = '', binary = ''] = process.argv.slice(2);
const quiet = (): void => undefined;
const say = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

try {
  const embedded = await startEmbedded({
    ...{ dataDir, binary, cacheDir: dataDir, cacheMb: 256, log: { info: quiet, warn: quiet, error: quiet } },
    onExit: (why) => {
      say({ ended: why });
      process.exit(1);
    },
  });
  process.once('SIGTERM', () => void embedded.stop().then(() => process.exit()));
  say({ uri: embedded.uri, mongod: embedded.pid });
} catch (error) {
  say({ refused: error instanceof Error ? error.message : String(error) });
}
