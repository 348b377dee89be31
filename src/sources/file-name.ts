/** What the path of a post says: its slug, perhaps its date, its language and its folders. */
import { isReal, type WallTime } from './dates.js';
import { dialectNamed, type SiteFacts } from './dialects/index.js';

export interface PathFacts {
  readonly slug: string;
  /** The date in the file's name, or in a folder's. */
  readonly date?: WallTime;
  /** In a folder `_drafts`. */
  readonly isDraft: boolean;
  /** Folders above Jekyll's `_posts` or `_drafts`, which it takes for categories. */
  readonly categories: readonly string[];
  /** Below the content folder, without extension, language and `/index`. */
  readonly path: string;
  /** The same below the folder of the source. */
  readonly sourcePath: string;
  readonly name: string;
  readonly isIndex: boolean;
  readonly language?: string;
}

/** Where in its site a folder of posts is. */
export interface SitePlace {
  readonly generator: SiteFacts;
  /** The folder of the source below the folder of the site, with `/` at its end; '' when they are the same. */
  readonly below: string;
}

const DATED = /^(\d{4}|\d{2})-(\d{1,2})-(\d{1,2})(?:[-_](.+))?$/;
/** Endings of texts that some generator makes posts of, and this program does not read. */
const OTHER_FORMATS = /\.(?:adoc|asciidoc|org|rst|textile|ipynb|njk|liquid|haml|pug)$/i;

/** Whether a path can be a post at all: the right ending, not hidden, not an include. @param has whether the source has a file */
export function isPostPath(path: string, place: SitePlace, has: (path: string) => boolean = () => false): boolean {
  const segments = path.split('/');
  const isKeptOut = (segment: string) =>
    segment.startsWith('.') ||
    segment === 'node_modules' ||
    (segment.startsWith('_') && segment !== '_posts' && segment !== '_drafts');
  if (segments.some(isKeptOut)) return false;
  const dialect = dialectNamed(place.generator.dialect);
  if (!dialect.extensions.includes(extensionOf(path))) return false;
  const prefix = prefixOf(path, place);
  return dialect.isPost(
    contentPathOf(path, place),
    (other) => has(sourcePathOf(other, prefix, place)),
    place.generator,
  );
}

/** Whether a file looks like a post in a format that is not read. */
export function isOtherFormat(path: string): boolean {
  return OTHER_FORMATS.test(path) && !/(?:^|\/)[._]/.test(path) && DATED.test(path.split('/').at(-1) as string);
}

/** @param path within the source, with `/` */
export function pathFactsFrom(path: string, place: SitePlace): PathFacts {
  const { generator } = place;
  const dialect = dialectNamed(generator.dialect);
  const named = dialect.languageOf(contentPathOf(path, place), generator);
  const isMultilingual = generator.languages.length > 1 && dialect.tellsLanguagesByName;
  const language =
    named.language ?? folderLanguageOf(path, place) ?? (isMultilingual ? generator.languages[0] : undefined);
  const stem = withoutExtension(named.path);
  const whole = stem.replace(/(^|\/)index$/i, '');
  const segments = whole.split('/');
  const name = segments.at(-1) as string;
  const special = segments.findIndex((segment) => segment === '_posts' || segment === '_drafts');
  const dated = DATED.exec(name);
  const date = dated === null ? undefined : dateFrom(dated);
  const isSlugWithoutDate = date !== undefined && (dialect.hasDatedNames || generator.switches.datedNames === true);
  const someDate = date ?? dateInFolders(segments);
  return {
    slug: (isSlugWithoutDate ? dated?.[4] : undefined) ?? name,
    ...(someDate === undefined ? {} : { date: someDate }),
    isDraft: segments.includes('_drafts'),
    categories: segments.slice(0, Math.max(0, special)),
    path: whole,
    sourcePath: withoutExtension(path).replace(/(^|\/)index$/i, ''),
    name,
    isIndex: whole !== stem,
    ...(language === undefined ? {} : { language }),
  };
}

/** The path below the content folder of the site. */
export function contentPathOf(path: string, place: SitePlace): string {
  return `${place.below}${path}`.slice(prefixOf(path, place).length);
}

/** The folder that addresses are made without, with `/` at its end. */
function prefixOf(path: string, { generator, below }: SitePlace): string {
  const whole = `${below}${path}`;
  const dir = generator.contentDirs.find((each) => whole.startsWith(`${each}/`));
  return dir === undefined ? '' : `${dir}/`;
}

/** The other way: what a path below the content folder is within the source. */
function sourcePathOf(contentPath: string, prefix: string, { below }: SitePlace): string {
  const whole = `${prefix}${contentPath}`;
  return whole.startsWith(below) ? whole.slice(below.length) : `../${whole}`;
}

/** Hugo: a content folder of its own for each language. */
function folderLanguageOf(path: string, place: SitePlace): string | undefined {
  const dir = prefixOf(path, place).slice(0, -1);
  return place.generator.languages.find((language) => place.generator.switches[`content:${language}`] === dir);
}

function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

function withoutExtension(path: string): string {
  return path.replace(/\.[a-z0-9]+$/i, '');
}

/** `2026/05/05/x`, or a folder named by a date. */
function dateInFolders(segments: readonly string[]): WallTime | undefined {
  for (let at = segments.length - 2; at >= 0; at -= 1) {
    const dated =
      DATED.exec(segments[at] as string) ?? DATED.exec(segments.slice(Math.max(0, at - 2), at + 1).join('-'));
    const date = dated?.[1]?.length === 4 ? dateFrom(dated) : undefined;
    if (date !== undefined) return date;
  }
  return undefined;
}

function dateFrom(dated: RegExpExecArray): WallTime | undefined {
  const year = Number(dated[1]);
  const century = dated[1]?.length === 4 ? 0 : year < 69 ? 2000 : 1900;
  const date = { year: year + century, month: Number(dated[2]), day: Number(dated[3]), hour: 0, minute: 0, second: 0 };
  return isReal(date) ? date : undefined;
}
