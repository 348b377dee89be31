/** Hugo: front matter of any kind, bundles, sections, languages by file name or folder, permalinks by section. */
import { dayOfYear, type WallTime } from '../dates.js';
import { isMap } from '../post-fields.js';
import {
  type AddressFacts,
  type AddressParts,
  type Dialect,
  emptySite,
  type SiteFacts,
  type SiteFolder,
} from './dialect.js';
import { plain } from './plain.js';
import {
  authorNames,
  type Data,
  dataFrom,
  frontMatterData,
  mapIn,
  siteUrlFrom,
  textIn,
  valueIn,
  withoutUndefined,
} from './site-config.js';
import { encodedPath, hugoSlug } from './slugs.js';

const NAMES = [
  'hugo.toml',
  'hugo.yaml',
  'hugo.yml',
  'hugo.json',
  'config.toml',
  'config.yaml',
  'config.yml',
  'config.json',
];

const sectionsOf = ({ path }: AddressFacts) => path.split('/').slice(0, -1);
const baseNameOf = ({ name }: AddressFacts) => hugoSlug(name);
const slugOr = (facts: AddressFacts) => (facts.ownSlug === undefined ? baseNameOf(facts) : hugoSlug(facts.ownSlug));
const dated =
  (part: (date: WallTime) => string) =>
  ({ date }: AddressFacts) =>
    date && part(date);
const named = (options: Intl.DateTimeFormatOptions) =>
  dated(({ year, month, day }) =>
    new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(Date.UTC(year, month - 1, day)).toLowerCase(),
  );

const PARTS: AddressParts = {
  hugo_path: (facts) => encodedPath([...sectionsOf(facts).map(hugoSlug), slugOr(facts)].join('/'), (step) => step),
  section: (facts) => hugoSlug(sectionsOf(facts)[0] ?? ''),
  sections: (facts) => encodedPath(sectionsOf(facts).join('/'), hugoSlug),
  title: ({ title, slug }) => hugoSlug(title ?? slug),
  slug: ({ ownSlug, title, slug }) => hugoSlug(ownSlug ?? title ?? slug),
  filename: baseNameOf,
  contentbasename: baseNameOf,
  slugorfilename: slugOr,
  slugorcontentbasename: slugOr,
  monthname: named({ month: 'long' }),
  weekdayname: named({ weekday: 'long' }),
  weekday: dated(({ year, month, day }) => String(new Date(Date.UTC(year, month - 1, day)).getUTCDay())),
  yearday: dated((date) => String(dayOfYear(date))),
};

export const hugo: Dialect = {
  ...plain,
  name: 'hugo',
  readSite: async (folder) => {
    const config = await folder.first(...NAMES, ...NAMES.map((name) => `config/_default/${name}`));
    if (config === undefined) return undefined;
    const data = await wholeConfig(folder, config);
    const isHugos = /(^|\/)hugo\.\w+$/.test(config.path) || config.path.startsWith('config/');
    if (!isHugos && valueIn(data, 'baseURL') === undefined && valueIn(data, 'languageCode') === undefined)
      return undefined;
    const authors = await folder.first(
      'data/authors.toml',
      'data/authors.yaml',
      'data/authors.yml',
      'data/authors.json',
    );
    return siteFrom(config.path, data, authors && dataFrom(authors.path, authors.text));
  },
  staticDirs: ['static'],
  extensions: ['md', 'markdown', 'html'],
  isPost: (path, has) => {
    if (/(?:^|\/)_index\.[^/]*$/.test(path)) return false;
    return !isResource(path, has);
  },
  hasDatedNames: false,
  zoneOf: ({ timezone }) => timezone ?? 'UTC',
  lastDateKeys: ['lastmod', 'modified'],
  splitsCategories: false,
  permalinkKeys: ['url'],
  permalinkOf: (written, { language }, site) => {
    if (written.startsWith('/')) return written;
    return `${languagePrefix(language, site)}/${written}`;
  },
  parts: PARTS,
  patternOf: (facts, site) => {
    const section = facts.path.includes('/') ? (facts.path.split('/', 1)[0] as string) : '';
    const own = site.permalinks[section] ?? (section === '' ? site.permalinks['/'] : undefined);
    const ending = site.switches.ugly === true ? '.html' : '/';
    const pattern = own === undefined ? `/:hugo_path${ending}` : ending === '/' ? withSlash(own) : own;
    return languagePrefix(facts.language, site) + pattern;
  },
  tellsLanguagesByName: true,
  languageOf: (path, site) => {
    const byName = /^(.*)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)(\.\w+)$/.exec(path);
    if (byName !== null && (isLanguage(byName[2] as string, site) || site.languages.length < 2)) {
      const language = byName[2] as string;
      if (isLanguage(language, site) || /^[a-z]{2}(?:-[a-z]{2})?$/.test(language)) {
        return { path: `${byName[1]}${byName[3]}`, language };
      }
    }
    return { path };
  },
  defaultsFiles: (folder) => [`${folder}_index.md`],
  defaultsFrom: async (text) => cascadeFrom(await frontMatterData(text)),
  smartPunctuation: 'dashes',
  hasEmojiCodes: false,
};

