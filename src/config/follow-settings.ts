/** Settings that are edited while the service runs: read again when their files change (rule: settings-followed). */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Files } from '../domain/ports/host.js';
import { newsletterPaths } from './load-workspace.js';

export interface FollowedSettings {
  readonly files: Pick<Files, 'read' | 'list'>;
  /** Absolute. */
  readonly root: string;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Uses what the files say now. Throws what is wrong with them, and then what is in use stays. */
  use(): Promise<void>;
  /** Called once for each state of the files that cannot be used. */
  onBroken(error: unknown): void;
}

/** Files that are being written are read when they have been the same for so long. */
const LOOK_EVERY_MS = 400;

/** What the settings files say at one moment, as a short text; equal for equal content. */
export async function settingsState(files: FollowedSettings['files'], root: string): Promise<string> {
  const contentDir = join(root, 'content');
  const hash = createHash('sha256');
  try {
    for (const path of [join(contentDir, 'sources.yaml'), ...((await newsletterPaths(files, contentDir)) ?? [])])
      hash.update(`\0${path}\0`).update((await files.read(path)) ?? '');
  } catch (error) {
    // A file that cannot be read is a state as well; reading the settings says why.
    hash.update(String(error));
  }
  return hash.digest('base64url');
}

/** Follows the files until the signal is aborted. @param used the state that is in use */
export async function followSettings(
  { files, root, clock, use, onBroken }: FollowedSettings,
  used: string,
  signal: AbortSignal,
): Promise<void> {
  let tried = used;
  let before = used;
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS, signal);
    if (signal.aborted) return;
    const present = await settingsState(files, root);
    const isQuiet = present === before;
    before = present;
    if (!isQuiet || present === tried) continue;
    tried = present;
    try {
      await use();
    } catch (error) {
      onBroken(error);
    }
  }
}
