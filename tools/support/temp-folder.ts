/** A folder of one's own among the host's temporary ones, gone when it is no longer needed. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempFolder {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/** Makes an empty folder that only this user can read; its name begins with `gazette-` and the given word. */
export async function openTempFolder(word: string): Promise<TempFolder> {
  const path = await mkdtemp(join(await realpath(tmpdir()), `gazette-${word}-`));
  // A process that was just killed may still hold a file open where the host minds that.
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}
