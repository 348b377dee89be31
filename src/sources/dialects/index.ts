/** The dialects there are, and how that of a folder is recognised from the files of its site. */
import { dirname, join, relative, sep } from 'node:path';
import type { Files } from '../../domain/ports/host.js';
import { textFromBytes } from '../text-from-bytes.js';
import { astro } from './astro.js';
import {
  type Dialect,
  type DialectName,
  emptySite,
  type FolderDefaults,
  type SiteFacts,
  type SiteFolder,
  type SmartPunctuation,
} from './dialect.js';
import { docusaurus } from './docusaurus.js';
import { eleventy } from './eleventy.js';
import { hexo } from './hexo.js';
import { hugo } from './hugo.js';
import { jekyll } from './jekyll.js';
import { plain } from './plain.js';
import { vitepress } from './vitepress.js';
import { zola } from './zola.js';

export type { Dialect, DialectName, SiteFacts, SmartPunctuation } from './dialect.js';
export { DIALECT_NAMES } from './dialect.js';

/** In the order in which a folder is asked: those that share names of files with others come before them. */
const DIALECTS: readonly Dialect[] = [astro, docusaurus, vitepress, zola, hugo, hexo, jekyll, eleventy, plain];

export function dialectNamed(name: DialectName): Dialect {
  return DIALECTS.find((dialect) => dialect.name === name) ?? plain;
}

/** Folders below the site's whose files it publishes as they are, whatever its configuration. */
export function staticDirsOf({ dialect }: SiteFacts): readonly string[] {
  const { staticDirs } = dialectNamed(dialect);
  // Eleventy copies from its own folder only what its configuration names.
  return dialect === 'eleventy' ? staticDirs.filter((dir) => dir !== '') : staticDirs;
}

/** What the site shows of `--`, `...` and straight quotes. */
export function smartPunctuationOf({ dialect, switches }: SiteFacts): SmartPunctuation {
  const usual = dialectNamed(dialect).smartPunctuation;
  if (switches.smart === undefined) return usual;
  if (switches.smart === false) return 'none';
  return usual === 'none' ? 'dashes' : usual;
}

/** The colon names that patterns of any dialect may have. */
export function partNames(): readonly string[] {
  return DIALECTS.flatMap(({ parts }) => Object.keys(parts)).filter((name) => !name.includes('_path'));
}

/** A site, and where in it a folder of posts is. */
export interface Site {
  readonly facts: SiteFacts;
  /** The folder of the site, absolute. */
  readonly root: string;
  /** The folder of the posts below it, with `/` at its end; '' when they are the same. */
  readonly below: string;
}

/** How far above a folder of posts the files of its site are looked for. */
const LEVELS = 4;

/**
 * What a site says of itself, read from its own configuration; nothing of it is run. The configuration may be in the folder or up to
 * four levels above. @param wanted the dialect, when it is known; else it is recognised
 */
export async function siteFactsFrom(folder: string, files: Pick<Files, 'read'>, wanted?: DialectName): Promise<Site> {
  const asked = DIALECTS.filter(({ name }) => name !== 'plain' && (wanted === undefined || name === wanted));
  let root = folder;
  for (let level = 0; level < LEVELS && wanted !== 'plain'; level += 1) {
    const site = siteFolder(root, files);
    for (const dialect of asked) {
      const facts = await dialect.readSite(site);
      if (facts !== undefined) return { facts, root, below: belowOf(root, folder) };
    }
    if (dirname(root) === root) break;
    root = dirname(root);
  }
  return { facts: emptySite(wanted ?? 'plain'), root: folder, below: '' };
}

/** A site with what the files of its folders say for the posts below them. @param paths all files of the source */
export async function withFolderDefaults(
  site: Site,
  paths: readonly string[],
  files: Pick<Files, 'read'>,
): Promise<Site> {
  const dialect = dialectNamed(site.facts.dialect);
  if (dialect.defaultsFrom === undefined) return site;
  const listed = new Set(paths.map((path) => site.below + path));
  const found: FolderDefaults[] = [];
  for (const under of foldersOf(listed)) {
    for (const path of dialect.defaultsFiles(under)) {
      if (path.startsWith(site.below) && !listed.has(path)) continue;
      const text = await siteFolder(site.root, files).read(path);
      const values = text && (await dialect.defaultsFrom(text, path));
      if (values) found.push({ under, values });
    }
  }
  const defaults = [...found.sort((one, other) => other.under.length - one.under.length), ...site.facts.defaults];
  return { ...site, facts: { ...site.facts, defaults } };
}

/** Every folder on the way to a file, with `/` at its end. */
function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at !== -1; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at + 1);
      if (folders.has(folder)) break;
      folders.add(folder);
      if (at === 0) break;
    }
  }
  return folders;
}

function belowOf(root: string, folder: string): string {
  const below = relative(root, folder).split(sep).join('/');
  return below === '' ? '' : `${below}/`;
}

function siteFolder(root: string, files: Pick<Files, 'read'>): SiteFolder {
  const read = async (path: string): Promise<string | undefined> => {
    const bytes = await files.read(join(root, path)).catch(() => undefined);
    const text = bytes && bytes.length < 1_000_000 ? textFromBytes(bytes) : undefined;
    return text?.kind === 'text' ? text.text : undefined;
  };
  const first: SiteFolder['first'] = async (...paths) => {
    for (const path of paths) {
      const text = await read(path);
      if (text !== undefined) return { path, text };
    }
    return undefined;
  };
  return { read, first };
}
