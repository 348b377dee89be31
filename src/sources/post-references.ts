/** What a post calls another post by, and in which files that may be: `post_url` of Jekyll, `ref` of Hugo, a link to a file. */
import { posix } from 'node:path';
import type { SourceFacts } from './source-facts.js';

const ENDINGS = ['', '.md', '.markdown', '.mdx', '/index.md', '/index.mdx'];

export interface Reference {
  /** Paths within the source, the likeliest first. */
  readonly files: readonly string[];
  /** What follows the address. */
  readonly fragment: string;
}

/** @param reference a kind and a target, as `linkTo` notes it. @param from the path of the post within the source */
export function referenceFrom(reference: string, from: string, { below, generator }: SourceFacts): Reference {
  const space = reference.indexOf(' ');
  const [kind, written] = [reference.slice(0, space), reference.slice(space + 1)];
  const hash = written.indexOf('#');
  const target = (hash === -1 ? written : written.slice(0, hash)).replace(/^@\//, '/');
  const fragment = hash === -1 ? '' : written.slice(hash);
  const stems = (
    kind === 'link' ? linkedStems(target, below) : stemsNear(target, from, below, generator.contentDirs)
  ).map((stem) => posix.normalize(stem));
  const endings = /\.(?:mdx?|markdown)$/i.test(target) ? [''] : ENDINGS;
  const files = [...new Set(stems)].flatMap((stem) => endings.map((ending) => stem + ending));
  return { files: files.filter((path) => !path.startsWith('../') && path !== from), fragment };
}

/** A folder of the site as one of the source; `undefined` when it is not below it. */
function withinSource(dir: string, below: string): string | undefined {
  if (dir.startsWith(below)) return dir.slice(below.length);
  return below.startsWith(dir) ? '' : undefined;
}

/** Jekyll's `link` names a file from the folder of the site, or from that of its collections. */
function linkedStems(target: string, below: string): readonly string[] {
  const path = target.replace(/^\//, '');
  const posts = path.lastIndexOf('_posts/');
  return [path.startsWith(below) ? path.slice(below.length) : path, ...(posts === -1 ? [] : [path.slice(posts + 7)])];
}

/** Beside the post, among Jekyll's posts, or from a folder that addresses are made without. */
function stemsNear(target: string, from: string, below: string, contentDirs: readonly string[]): readonly string[] {
  const path = target.replace(/^\//, '');
  const ofPosts = /^(?:.*\/)?_posts\//.exec(from)?.[0];
  const beside = target.startsWith('/') ? [] : [`${posix.dirname(from)}/`];
  const roots = ['', ...contentDirs.map((dir) => `${dir}/`), '_posts/'].flatMap((dir) => {
    const within = withinSource(dir, below);
    // A source may be one folder of the content: its name is part of what the post wrote.
    const whole = dir + path;
    const named = whole.startsWith(below) ? [whole.slice(below.length)] : [];
    return [...named, ...(within === undefined ? [] : [within + path])];
  });
  return [...[...(ofPosts === undefined ? [] : [ofPosts]), ...beside].map((place) => place + path), ...roots];
}
