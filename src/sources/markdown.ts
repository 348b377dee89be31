/** A folder of Markdown files with front matter as a source of posts: Jekyll, Hugo, Eleventy, Astro or none of them. */
import { join, relative, resolve, sep } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { Files, Source } from '../domain/ports.js';
import type { BrokenPost, Collection, Post } from '../domain/post.js';
import { isPostPath } from './file-name.js';
import type { MarkdownOptions } from './markdown-options.js';
import { brokenPost, type ReadPost, readPost, type SourceFacts } from './read-post.js';
import type { SourceTools } from './source-tools.js';

/** A source that can also read one of its files again, as an editor writes it. */
export interface MarkdownSource extends Source {
  /** @param path within the source, with `/` */
  readPost(path: string, bytes: Uint8Array): ReadPost;
}

/** Opens a folder of Markdown; nothing is read before `collect`. */
export function markdownSource(name: string, options: MarkdownOptions, tools: SourceTools): MarkdownSource {
  const folder = resolve(tools.contentDir, options.dir);
  const facts: SourceFacts = { ...options, name };
  return {
    name,
    readPost: (path, bytes) => readPost(path, bytes, facts),
    collect: (signal) => collect(folder, facts, tools.files, signal),
  };
}

async function collect(folder: string, facts: SourceFacts, files: Files, signal?: AbortSignal): Promise<Collection> {
  const posts: Post[] = [];
  const broken: BrokenPost[] = [];
  for (const path of await pathsIn(folder, facts, files)) {
    signal?.throwIfAborted();
    const result = await readFile(folder, path, facts, files);
    if (result.kind === 'post') posts.push(result.post);
    else if (result.kind === 'broken') broken.push(result.broken);
  }
  const clashes = clashesAmong(posts, facts);
  const clashing = new Set(clashes.map(({ keys }) => keys.path));
  return {
    source: facts.name,
    posts: posts.filter(({ place }) => !clashing.has(place)),
    broken: [...broken, ...clashes],
    complete: true,
  };
}

async function pathsIn(folder: string, facts: SourceFacts, files: Files): Promise<readonly string[]> {
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
  return listed.map((path) => relative(folder, path).split(sep).join('/')).filter(isPostPath);
}

async function readFile(folder: string, path: string, facts: SourceFacts, files: Files): Promise<ReadPost> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await files.read(join(folder, path));
  } catch {
    const message = 'The file cannot be opened. Check the rights of the file.';
    return { kind: 'broken', broken: brokenPost(path, facts, [{ line: 1, column: 1, message }]) };
  }
  // Gone between the listing and the reading: it is as if it had not been listed.
  return bytes === undefined ? { kind: 'no-post' } : readPost(path, bytes, facts);
}

/** Live posts that share an id or a URL: neither may be sent, since nobody can tell which is meant (laws §1.9). */
function clashesAmong(posts: readonly Post[], facts: SourceFacts): readonly BrokenPost[] {
  const sharing = new Map<string, Post[]>();
  for (const post of posts.filter(({ draft }) => !draft)) {
    const { id, url } = post.keys;
    for (const key of [id && `the id “${id}”`, url && `the address ${url}`]) {
      if (key) sharing.set(key, [...(sharing.get(key) ?? []), post]);
    }
  }
  const clashes = new Map<string, BrokenPost>();
  for (const [shared, group] of sharing) {
    for (const post of group.length > 1 ? group : []) {
      const others = group.filter((other) => other !== post).map(({ place }) => place);
      const message = `This post has ${shared}, and so has ${others.join(', ')}. Give each its own.`;
      if (!clashes.has(post.place)) {
        clashes.set(post.place, brokenPost(post.place, facts, [{ line: 1, column: 1, message }], post.keys));
      }
    }
  }
  return [...clashes.values()];
}
