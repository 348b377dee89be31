/** Docusaurus: a blog below `blog/`, dates in the names of files or folders, authors in a file. */
import { type AddressFacts, type Dialect, emptySite } from './dialect.js';
import { plain } from './plain.js';
import { authorNames, dataFrom, siteUrlFrom, textInScript, withoutUndefined } from './site-config.js';
import { encodedPath } from './slugs.js';

const CONFIGS = ['js', 'ts', 'mjs', 'cjs'].map((end) => `docusaurus.config.${end}`);

const PARTS = {
  docusaurus_slug: ({ ownSlug = '' }: AddressFacts) => encodedPath(ownSlug),
  docusaurus_path: ({ path }: AddressFacts) => {
    const dated = /(?:^|\/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[-/]|$)/.exec(path);
    if (dated === null) return encodedPath(path);
    const [, year, month = '', day = ''] = dated;
    const [folder, name] = [path.slice(0, dated.index), path.slice(dated.index + dated[0].length)];
    return encodedPath([folder, year, month.padStart(2, '0'), day.padStart(2, '0'), name].join('/'));
  },
};

export const docusaurus: Dialect = {
  ...plain,
  name: 'docusaurus',
  staticDirs: ['static'],
  readSite: async (folder) => {
    const config = await folder.first(...CONFIGS);
    if (config === undefined) return undefined;
    const route = textInScript(config.text, 'routeBasePath');
    const authors = await folder.first('blog/authors.yml', 'blog/authors.yaml', 'blog/authors.json');
    return emptySite('docusaurus', {
      config: config.path,
      ...withoutUndefined({
        siteUrl: siteUrlFrom(textInScript(config.text, 'url'), textInScript(config.text, 'baseUrl')),
        title: textInScript(config.text, 'title'),
        image: textInScript(config.text, 'image'),
      }),
      languages: [textInScript(config.text, 'defaultLocale') ?? 'en'],
      taxonomies: ['tags'],
      contentDirs: ['blog'],
      postDirs: ['blog'],
      authors: authors === undefined ? {} : authorNames(dataFrom(authors.path, authors.text)),
      switches: {
        route: route === undefined || route.includes('docs') ? 'blog' : route.replace(/^\/|\/$/g, ''),
        ending: /trailingSlash["']?\s*:\s*true/.test(config.text) ? '/' : '',
      },
    });
  },
  zoneOf: () => 'UTC',
  splitsCategories: false,
  hashesPictures: true,
  permalinkKeys: [],
  patternOf: ({ ownSlug }, site) => {
    const { route = 'blog', ending = '' } = site.switches;
    const path = ownSlug === undefined ? ':docusaurus_path' : ':docusaurus_slug';
    return `${route === '' ? '' : `/${route}`}/${path}${ending}`;
  },
  parts: PARTS,
  hasEmojiCodes: false,
};
