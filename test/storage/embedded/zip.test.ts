import { describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from '../../../src/storage/embedded/zip.ts';
import { emptyDirectory } from './place.ts';
import { zipOf } from './zip-of.ts';

const files = { 'a/first.txt': 'one', 'a/second.bin': 'two '.repeat(10_000), empty: '' };

async function archive(bytes: Buffer): Promise<{ file: string; out: string }> {
  const dir = await emptyDirectory();
  const file = join(dir, 'archive.zip');
  await writeFile(file, bytes);
  return { file, out: join(dir, 'out') };
}

describe('taking a file out of a zip archive', () => {
  test.each(Object.entries(files))('gives %s whole, deflated or stored', async (name, content) => {
    for (const deflate of [true, false]) {
      const { file, out } = await archive(zipOf(files, deflate));
      await extract(file, name, out);
      expect(await readFile(out, 'utf8')).toBe(content);
    }
  });

  test('says that it is no archive, or that the file is not in it', async () => {
    const { file, out } = await archive(zipOf(files, true));
    await expect(extract(file, 'absent', out)).rejects.toThrow('no absent');
    const broken = await archive(Buffer.from('nothing of the kind'));
    await expect(extract(broken.file, 'absent', broken.out)).rejects.toThrow('Not a zip archive');
  });

  test('does not write over a file', async () => {
    const { file, out } = await archive(zipOf(files, true));
    await writeFile(out, 'mine');
    await expect(extract(file, 'empty', out)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
