/** A folder of Markdown files with front matter as a source of posts, by the rules of the generator of its site. */
import { createHash } from 'node:crypto';
import { join, relative, resolve, sep } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { Source } from '../domain/ports/content.js';
import type { Files, RunJob } from '../domain/ports/host.js';
import type { BodyReading, BrokenPost, Collection, FilesNote, Omission, PostHead } from '../domain/post.js';
import { trimEndOf } from '../domain/trim.js';
import { siteFactsFrom, withFolderDefaults } from './dialects/index.js';
import { isOtherFormat, isPostPath } from './file-name.js';
import type { MarkdownOptions } from './markdown-options.js';
import type { ParseJob } from './parse.js';
import { brokenPost, type ReadPost, unfinished } from './post-reading.js';
import { referenceFrom } from './post-references.js';
import { changedBody, type ReadBody } from './read-body.js';
import type { ReadOmissions } from './read-omissions.js';
import { type SourceFacts, sourceFactsFrom } from './source-facts.js';
import type { SourceTools } from './source-tools.js';

/** Opens a folder of Markdown; nothing is read before `collect`. */
export function markdownSource(name: string, options: MarkdownOptions, tools: SourceTools): Source {
  const folder = resolve(tools.contentDir, options.dir);
  const { files, readings, runParse } = tools;
  /** What the site said when the folder was last listed. */
  let latest: Promise<Place> | undefined;
  const openPlace = async (paths: readonly string[]): Promise<Place> => {
    const found = await siteFactsFrom(folder, files, options.dialect);
    const facts = sourceFactsFrom(name, options, await withFolderDefaults(found, paths, files));
    const read = reader(facts, runParse);
    return { folder, facts, files, runParse, read: readings ? keptReadings(read, facts, readings) : read };
  };
  const list = () => pathsIn(folder, files, { name, dir: options.dir });
  const place = () => {
    latest ??= list().then(openPlace);
    return latest;
  };
  return {
    name,
    folder,
    collect: async ({ signal }) => {
      const paths = await list();
      latest = openPlace(paths);
      return collect(await latest, paths, signal);
    },
    bodies: async (posts, signal) => {
      const opened = await place();
      return Promise.all(posts.map((post) => readOneBody(opened, post, signal)));
    },
    omissions: async (posts, signal) => {
      const opened = await place();
      return Promise.all(posts.map((post) => omissionsOf(opened, post, signal)));
    },
    reread: async (path) => reread(await place(), path),
  };
}

type Reader = (path: string, bytes: Uint8Array, signal?: AbortSignal) => Promise<ReadPost>;

interface Place {
  readonly folder: string;
  readonly facts: SourceFacts;
  readonly files: Files;
  readonly runParse: RunJob;
  readonly read: Reader;
}

/** Reads a file as a post; one that cannot be read to its end is broken, and the others go on. */
function reader(facts: SourceFacts, runParse: RunJob): Reader {
  return async (path, bytes, signal) => {
    const job: ParseJob = { kind: 'post', path, bytes, facts };
    const end = await runParse(job, signal);
    if (end.kind === 'done') return end.result as ReadPost;
    return { kind: 'broken', broken: unfinishedPost(path, facts, end) };
  };
}

function unfinishedPost(path: string, facts: SourceFacts, end: Parameters<typeof unfinished>[0]): BrokenPost {
  const message = `${unfinished(end)} Look for brackets, quotes or tags that are never closed, or split the post.`;
  return brokenPost(path, facts, [{ line: 1, column: 1, message }]);
}

/** A reading depends on the options, the path and the bytes alone: the same need not be read twice. */
function keptReadings(read: Reader, facts: SourceFacts, kept: NonNullable<SourceTools['readings']>): Reader {
  const options = JSON.stringify(facts);
  return async (path, bytes, signal) => {
    const key = `${facts.name}/${path}`;
    const hash = createHash('sha256').update(options).update(bytes).digest('base64');
    const before = kept.get(key);
    if (before?.hash === hash) return before.result as ReadPost;
    const result = await read(path, bytes, signal);
    kept.set(key, { hash, result });
    return result;
  };
}

async function collect(place: Place, paths: readonly string[], signal?: AbortSignal): Promise<Collection> {
  const { facts } = place;
  const posts: PostHead[] = [];
  const broken: BrokenPost[] = [];
  const undated: string[] = [];
  const listed = new Set(paths);
  const candidates = paths.filter((path) => isPostPath(path, facts, (other) => listed.has(other)));
  const results = await readFiles(place, candidates, signal);
  for (const [index, result] of results.entries()) {
    if (result.kind === 'post') posts.push(result.post);
    else if (result.kind === 'broken') broken.push(result.broken);
    else if (result.why === 'undated') undated.push(candidates[index] as string);
  }
  const notes = [...notesOn('undated', facts, undated), ...notesOn('format', facts, paths.filter(isOtherFormat))];
  return { source: facts.name, posts, broken, complete: true, ...(notes.length > 0 && { notes }) };
}

/** Many files with one thing in common are one note. */
function notesOn(kind: FilesNote['kind'], { dir }: SourceFacts, paths: readonly string[]): readonly FilesNote[] {
  const [example] = paths;
  return example === undefined ? [] : [{ kind, count: paths.length, example: `${trimEndOf(dir, '/')}/${example}` }];
}

/** So many files are open at once, and lie ready for the parser. */
const FILES_AT_ONCE = 64;