/** `config/_default/` may hold a file for each part of the configuration. */
async function wholeConfig(
  folder: SiteFolder,
  config: { readonly path: string; readonly text: string },
): Promise<Data> {
  const data = dataFrom(config.path, config.text);
  if (!config.path.startsWith('config/')) return data;
  const parts = await Promise.all(
    ['permalinks', 'languages', 'taxonomies', 'params', 'frontmatter'].map(async (name) => {
      const part = await folder.first(
        ...['toml', 'yaml', 'yml', 'json'].map((end) => `config/_default/${name}.${end}`),
      );
      return part === undefined ? [] : [[name, dataFrom(part.path, part.text)] as const];
    }),
  );
  return { ...data, ...Object.fromEntries(parts.flat()) };
}

function siteFrom(path: string, config: Data, authors: Data | undefined): SiteFacts {
  const written = valueIn(config, 'languages');
  const weightOf = (language: string) => Number(textIn(written, language, 'weight') ?? 0);
  const byWeight = Object.keys(isMap(written) ? written : {}).sort((a, b) => weightOf(a) - weightOf(b));
  const main = textIn(config, 'defaultContentLanguage') ?? byWeight[0] ?? textIn(config, 'languageCode') ?? 'en';
  const languages = [main, ...byWeight.filter((language) => language !== main)];
  const contentDirs = languages.flatMap((language) => textIn(written, language, 'contentDir') ?? []);
  const folders = languages.map((each) => [`content:${each}`, textIn(written, each, 'contentDir') ?? ''] as const);
  const contentFolders = Object.fromEntries(folders.filter(([, dir]) => dir !== ''));
  const content = textIn(config, 'contentDir') ?? 'content';
  const taxonomies = Object.values(mapIn(config, 'taxonomies'));
  const permalinks = { ...mapIn(config, 'permalinks'), ...mapIn(config, 'permalinks', 'page') };
  return emptySite('hugo', {
    config: path,
    ...withoutUndefined({
      siteUrl: siteUrlFrom(textIn(config, 'baseURL')),
      title: textIn(config, 'title') ?? textIn(written, main, 'title'),
      timezone: textIn(config, 'timeZone'),
      image: textIn(valueIn(config, 'params', 'images'), '0') ?? textIn(config, 'params', 'image'),
    }),
    languages,
    permalinks,
    taxonomies: taxonomies.length > 0 ? taxonomies : ['categories', 'tags'],
    contentDirs: [...contentDirs.filter((dir) => dir !== content), content],
    postDirs: ['posts', 'post', 'blog', 'articles', ''].map((section) =>
      section === '' ? content : `${content}/${section}`,
    ),
    authors: authorNames(authors),
    defaults: [{ under: '', values: cascadeFrom(config) ?? {} }],
    switches: {
      ...contentFolders,
      ugly: valueIn(config, 'uglyURLs') === true,
      prefixAll: valueIn(config, 'defaultContentLanguageInSubdir') === true,
      emoji: valueIn(config, 'enableEmoji') === true,
      ...(hasNoTypographer(config) && { smart: false }),
      datedNames: JSON.stringify(valueIn(config, 'frontmatter') ?? '').includes(':filename'),
    },
  });
}

function hasNoTypographer(config: Data): boolean {
  const typographer = valueIn(config, 'markup', 'goldmark', 'extensions', 'typographer');
  return typographer === false || valueIn(typographer, 'disable') === true;
}

/** What a section hands down to its pages; a target that is not everything is a page kind or a path we do not follow. */
function cascadeFrom(data: Data): Data | undefined {
  const cascade = valueIn(data, 'cascade');
  const all = (Array.isArray(cascade) ? cascade : [cascade]).filter(isMap);
  const ours = all.filter((each) => {
    const target = valueIn(each, '_target') ?? valueIn(each, 'target');
    return target === undefined || textIn(target, 'kind') === 'page';
  });
  const merged: Record<string, unknown> = {};
  for (const each of ours) Object.assign(merged, each, isMap(each.params) ? each.params : {});
  const { _target, target, ...values } = merged;
  return Object.keys(values).length > 0 ? values : undefined;
}

/** Whether a page is in the folder of another page's bundle. */
function isResource(path: string, has: (path: string) => boolean): boolean {
  const steps = path.split('/');
  const isIndex = /^index(?:\.[\w-]+)?\.\w+$/.test(steps.at(-1) ?? '');
  for (let depth = steps.length - (isIndex ? 2 : 1); depth > 0; depth -= 1) {
    if (has(`${steps.slice(0, depth).join('/')}/index.md`)) return true;
  }
  return false;
}

function isLanguage(name: string, { languages }: SiteFacts): boolean {
  return languages.some((language) => language.toLowerCase() === name.toLowerCase());
}

function languagePrefix(language: string | undefined, site: SiteFacts): string {
  if (language === undefined || site.languages.length < 2) return '';
  const isMain = language.toLowerCase() === site.languages[0]?.toLowerCase();
  return isMain && site.switches.prefixAll !== true ? '' : `/${language.toLowerCase()}`;
}

function withSlash(pattern: string): string {
  return /[/]$|\.\w+$/.test(pattern) ? pattern : `${pattern}/`;
}
