/** What site generators do differently. Each dialect is one file behind this interface, and one line in the registry. */
import type { WallTime } from '../dates.js';

export const DIALECT_NAMES = [
  ...(['hugo', 'jekyll', 'eleventy', 'astro', 'zola', 'hexo', 'docusaurus', 'vitepress'] as const),
  'plain',
] as const;

export type DialectName = (typeof DIALECT_NAMES)[number];

/** `dashes`: `--` is an en dash and `---` an em dash; `em-dashes`: two hyphens alone are an em dash. Quotes are curly and `...` is one sign in either. */
export type SmartPunctuation = 'none' | 'dashes' | 'em-dashes';

/** What a site says of itself in its own configuration, as plain data. */
export interface SiteFacts {
  readonly dialect: DialectName;
  /** The file it was read from, below the folder of the site; absent when there is none. */
  readonly config?: string;
  /** Absolute, with the path the site is below, without a slash at the end. */
  readonly siteUrl?: string;
  readonly title?: string;
  /** The default language first. */
  readonly languages: readonly string[];
  readonly timezone?: string;
  /** Patterns of addresses by section or collection; that of all others under ''. */
  readonly permalinks: { readonly [section: string]: string };
  /** The keys of front matter that name categories. */
  readonly taxonomies: readonly string[];
  readonly excerptSeparator?: string;
  /** Folders below the site's that addresses are made without: `content`, `src/pages`. */
  readonly contentDirs: readonly string[];
  /** Where its posts usually are, below the folder of the site. */
  readonly postDirs: readonly string[];
  /** Names of authors by the key posts use. */
  readonly authors: { readonly [key: string]: string };
  /** Front matter that the posts of a folder have without writing it, the most specific first. */
  readonly defaults: readonly FolderDefaults[];
  /** The picture of posts without one. */
  readonly image?: string;
  /** What templates in posts may call by name: `repository` is what `site.repository` comes to. */
  readonly values?: { readonly [name: string]: string };
  /** Files of patterns, as Git writes them, of what is no part of the site. */
  readonly ignored?: readonly IgnoredPaths[];
  /** Switches only this dialect knows. */
  readonly switches: { readonly [name: string]: string | boolean };
}

export interface IgnoredPaths {
  /** The folder they are relative to, below the site's, with `/` at its end; '' is the site's. */
  readonly under: string;
  readonly patterns: string;
}

export interface FolderDefaults {
  /** A folder below the site's, with `/` at its end, or a file; '' is the whole site. */
  readonly under: string;
  readonly values: { readonly [key: string]: unknown };
}

/** The folder of a site, read only: what is not there is `undefined`. */
export interface SiteFolder {
  read(path: string): Promise<string | undefined>;
  /** The first of these files that exists, with its text. */
  first(...paths: readonly string[]): Promise<{ readonly path: string; readonly text: string } | undefined>;
}

/** What the address of a post is made from. */
export interface AddressFacts {
  /** Below the content folder, without extension and without `/index`. */
  readonly path: string;
  /** The same below the folder of the source. */
  readonly sourcePath: string;
  /** The last step of the path as written. */
  readonly name: string;
  /** The name without a date; as front matter says, if it does. */
  readonly slug: string;
  /** As front matter says. */
  readonly ownSlug?: string;
  readonly title?: string;
  /** Whether the file is the `index` of its folder. */
  readonly isIndex: boolean;
  /** When it was published, by the clocks of the source; `undefined` for a draft without a date. */
  readonly date: WallTime | undefined;
  readonly categories: readonly string[];
  readonly language?: string;
}

/** What the colon names of patterns mean, percent-encoded; `undefined` when a date is needed and there is none. */
export type AddressParts = { readonly [name: string]: (facts: AddressFacts, site: SiteFacts) => string | undefined };

export interface Dialect {
  readonly name: DialectName;
  /** Reads the configuration of a site; `undefined` when the folder is not the root of a site of this dialect. */
  readSite(folder: SiteFolder): Promise<SiteFacts | undefined>;
  /** Folders below the site's, or below a content folder, whose files are published as they are: `static`; '' is the folder itself. */
  readonly staticDirs: readonly string[];
  /** The endings of files that may be posts, in lower case. */
  readonly extensions: readonly string[];
  /** Whether a file can be a post, by its path below the content folder. @param has whether the site has another file */
  isPost(path: string, has: (path: string) => boolean, site: SiteFacts): boolean;
  /** Whether a date in a file's name is the post's, and is left out of its slug. */
  readonly hasDatedNames: boolean;
  /** The zone dates without an offset are read in, whatever the site says; `undefined`: the source's. */
  zoneOf(site: SiteFacts): string | undefined;
  /** Keys that serve as a date where no other does. */
  readonly lastDateKeys: readonly string[];
  /** Whether one text under `categories` names several. */
  readonly splitsCategories: boolean;
  /** Names of categories that only say what is listed where. */
  readonly structuralTags: readonly string[];
  /** Keys under which a post names its own address, or none. */
  readonly permalinkKeys: readonly string[];
  /** The address a post's own permalink means; by default a pattern from the root of the site. */
  permalinkOf?(written: string, facts: AddressFacts, site: SiteFacts): string | undefined;
  /** The pattern of a post that names no permalink. */
  patternOf(facts: AddressFacts, site: SiteFacts): string;
  /** What colon names mean beside the ones every dialect knows. */
  readonly parts: AddressParts;
  /** Whether the files of a site in several languages say theirs by name or folder: those that do not are in the main one. */
  readonly tellsLanguagesByName: boolean;
  /** The languages a file's name or folder says, and its path without them. */
  languageOf(path: string, site: SiteFacts): { readonly path: string; readonly language?: string };
  /** The files of a folder that give its posts their defaults. */
  readonly defaultsFiles: (folder: string) => readonly string[];
  /** What such a file says. */
  defaultsFrom?(text: string, path: string): Promise<{ readonly [key: string]: unknown } | undefined>;
  /** Whether it gives pictures with a relative path an address of its own, which cannot be known. */
  readonly hashesPictures: boolean;
  /** What it makes of `--`, `...` and straight quotes, unless the site's `switches.smart` says otherwise. */
  readonly smartPunctuation: SmartPunctuation;
  /** Whether `:tada:` is shown as an emoji. */
  readonly hasEmojiCodes: boolean;
}

/** Facts without any configuration. */
export function emptySite(dialect: DialectName, facts: Partial<SiteFacts> = {}): SiteFacts {
  return {
    dialect,
    ...{ languages: [], permalinks: {}, taxonomies: [], contentDirs: [], postDirs: [], authors: {}, defaults: [] },
    switches: {},
    ...facts,
  };
}
