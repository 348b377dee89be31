/** A folder of Markdown that no generator is known for; what it does is what most of them do. */
import { type Dialect, emptySite } from './dialect.js';

/** Jekyll's names for patterns, which are common elsewhere too. */
const STYLES: { readonly [name: string]: string } = {
  pretty: '/:categories/:year/:month/:day/:title/',
  date: '/:categories/:year/:month/:day/:title.html',
  none: '/:categories/:title.html',
};

export const plain: Dialect = {
  name: 'plain',
  readSite: async () => emptySite('plain'),
  staticDirs: [''],
  extensions: ['md', 'markdown', 'mdx'],
  isPost: () => true,
  hasDatedNames: true,
  zoneOf: ({ timezone }) => timezone,
  lastDateKeys: [],
  splitsCategories: true,
  structuralTags: [],
  permalinkKeys: ['url', 'permalink', 'path'],
  permalinkOf: (written) => STYLES[written] ?? written,
  patternOf: () => '/:year/:month/:day/:slug/',
  parts: {},
  tellsLanguagesByName: false,
  languageOf: (path) => ({ path }),
  defaultsFiles: () => [],
  hashesPictures: false,
  smartPunctuation: 'none',
  hasEmojiCodes: true,
};
