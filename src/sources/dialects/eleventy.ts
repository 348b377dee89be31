/** Eleventy: tags as collections, directory data, permalinks that are templates; times without an offset are UTC. */
import { type AddressFacts, type Dialect, emptySite, type IgnoredPaths, type SiteFolder } from './dialect.js';
import { plain } from './plain.js';
import { dataFrom, saysInScript, siteUrlFrom, textIn, textInScript, withoutUndefined } from './site-config.js';
import { encodedPath, readableSlug } from './slugs.js';

const CONFIGS = [
  'eleventy.config.js',
  'eleventy.config.mjs',
  'eleventy.config.cjs',
  'eleventy.config.ts',
  '.eleventy.js',
];
const METADATA = ['metadata', 'site', 'meta'].flatMap((name) =>
  ['js', 'json', 'mjs', 'cjs', 'yaml'].map((end) => `${name}.${end}`),
);

export const eleventy: Dialect = {
  ...plain,
  name: 'eleventy',
  staticDirs: ['', 'public', 'static'],
  readSite: async (folder) => {
    const config = await folder.first(...CONFIGS);
    const manifest = config ?? (await folder.first('package.json'));
    if (config === undefined && !/"@11ty\/eleventy"/.test(manifest?.text ?? '')) return undefined;
    const script = config?.text ?? '';
    const input = inputOf(script);
    const data = textInScript(script, 'data') ?? '_data';
    const metadata = await folder.first(
      ...[`${input}/${data}`, '_data', 'src/_data'].flatMap((dir) =>
        METADATA.map((name) => cleanPath(`${dir}/${name}`)),
      ),
    );
    const ignored = await ignoredIn(folder, input, script);
    const of = (key: string) =>
      metadata &&
      (/\.(?:json|yaml)$/.test(metadata.path)
        ? textIn(dataFrom(metadata.path, metadata.text), key)
        : textInScript(metadata.text, key));
    const language = of('language') ?? of('lang');
    return emptySite('eleventy', {
      ...(config === undefined ? {} : { config: config.path }),
      ...withoutUndefined({
        siteUrl: siteUrlFrom(of('url') ?? of('baseUrl'), textInScript(script, 'pathPrefix')),
        title: of('title') ?? of('name'),
      }),
      languages: language === undefined ? [] : [language],
      taxonomies: ['tags', 'categories', 'category'],
      contentDirs: input === '' ? [] : [input],
      ...(ignored.length > 0 && { ignored }),
      switches: { smart: saysInScript(script, 'typographer', 'true') },
      postDirs: ['posts', 'blog', 'post', 'articles'].map((dir) => cleanPath(`${input}/${dir}`)),
    });
  },
  zoneOf: () => 'UTC',
  splitsCategories: false,
  structuralTags: ['all', 'nav', 'post', 'posts'],
  permalinkKeys: ['permalink'],
  permalinkOf: (written, facts) => permalinkFrom(written, facts),
  patternOf: () => '/:eleventy_path/',
  parts: {
    // A file named like its folder is the page of the folder.
    eleventy_path: ({ path, isIndex }) => encodedPath(isIndex ? path : path.replace(/(^|\/)([^/]+)\/\2$/, '$1$2')),
  },
  defaultsFiles: (folder) => {
    const name = folder.split('/').at(-2);
    return name === undefined ? [] : [`${folder}${name}.json`, `${folder}${name}.11tydata.json`];
  },
  defaultsFrom: async (text, path) => dataFrom(path, text),
  hasEmojiCodes: false,
};

/** Every job of a thread is handed them. */
const LONGEST_PATTERNS = 20_000;

/** Beside its configuration and in its input folder; what Git ignores as well, unless the configuration says otherwise. */
async function ignoredIn(folder: SiteFolder, input: string, script: string): Promise<readonly IgnoredPaths[]> {
  const below = input === '' ? '' : `${input}/`;
  const places = [
    { under: '', name: '.eleventyignore' },
    ...(below === '' ? [] : [{ under: below, name: '.eleventyignore' }]),
    ...(/setUseGitIgnore\(\s{0,9}false/.test(script) ? [] : [{ under: '', name: '.gitignore' }]),
  ];
  const read = await Promise.all(places.map(({ under, name }) => folder.read(`${under}${name}`)));
  return places.flatMap(({ under }, at) => {
    const patterns = read[at];
    return patterns === undefined ? [] : [{ under, patterns: patterns.slice(0, LONGEST_PATTERNS) }];
  });
}

function inputOf(script: string): string {
  const called = /setInputDirectory\(\s*["'`]([^"'`]+)/.exec(script)?.[1];
  return cleanPath(called ?? textInScript(script, 'input') ?? '');
}

function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/');
}

/** The few expressions that permalinks are made of; with any other the address is unknown. */
function permalinkFrom(written: string, facts: AddressFacts): string | undefined {
  const filled = written.replace(
    /\{\{-?([^{}]*)-?\}\}/g,
    (whole, inside: string) => expressionValue(inside.trim(), facts) ?? whole,
  );
  if (/\{[{%]/.test(filled)) return undefined;
  return `/${filled.replace(/^\//, '').replace(/(?:^|(?<=\/))index\.html$/, '')}`.replaceAll(':', '%3A');
}

function expressionValue(expression: string, { slug, path, title, isIndex }: AddressFacts): string | undefined {
  const [name = '', ...filters] = expression.split('|').map((part) => part.trim());
  const folder = path.split('/').slice(0, -1);
  const values: { readonly [name: string]: string | undefined } = {
    'page.fileSlug': slug,
    'page.filePathStem': isIndex ? `/${path}/index` : `/${[...folder, slug].join('/')}`,
    title,
  };
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || filters.some((filter) => !/^slug(?:ify)?$|^url$/.test(filter))) return undefined;
  return filters.some((filter) => filter.startsWith('slug')) ? readableSlug(value) : value;
}
