/**
 * The file system, behind the `Files` port. A listing never leaves its folder, not even by links,
 * a written file is there whole or not at all, and a private one is never readable by others, not for a moment.
 */
import { createReadStream, type Dirent, readFile as readFileWithCallback, statSync } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Files, FileVersion } from '../domain/ports/host.js';
import { randomId } from './ids.js';

/** The files of this host. Errors of the host other than a missing path are thrown as they come. */
export function localFiles(): Files {
  return {
    read,
    readBelow,
    stream: (path) => createReadStream(path),
    list,
    versions,
    write: async (path, content) => write(path, content, { file: await modeOf(path) }),
    writePrivate: (path, content) => write(path, content, PRIVATE),
    claimPrivate,
    remove: (path) => rm(path, { force: true }),
  };
}

/** Faster than the one of node:fs/promises, which makes an object for each file it opens. */
const readFile = promisify(readFileWithCallback);

async function read(path: string): Promise<Uint8Array | undefined> {
  return unlessMissing(readFile(path));
}

async function readBelow(folder: string, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  if (path.includes('\0')) return undefined;
  const root = await unlessMissing(realpath(folder));
  const real = root && (await unlessMissing(realpath(join(root, path))));
  if (!root || !real || !isInside(root, real) || isHidden(relative(root, real))) return undefined;
  const { size, isFile } = await sizeOf(real);
  return isFile && size <= maxBytes ? unlessMissing(readFile(real)) : undefined;
}

async function sizeOf(path: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const found = await unlessMissing(stat(path));
  return { size: found?.size ?? 0, isFile: found?.isFile() ?? false };
}

function isHidden(path: string): boolean {
  return path.split(sep).some(isLeftOut);
}

/** Regular files below the folder, sorted by path; hidden folders and `node_modules` are skipped. */
async function list(folder: string): Promise<readonly string[] | undefined> {
  const root = await unlessMissing(realpath(folder));
  if (root === undefined || !(await stat(root)).isDirectory()) return undefined;
  const found: string[] = [];
  await gather(folder, root, { root, found, open: new Set([root]) });
  return found.sort();
}

/** So long other work waits at most. */
const AT_A_TIME_MS = 5;

/** Asks without a promise for each file, which would take ten times as long, and lets other work run in between. */
async function versions(folder: string): Promise<ReadonlyMap<string, FileVersion> | undefined> {
  const paths = await list(folder);
  if (paths === undefined) return undefined;
  const found = new Map<string, FileVersion>();
  let begun = performance.now();
  for (const path of paths) {
    const version = versionOf(path);
    if (version) found.set(path, version);
    if (performance.now() - begun < AT_A_TIME_MS) continue;
    await setImmediate();
    begun = performance.now();
  }
  return found;
}

function versionOf(path: string): FileVersion | undefined {
  try {
    const now = statSync(path, { throwIfNoEntry: false });
    if (!now) return isMisnamed(path) ? { version: '', changedAt: Number.POSITIVE_INFINITY } : undefined;
    const version = `${now.mtimeMs} ${now.ctimeMs} ${now.size} ${now.ino}`;
    return { version, changedAt: Math.max(now.mtimeMs, now.ctimeMs) };
  } catch {
    // The code that reads it reports what is wrong.
    return { version: '', changedAt: Number.POSITIVE_INFINITY };
  }
}

/** Whether a name is not UTF-8: it cannot be opened by what a listing gives of it, and must not vanish for that. */
function isMisnamed(path: string): boolean {
  return path.includes('\ufffd');
}

interface Walk {
  readonly root: string;
  readonly found: string[];
  /** Real paths of the folders being walked: meeting one again is a loop. */
  readonly open: Set<string>;
}

async function gather(shown: string, real: string, walk: Walk): Promise<void> {
  const entries = await readdir(real, { withFileTypes: true }).catch((error: unknown) => {
    // It is listed like a file: whoever reads it says why it cannot be read, and the others are read.
    if (isMisnamed(real)) walk.found.push(shown);
    else throw error;
    return [];
  });
  for (const entry of entries) {
    const path = `${shown}${shown.endsWith(sep) ? '' : sep}${entry.name}`;
    if (entry.isFile()) {
      if (!DRAFT.test(entry.name)) walk.found.push(path);
      continue;
    }
    const place = await placeOf(entry, real, walk.root);
    if (place?.kind === 'file' && !DRAFT.test(entry.name)) walk.found.push(path);
    if (place?.kind === 'folder' && !isLeftOut(entry.name) && !walk.open.has(place.real)) {
      walk.open.add(place.real);
      await gather(path, place.real, walk);
      walk.open.delete(place.real);
    }
  }
}

/** What an entry is once links are followed; `undefined` for what is neither file nor folder, or leads outside. */
async function placeOf(
  entry: Dirent,
  parent: string,
  root: string,
): Promise<{ readonly kind: 'file' | 'folder'; readonly real: string } | undefined> {
  const path = join(parent, entry.name);
  if (entry.isDirectory()) return { kind: 'folder', real: path };
  if (!entry.isSymbolicLink()) return undefined;
  const real = await unlessMissing(realpath(path));
  if (real === undefined || !isInside(root, real)) return undefined;
  const target = await stat(real);
  if (target.isDirectory()) return { kind: 'folder', real };
  return target.isFile() ? { kind: 'file', real } : undefined;
}

/** What `write` leaves behind when the host dies between writing and renaming. */
const DRAFT = /^\..+\.[0-9a-f]{12}\.tmp$/;

function isLeftOut(folderName: string): boolean {
  return folderName.startsWith('.') || folderName === 'node_modules';
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && way !== path;
}

/** Modes of what is made; what is absent is left to the umask. */
interface Modes {
  readonly file?: number | undefined;
  readonly folder?: number;
}

const PRIVATE = { file: 0o600, folder: 0o700 } as const satisfies Modes;

async function claimPrivate(path: string): Promise<void> {
  try {
    const present = await unlessMissing(stat(path));
    if (present?.isFile() && present.size === 0) await chmod(path, PRIVATE.file);
    // A file that is there is not opened: to close it would end the locks that SQLite holds on it in this process.
    if (!present) await (await open(path, 'a', PRIVATE.file)).close();
  } catch {
    // The code that opens the file reports better what is wrong.
  }
}

async function write(path: string, content: string | Uint8Array, modes: Modes): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: modes.folder });
  const draft = join(folder, `.${basename(path)}.${randomId().slice(0, 12)}.tmp`);
  try {
    await writeWhole(draft, content, modes.file);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Syncs before it closes: a rename must not reach the disk before the bytes do. */
async function writeWhole(path: string, content: string | Uint8Array, mode: number | undefined): Promise<void> {
  const file: FileHandle = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file that is replaced keeps its permissions. */
async function modeOf(path: string): Promise<number | undefined> {
  const present = await unlessMissing(stat(path));
  return present && present.mode & 0o777;
}

async function unlessMissing<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ELOOP') return undefined;
    throw error;
  }
}
