/** In which folder of a site its posts are. Pure. */
import type { SiteFacts } from '../dialects/index.js';

export interface PostFolder {
  /** Below the folder of the site; '' when it is all of it. */
  readonly dir: string;
  /** Other folders with posts, which are not read, and how many each has. */
  readonly others: readonly { readonly dir: string; readonly posts: number }[];
}

/** @param paths of its posts, below the folder of the site; at least one */
export function postFolderOf(
  paths: readonly string[],
  { dialect, postDirs, contentDirs }: Pick<SiteFacts, 'dialect' | 'postDirs' | 'contentDirs'>,
): PostFolder {
  const dir = usualFolder(paths, postDirs) ?? commonFolder(paths);
  const counts = new Map<string, number>();
  for (const path of paths.filter((each) => !isBelow(each, dir))) {
    const folder = topFolder(path, contentDirs);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  // Everything in a folder `_posts` is a post, wherever that is; pages of other generators may have a date and be none.
  if (dialect === 'jekyll' && counts.size > 0) return { dir: commonFolder(paths), others: [] };
  return { dir, others: [...counts].map(([folder, posts]) => ({ dir: folder, posts })) };
}

/** The usual folder with most posts, if half of all are in it. */
function usualFolder(paths: readonly string[], postDirs: readonly string[]): string | undefined {
  const count = (dir: string) => paths.filter((path) => isBelow(path, dir)).length;
  const used = postDirs.filter((dir) => count(dir) > 0);
  const innermost = used.filter((dir) => !used.some((other) => other !== dir && isBelow(other, dir)));
  const [most] = innermost.sort((one, other) => count(other) - count(one));
  return most !== undefined && count(most) * 2 >= paths.length ? most : undefined;
}

/** The folder that all are below, but no folder of a time: that of next year is beside it. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const end = first.findIndex((step, at) => isOfTime(step) || others.some((steps) => steps[at] !== step));
  return (end === -1 ? first : first.slice(0, end)).join('/');
}

/** `2026`, `2026-06`, `06`, `2026-06-09-a-post`. */
function isOfTime(step: string): boolean {
  return /^(?:\d{4}|\d{2})(?:[-_.]\d|$)/.test(step);
}

/** The folder directly below that of all content. */
function topFolder(path: string, contentDirs: readonly string[]): string {
  const content = contentDirs.find((dir) => isBelow(path, dir)) ?? '';
  const [step = '', ...rest] = path.slice(content === '' ? 0 : content.length + 1).split('/');
  return [content, rest.length > 0 ? step : ''].filter((part) => part !== '').join('/') || '.';
}

function isBelow(path: string, dir: string): boolean {
  return dir === '' || path.startsWith(`${dir}/`);
}
