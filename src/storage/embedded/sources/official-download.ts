/**
 * Child program: downloads MongoDB from its makers into a directory and tells the parent how far it is.
 * A program of its own, because the library can neither be stopped nor kept from writing to the terminal.
 * Arguments: directory, version and, where it is not the makers' own, the address of a mirror.
 */
import { getOS } from 'mongodb-memory-server-core/lib/util/getos/index.js';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';
import {
  ResolveConfigVariables,
  setDefaultValue,
} from 'mongodb-memory-server-core/lib/util/resolveConfig.js';

/** Bytes done and all bytes, or the path of the program, or why there is none. */
export type Progress =
  { readonly done: number; readonly total: number } | { readonly path: string } | { readonly failed: string };

const tell = (progress: Progress): void => {
  process.send?.(progress);
};

class Download extends MongoBinaryDownload {
  override printDownloadProgress(chunk: { length: number }): void {
    this.dlProgress.current += chunk.length;
    tell({ done: this.dlProgress.current, total: this.dlProgress.length });
  }

  /** The library does not look at the server's certificate unless npm is set to; a program must not come unproven. */
  override httpDownload(
    ...[url, options, to, partial]: Parameters<MongoBinaryDownload['httpDownload']>
  ): Promise<string> {
    return super.httpDownload(url, { ...options, rejectUnauthorized: true }, to, partial, 1);
  }
}

const [downloadDir = '', version = '', mirror] = process.argv.slice(2);
if (mirror !== undefined) {
  setDefaultValue(ResolveConfigVariables.DOWNLOAD_MIRROR, mirror);
  setDefaultValue(ResolveConfigVariables.USE_HTTP, String(mirror.startsWith('http:')));
}
process.on('disconnect', () => process.exit());
try {
  tell({
    path: await new Download({ downloadDir, version, os: await getOS(), checkMD5: true }).getMongodPath(),
  });
} catch (error) {
  tell({ failed: error instanceof Error ? error.message : String(error) });
}
process.disconnect();