/** In the order of the paths. */
async function readFiles(place: Place, paths: readonly string[], signal?: AbortSignal): Promise<readonly ReadPost[]> {
  const results: ReadPost[] = [];
  let next = 0;
  const readNext = async () => {
    for (let at = next++; at < paths.length; at = next++) {
      signal?.throwIfAborted();
      results[at] = await readFile(place, paths[at] as string, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(FILES_AT_ONCE, paths.length) }, readNext));
  return results;
}

async function reread(place: Place, absolute: string): Promise<Collection | undefined> {
  const path = relative(place.folder, absolute).split(sep).join('/');
  if (path.startsWith('../') || !(await isPostFile(place, path))) return undefined;
  const result = await readFile(place, path);
  if (result.kind === 'no-post') return undefined;
  return {
    source: place.facts.name,
    posts: result.kind === 'post' ? [result.post] : [],
    broken: result.kind === 'broken' ? [result.broken] : [],
    complete: false,
  };
}

/** Whether a file that no listing has told of can be a post: a file it depends on is looked for. */
async function isPostFile({ folder, facts, files }: Place, path: string): Promise<boolean> {
  const asked: string[] = [];
  const isPost = isPostPath(path, facts, (other) => {
    asked.push(other);
    return false;
  });
  if (!isPost) return false;
  const found = await Promise.all(asked.map((other) => files.read(join(folder, other)).catch(() => undefined)));
  return found.every((bytes) => bytes === undefined);
}

/** All files below the folder, in order. */
async function pathsIn(
  folder: string,
  files: Pick<Files, 'list'>,
  facts: { readonly name: string; readonly dir: string },
): Promise<readonly string[]> {
  let listed: readonly string[] | undefined;
  try {
    listed = await files.list(folder);
  } catch (cause) {
    throw new GazetteError('source.failed', `The folder “${facts.dir}” of source “${facts.name}” cannot be read.`, {
      cause,
    });
  }
  if (listed === undefined) {
    throw new GazetteError('source.failed', `The folder “${facts.dir}” of source “${facts.name}” does not exist.`, {
      hint: 'Correct `dir` in content/sources.yaml; it is relative to content/.',
    });
  }
  return listed.map((path) => relative(folder, path).split(sep).join('/'));
}

async function readFile(place: Place, path: string, signal?: AbortSignal): Promise<ReadPost> {
  const file = await openFile(place, path);
  if (file.kind === 'broken') return file;
  // Gone between the listing and the reading: it is as if it had not been listed.
  return file.kind === 'gone' ? { kind: 'no-post' } : place.read(path, file.bytes, signal);
}

async function readOneBody(
  place: Place,
  { place: path, bodyHash, url }: PostHead,
  signal?: AbortSignal,
): Promise<BodyReading> {
  const file = await openFile(place, path);
  const { facts, runParse } = place;
  if (file.kind === 'gone') return changedBody(path, facts);
  if (file.kind === 'broken') return unreadBody('unread', file.broken);
  const read = async (links: Links): Promise<ReadBody> => {
    const listed = { bodyHash, links, ...(url !== undefined && { url }) };
    const job: ParseJob = { kind: 'body', path, bytes: file.bytes, facts, listed };
    const end = await runParse(job, signal);
    return end.kind === 'done' ? (end.result as ReadBody) : unreadBody('broken', unfinishedPost(path, facts, end));
  };
  const { references, ...body } = await read({});
  if (references === undefined) return body;
  const { references: _, ...linked } = await read(await linksTo(place, path, references, signal));
  return linked;
}

/** Empty for a file that cannot be read: that is told as a broken post. */
async function omissionsOf(
  place: Place,
  { place: path, url }: PostHead,
  signal?: AbortSignal,
): Promise<readonly Omission[]> {
  const file = await openFile(place, path);
  if (file.kind !== 'file') return [];
  const read = async (links: Links): Promise<ReadOmissions | undefined> => {
    const listed = { links, ...(url !== undefined && { url }) };
    const job: ParseJob = { kind: 'omissions', path, bytes: file.bytes, facts: place.facts, listed };
    const end = await place.runParse(job, signal);
    return end.kind === 'done' ? (end.result as ReadOmissions) : undefined;
  };
  const first = await read({});
  if (first === undefined || first.references.length === 0) return first?.omissions ?? [];
  return (await read(await linksTo(place, path, first.references, signal)))?.omissions ?? [];
}

type Links = { readonly [reference: string]: string };

/** The addresses of posts that a post refers to, from the heads of their files; empty for those that are not there. */
async function linksTo(
  place: Place,
  from: string,
  references: readonly string[],
  signal?: AbortSignal,
): Promise<Links> {
  const links: [string, string][] = [];
  for (const reference of references) {
    const { files, fragment } = referenceFrom(reference, from, place.facts);
    let address = '';
    for (const path of files) {
      const result = address === '' ? await readFile(place, path, signal) : undefined;
      if (result?.kind === 'post' && result.post.url !== undefined) address = result.post.url + fragment;
    }
    links.push([reference, address]);
  }
  return Object.fromEntries(links);
}

function unreadBody(kind: 'broken' | 'unread', { where, message }: BrokenPost): BodyReading {
  return { kind, where, message };
}

type OpenedFile =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'gone' }
  | { readonly kind: 'broken'; readonly broken: BrokenPost };

async function openFile({ folder, facts, files }: Place, path: string): Promise<OpenedFile> {
  try {
    const bytes = await files.read(join(folder, path));
    return bytes === undefined ? { kind: 'gone' } : { kind: 'file', bytes };
  } catch {
    const message = 'The file cannot be opened. Check the rights of the file.';
    return { kind: 'broken', broken: brokenPost(path, facts, [{ line: 1, column: 1, message }]) };
  }
}
