/** Reads the files of a folder as posts, and no file again that is as it was. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { CollectRequest, FileLook } from '../domain/ports/content.js';
import type { Files, FileVersion, JobEnd, RunJob } from '../domain/ports/host.js';
import { type BrokenPost, headFromData } from '../domain/post.js';
import type { ParseJob } from './parse.js';
import { brokenPost, type ReadPost, unfinished } from './post-reading.js';
import type { SourceFacts } from './source-facts.js';

/** A folder, and what its site says. */
export interface Place {
  readonly folder: string;
  readonly facts: SourceFacts;
  /** Names everything that the reading of a file depends on besides its bytes and path. */
  readonly reader: string;
  readonly files: Files;
  readonly runParse: RunJob;
  /** Whether the site leaves a file out, by its path within the source. */
  isIgnored(path: string): boolean;
}

/** Count up when a file gives another post than before: kept readings are then read again. */
const READER_VERSION = 3;
/** A file written this shortly before it was looked at may be written again and look the same. */
const CERTAIN_AFTER_MS = 2_000;
/** So many files are open at once and ready for the parser. */
const FILES_AT_ONCE = 64;

/** So many characters of a listing are hashed with one call, because the calls take longer than the hashing. */
const HASHED_AT_ONCE = 64_000;

/** A name for a folder as it is; `undefined` while one of its files was just written. */
export function listingOf({ reader }: Place, files: ReadonlyMap<string, FileVersion>, now: Date): string | undefined {
  const hash = createHash('sha256').update(reader);
  let lines = '';
  for (const [path, file] of files) {
    if (!isCertain(file, now)) return undefined;
    lines += `${path}\0${file.version}\0`;
    if (lines.length < HASHED_AT_ONCE) continue;
    hash.update(lines);
    lines = '';
  }
  return hash.update(lines).digest('base64url');
}

function isCertain({ changedAt }: FileVersion, now: Date): boolean {
  return changedAt < now.getTime() - CERTAIN_AFTER_MS;
}

/** The `reader` of a place. */
export function readerOf(facts: SourceFacts): string {
  return createHash('sha256')
    .update(`${READER_VERSION} ${JSON.stringify(facts)}`)
    .digest('base64url');
}

export interface ReadFiles {
  /** In the order of the paths. */
  readonly results: readonly ReadPost[];
  /** Each was read to its end, so that reading them again would give the same. */
  readonly isCertain: boolean;
}

/** A reading, and what to keep of it; nothing where the next one may be different. */
interface FileReading {
  readonly result: ReadPost;
  readonly hash?: string;
}

export async function readFiles(
  place: Place,
  paths: readonly string[],
  versions: ReadonlyMap<string, FileVersion>,
  { now, looks, signal }: Pick<CollectRequest, 'now' | 'looks' | 'signal'>,
): Promise<ReadFiles> {
  const before = (await looks?.read()) ?? new Map<string, FileLook>();
  const results: ReadPost[] = [];
  const changed = new Map<string, FileLook>();
  let areCertain = true;

  async function readOne(at: number): Promise<void> {
    const path = paths[at] as string;
    const file = versions.get(path);
    const version = file && isCertain(file, now) ? `${place.reader} ${file.version}` : '';
    const look = before.get(path);
    if (look && version !== '' && look.version === version) {
      results[at] = readingFrom(look.reading);
      return;
    }
    const { result, hash } = await readFile(place, path, signal, look);
    results[at] = result;
    if (hash === undefined) areCertain = false;
    else if (look?.hash !== hash || look.version !== version) changed.set(path, { version, hash, reading: result });
  }

  let next = 0;
  const readNext = async () => {
    for (let at = next++; at < paths.length; at = next++) {
      signal?.throwIfAborted();
      await readOne(at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(FILES_AT_ONCE, paths.length) }, readNext));
  const present = new Set(paths);
  const gone = [...before.keys()].filter((path) => !present.has(path));
  if (looks && changed.size + gone.length > 0) await keepLooks(looks, changed, gone);
  return { results, isCertain: areCertain };
}

/** Looks save time and nothing else: a database that cannot be written must not prevent a collection. */
async function keepLooks(
  looks: NonNullable<CollectRequest['looks']>,
  changed: ReadonlyMap<string, FileLook>,
  gone: readonly string[],
): Promise<void> {
  try {
    await looks.keep(changed, gone);
  } catch (error) {
    if (!(error instanceof GazetteError)) throw error;
  }
}

function readingFrom(data: unknown): ReadPost {
  const reading = data as ReadPost;
  return reading.kind === 'post' ? { kind: 'post', post: headFromData(reading.post) } : reading;
}

/** @param look what was read of the file before: the same bytes are not parsed again */
export async function readFile(
  place: Place,
  path: string,
  signal?: AbortSignal,
  look?: FileLook,
): Promise<FileReading> {
  const { facts, reader, runParse } = place;
  const file = await openFile(place, path);
  if (file.kind === 'broken') return { result: file };
  // Gone between the listing and the reading: it is as if it had not been listed.
  if (file.kind === 'gone') return { result: { kind: 'no-post' } };
  const hash = createHash('sha256').update(reader).update(file.bytes).digest('base64url');
  if (look?.hash === hash) return { result: readingFrom(look.reading), hash };
  const job: ParseJob = { kind: 'post', path, bytes: file.bytes, facts };
  const end = await runParse(job, signal);
  if (end.kind === 'done') return { result: end.result as ReadPost, hash };
  return { result: { kind: 'broken', broken: unfinishedPost(path, facts, end) } };
}

/** A post that cannot be read to its end is broken, and the others go on. */
export function unfinishedPost(path: string, facts: SourceFacts, end: Exclude<JobEnd, { kind: 'done' }>): BrokenPost {
  const message = `${unfinished(end)} Look for brackets, quotes or tags that are never closed, or split the post.`;
  return brokenPost(path, facts, [{ line: 1, column: 1, message }]);
}

type OpenedFile =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'gone' }
  | { readonly kind: 'broken'; readonly broken: BrokenPost };

const MISNAMED = {
  line: 1,
  column: 1,
  message: 'The name is not UTF-8 (at “\ufffd”), so it cannot be opened. Rename the file or folder.',
};

/** Whether a listing could not give the name as it is. */
export function isMisnamed(path: string): boolean {
  return path.includes('\ufffd');
}

export async function openFile({ folder, facts, files }: Place, path: string): Promise<OpenedFile> {
  try {
    const bytes = await files.read(join(folder, path));
    if (bytes !== undefined) return { kind: 'file', bytes };
    return isMisnamed(path) ? { kind: 'broken', broken: brokenPost(path, facts, [MISNAMED]) } : { kind: 'gone' };
  } catch {
    const message = 'The file cannot be opened. Check the rights of the file.';
    return { kind: 'broken', broken: brokenPost(path, facts, [{ line: 1, column: 1, message }]) };
  }
}
