/** What the path of a post says: its slug, perhaps its date, its folders. */
import { isReal, type WallTime } from './dates.js';

export interface PathFacts {
  readonly slug: string;
  /** The date in the file's name, or in the name of a page bundle's folder. */
  readonly date?: WallTime;
  /** In Jekyll's `_drafts`. */
  readonly isDraft: boolean;
  /** Folders above Jekyll's `_posts` or `_drafts`, which it takes for categories. */
  readonly categories: readonly string[];
  /** The path without its extension and without `/index`. */
  readonly stem: string;
}

const DATED = /^(\d{4}|\d{2})-(\d{1,2})-(\d{1,2})(?:[-_](.+))?$/;
const EXTENSION = /\.(?:md|markdown|mdx)$/i;

/** Whether a path can be a post at all: Markdown, not hidden, not a section page or an include. */
export function isPostPath(path: string): boolean {
  const segments = path.split('/');
  const isKeptOut = (segment: string) =>
    segment.startsWith('.') ||
    segment === 'node_modules' ||
    (segment.startsWith('_') && segment !== '_posts' && segment !== '_drafts');
  return EXTENSION.test(path) && !segments.some(isKeptOut);
}

/** @param path within the source, with `/` */
export function pathFactsFrom(path: string): PathFacts {
  const stem = path.replace(EXTENSION, '').replace(/\/index$/i, '');
  const segments = stem.split('/');
  const name = segments.at(-1) as string;
  const special = segments.findIndex((segment) => segment === '_posts' || segment === '_drafts');
  const dated = DATED.exec(name);
  const date = dated === null ? undefined : dateFrom(dated);
  return {
    slug: (date !== undefined ? dated?.[4] : undefined) ?? name,
    ...(date === undefined ? {} : { date }),
    isDraft: segments.includes('_drafts'),
    categories: segments.slice(0, Math.max(0, special)),
    stem,
  };
}

function dateFrom(dated: RegExpExecArray): WallTime | undefined {
  const year = Number(dated[1]);
  const century = dated[1]?.length === 4 ? 0 : year < 69 ? 2000 : 1900;
  const date = { year: year + century, month: Number(dated[2]), day: Number(dated[3]), hour: 0, minute: 0, second: 0 };
  return isReal(date) ? date : undefined;
}
