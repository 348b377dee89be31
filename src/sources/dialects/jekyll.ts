/** Jekyll: `_posts` and `_drafts`, dates in file names, `_config.yml`. */
import { dayOfYear, type WallTime } from '../dates.js';
import { isMap } from '../post-fields.js';
import { type AddressParts, type Dialect, emptySite, type FolderDefaults, type SiteFacts } from './dialect.js';
import { plain } from './plain.js';
import { authorNames, type Data, dataFrom, siteUrlFrom, textIn, valueIn, withoutUndefined } from './site-config.js';
import { encodedPath, jekyllSlug, jekyllStep, jekyllTitle } from './slugs.js';

const STYLES: { readonly [name: string]: string } = {
  pretty: '/:categories/:year/:month/:day/:title/',
  date: '/:categories/:year/:month/:day/:title:output_ext',
  ordinal: '/:categories/:year/:y_day/:title:output_ext',
  weekdate: '/:categories/:year/W:week/:short_day/:title:output_ext',
  none: '/:categories/:title:output_ext',
};

const two = (number: number) => String(number).padStart(2, '0');
const dated =
  (part: (date: WallTime) => string) =>
  ({ date }: { date: WallTime | undefined }) =>
    date && part(date);
const utcOf = ({ year, month, day }: WallTime) => Date.UTC(year, month - 1, day);
const named = (options: Intl.DateTimeFormatOptions) =>
  dated((date) => new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(utcOf(date)));

/** ISO 8601: weekday from 1 for Monday, and the week with its year. */
function isoWeek(date: WallTime): { readonly year: number; readonly week: number; readonly day: number } {
  const day = new Date(utcOf(date)).getUTCDay() || 7;
  const thursday = new Date(utcOf(date) + (4 - day) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return {
    year: thursday.getUTCFullYear(),
    week: Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1,
    day,
  };
}

const PARTS: AddressParts = {
  title: ({ ownSlug, slug }) => jekyllTitle(ownSlug ?? slug),
  slug: ({ ownSlug, slug }) => jekyllSlug(ownSlug ?? slug),
  categories: ({ categories }) => [...new Set(categories.map((name) => jekyllStep(name.toLowerCase())))].join('/'),
  slugified_categories: ({ categories }) => [...new Set(categories.map(jekyllSlug))].join('/'),
  output_ext: () => '.html',
  collection: () => 'posts',
  basename: ({ slug }) => jekyllStep(slug),
  name: ({ name }) => jekyllSlug(name),
  path: ({ path }) => encodedPath(path),
  y_day: dated((date) => String(dayOfYear(date)).padStart(3, '0')),
  w_year: dated((date) => String(isoWeek(date).year)),
  week: dated((date) => two(isoWeek(date).week)),
  w_day: dated((date) => String(isoWeek(date).day)),
  short_day: named({ weekday: 'short' }),
  long_day: named({ weekday: 'long' }),
  short_month: named({ month: 'short' }),
  long_month: named({ month: 'long' }),
};

export const jekyll: Dialect = {
  ...plain,
  name: 'jekyll',
  readSite: async (folder) => {
    const config = await folder.first('_config.yml', '_config.yaml', '_config.toml');
    if (config === undefined) return undefined;
    const data = dataFrom(config.path, config.text);
    const authors = await folder.first('_data/authors.yml', '_data/authors.yaml', '_data/authors.json');
    return siteFrom(config.path, data, authors && dataFrom(authors.path, authors.text));
  },
  staticDirs: [''],
  extensions: ['md', 'markdown', 'mkd', 'mkdn', 'mkdown', 'html'],
  isPost: (path, _, { config }) => {
    const steps = path.split('/');
    if (steps.includes('_drafts')) return true;
    // Without a configuration the source is the folder of posts itself.
    const isAmongPosts = steps.includes('_posts') || config === undefined;
    return isAmongPosts && /^\d{2,4}-\d{1,2}-\d{1,2}-./.test(steps.at(-1) ?? '');
  },
  zoneOf: ({ timezone }) => timezone ?? 'UTC',
  permalinkKeys: ['permalink'],
  permalinkOf: (written) => STYLES[written] ?? (written.startsWith('/') ? written : `/${written}`),
  patternOf: (_, site) => {
    const pattern = site.permalinks.posts ?? site.permalinks[''] ?? 'date';
    return STYLES[pattern] ?? pattern;
  },
  parts: PARTS,
  smartPunctuation: 'dashes',
  hasEmojiCodes: true,
};

function siteFrom(path: string, config: Data, authors: Data | undefined): SiteFacts {
  const permalink = textIn(config, 'permalink');
  const posts = textIn(config, 'collections', 'posts', 'permalink');
  const url = textIn(config, 'url') ?? undefined;
  const found = {
    siteUrl: siteUrlFrom(url, textIn(config, 'baseurl')),
    title: textIn(config, 'title') ?? textIn(config, 'name'),
    timezone: textIn(config, 'timezone'),
    excerptSeparator: textIn(config, 'excerpt_separator'),
    image: textIn(config, 'image') ?? textIn(config, 'logo'),
  };
  const language = textIn(config, 'lang') ?? textIn(config, 'locale') ?? textIn(config, 'language');
  const collections = textIn(config, 'collections_dir');
  return emptySite('jekyll', {
    config: path,
    ...withoutUndefined(found),
    languages: language === undefined ? [] : [language.replaceAll('_', '-')],
    permalinks: { ...(permalink === undefined ? {} : { '': permalink }), ...(posts === undefined ? {} : { posts }) },
    taxonomies: ['category', 'categories'],
    contentDirs: collections === undefined ? [] : [collections],
    postDirs: [collections === undefined ? '_posts' : `${collections}/_posts`],
    authors: authorNames(authors),
    defaults: defaultsFrom(valueIn(config, 'defaults')),
    values: valuesOf(config),
    // Any other engine leaves punctuation as it is.
    switches: /^kramdown$/i.test(textIn(config, 'markdown') ?? 'kramdown') ? {} : { smart: false },
  });
}

const MOST_VALUES = 200;
const LONGEST_VALUE = 500;

/** The texts of a configuration by name, those of a map behind a dot. */
function valuesOf(config: Data, prefix = ''): { readonly [name: string]: string } {
  const values = Object.entries(config).flatMap(([key, value]): (readonly [string, string])[] => {
    if (isMap(value) && prefix === '') return Object.entries(valuesOf(value, `${key}.`));
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    return text === '' || text.length > LONGEST_VALUE ? [] : [[prefix + key, text]];
  });
  return Object.fromEntries(values.slice(0, MOST_VALUES));
}

/** `defaults:` of the configuration: the longest path is the most specific. */
function defaultsFrom(written: unknown): readonly FolderDefaults[] {
  if (!Array.isArray(written)) return [];
  return written
    .flatMap((each): FolderDefaults[] => {
      const type = textIn(each, 'scope', 'type') ?? 'posts';
      const values = valueIn(each, 'values');
      const path = (textIn(each, 'scope', 'path') ?? '').split('*', 1)[0] ?? '';
      return isMap(values) && ['posts', 'post', 'drafts'].includes(type)
        ? [{ under: path.replace(/^\//, ''), values }]
        : [];
    })
    .sort((one, other) => other.under.length - one.under.length);
}
