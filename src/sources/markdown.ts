/** A folder of Markdown files with front matter as a source of posts, by the rules of the generator of its site. */
import { extname, join, relative, resolve, sep } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { CollectRequest, Source } from '../domain/ports/content.js';
import type { Files, FileVersion } from '../domain/ports/host.js';
import type { BodyReading, BrokenPost, Collection, FilesNote, Omission, PostHead } from '../domain/post.js';
import { trimEndOf } from '../domain/trim.js';
import { siteFactsFrom, withFolderDefaults } from './dialects/index.js';
import { isOtherFormat, isPostPath } from './file-name.js';
import {
  isMisnamed,
  listingOf,
  openFile,
  type Place,
  readerOf,
  readFile,
  readFiles,
  unfinishedPost,
} from './file-readings.js';
import { openIgnored } from './ignored-files.js';
import { localPicture } from './local-picture.js';
import type { MarkdownOptions } from './markdown-options.js';
import type { ParseJob } from './parse.js';
import { referenceFrom } from './post-references.js';
import { changedBody, type ReadBody } from './read-body.js';
import type { ReadOmissions } from './read-omissions.js';
import { type SourceFacts, sourceFactsFrom } from './source-facts.js';
import type { SourceTools } from './source-tools.js';

/** Opens a folder of Markdown; nothing is read before `collect`. */
export function markdownSource(name: string, options: MarkdownOptions, tools: SourceTools): Source {
  const folder = resolve(tools.contentDir, options.dir);
  const { files, runParse } = tools;
  /** What the site said when the folder was last listed. */
  let latest: Promise<Place> | undefined;
  const openPlace = async (paths: readonly string[]): Promise<Place> => {
    const found = await siteFactsFrom(folder, files, options.dialect);
    const facts = sourceFactsFrom(name, options, await withFolderDefaults(found, paths, files));
    const isIgnored = openIgnored(facts.generator, facts.below);
    return { folder, facts, reader: readerOf(facts), files, runParse, isIgnored };
  };
  const list = () => filesIn(folder, files, { name, dir: options.dir });
  const place = () => {
    latest ??= list().then((found) => openPlace([...found.keys()]));
    return latest;
  };
  return {
    name,
    folder,
    collect: async (request) => {
      const found = await list();
      latest = openPlace([...found.keys()]);
      return collect(await latest, found, request);
    },
    bodies: async (posts, signal) => {
      const opened = await place();
      return Promise.all(posts.map((post) => readOneBody(opened, post, signal)));
    },
    omissions: async (posts, signal) => {
      const opened = await place();
      return Promise.all(posts.map((post) => omissionsOf(opened, post, signal)));
    },
    picture: async (address, posts) => localPicture(await place(), address, posts),
    reread: async (path) => reread(await place(), path),
  };
}

async function collect(
  place: Place,
  files: ReadonlyMap<string, FileVersion>,
  request: CollectRequest,
): Promise<Collection> {
  const { facts } = place;
  const listing = listingOf(place, files, request.now);
  if (listing !== undefined && listing === request.listing) {
    return { source: facts.name, posts: [], broken: [], complete: true, isUnchanged: true };
  }
  const paths = [...files.keys()].filter((path) => !place.isIgnored(path));
  const posts: PostHead[] = [];
  const broken: BrokenPost[] = [];
  const undated: string[] = [];
  const listed = new Set(paths);
  // A folder whose name is not UTF-8 is listed by itself, for its files cannot be.
  const isMisnamedFolder = (path: string) => isMisnamed(path) && extname(path) === '';
  const candidates = paths.filter(
    (path) => isPostPath(path, facts, (other) => listed.has(other)) || isMisnamedFolder(path),
  );
  const { results, isCertain } = await readFiles(place, candidates, files, request);
  for (const [index, result] of results.entries()) {
    if (result.kind === 'post') posts.push(result.post);
    else if (result.kind === 'broken') broken.push(result.broken);
    else if (result.why === 'undated') undated.push(candidates[index] as string);
  }
  const notes = [...notesOn('undated', facts, undated), ...notesOn('format', facts, paths.filter(isOtherFormat))];
  return {
    ...{ source: facts.name, posts, broken, complete: true },
    ...(notes.length > 0 && { notes }),
    ...(listing !== undefined && isCertain && { listing }),
  };
}

/** Many files with one thing in common are one note. */
function notesOn(kind: FilesNote['kind'], { dir }: SourceFacts, paths: readonly string[]): readonly FilesNote[] {
  const [example] = paths;
  return example === undefined ? [] : [{ kind, count: paths.length, example: `${trimEndOf(dir, '/')}/${example}` }];
}

async function reread(place: Place, absolute: string): Promise<Collection | undefined> {
  const path = relative(place.folder, absolute).split(sep).join('/');
  if (path.startsWith('../') || !(await isPostFile(place, path))) return undefined;
  const { result } = await readFile(place, path);
  if (result.kind === 'no-post') return undefined;
  return {
    source: place.facts.name,
    posts: result.kind === 'post' ? [result.post] : [],
    broken: result.kind === 'broken' ? [result.broken] : [],
    complete: false,
  };
}

/** Whether a file that no listing has told of can be a post: a file it depends on is looked for. */
async function isPostFile({ folder, facts, files, isIgnored }: Place, path: string): Promise<boolean> {
  if (isIgnored(path)) return false;
  const asked: string[] = [];
  const isPost = isPostPath(path, facts, (other) => {
    asked.push(other);
    return false;
  });
  if (!isPost) return false;
  const found = await Promise.all(asked.map((other) => files.read(join(folder, other)).catch(() => undefined)));
  return found.every((bytes) => bytes === undefined);
}

/** All files below the folder by their paths within it, in order. */
async function filesIn(
  folder: string,
  files: Pick<Files, 'versions'>,
  facts: { readonly name: string; readonly dir: string },
): Promise<ReadonlyMap<string, FileVersion>> {
  let listed: ReadonlyMap<string, FileVersion> | undefined;
  try {
    listed = await files.versions(folder);
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
  const start = folder.length + (folder.endsWith(sep) ? 0 : 1);
  const within = (path: string) => (sep === '/' ? path.slice(start) : path.slice(start).split(sep).join('/'));
  return new Map([...listed].map(([path, version]) => [within(path), version]));
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

const NOT_ASKED = { result: undefined };

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
      const { result } = address === '' ? await readFile(place, path, signal) : NOT_ASKED;
      if (result?.kind === 'post' && result.post.url !== undefined) address = result.post.url + fragment;
    }
    links.push([reference, address]);
  }
  return Object.fromEntries(links);
}

function unreadBody(kind: 'broken' | 'unread', { where, message }: BrokenPost): BodyReading {
  return { kind, where, message };
}
