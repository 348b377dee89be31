/** Zola: TOML front matter, `[taxonomies]` and `[extra]`, dates in the names of files and folders. */

import { isMap } from '../post-fields.js';
import { type Dialect, emptySite } from './dialect.js';
import { plain } from './plain.js';
import { dataFrom, siteUrlFrom, textIn, valueIn, withoutUndefined } from './site-config.js';
import { asciiSlug, encoded, encodedPath } from './slugs.js';

export const zola: Dialect = {
  ...plain,
  name: 'zola',
  readSite: async (folder) => {
    const config = await folder.first('zola.toml', 'config.toml');
    const data = config && dataFrom(config.path, config.text);
    if (config === undefined || textIn(data, 'base_url') === undefined) return undefined;
    const languages = valueIn(data, 'languages');
    const main = textIn(data, 'default_language') ?? 'en';
    return emptySite('zola', {
      config: config.path,
      ...withoutUndefined({ siteUrl: siteUrlFrom(textIn(data, 'base_url')), title: textIn(data, 'title') }),
      languages: [main, ...Object.keys(isMap(languages) ? languages : {}).filter((each) => each !== main)],
      taxonomies: ['taxonomies'],
      contentDirs: ['content'],
      postDirs: ['content/blog', 'content/posts', 'content'],
      switches: {
        slugs: textIn(data, 'slugify', 'paths') ?? 'on',
        smart: valueIn(data, 'markdown', 'smart_punctuation') === true,
        emoji: valueIn(data, 'markdown', 'render_emoji') === true,
      },
    });
  },
  staticDirs: ['static'],
  extensions: ['md'],
  isPost: (path) => !/(?:^|\/)_index\.[^/]*$/.test(path),
  zoneOf: () => 'UTC',
  splitsCategories: false,
  permalinkKeys: ['path'],
  permalinkOf: (written, { language }, site) => {
    const path = written.replace(/^\/?/, '/');
    return `${languagePrefix(language, site.languages[0])}${path.endsWith('/') ? path : `${path}/`}`;
  },
  patternOf: ({ language }, site) => `${languagePrefix(language, site.languages[0])}/:zola_path/`,
  parts: {
    zola_path: ({ path, slug }, site) => {
      const steps = [...path.split('/').slice(0, -1), slug].join('/');
      return encodedPath(steps, site.switches.slugs === 'on' ? asciiSlug : encoded);
    },
  },
  tellsLanguagesByName: true,
  languageOf: (path, site) => {
    const [, stem, language = '', end] = /^(.*)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)(\.\w+)$/.exec(path) ?? [];
    return site.languages.includes(language) ? { path: `${stem}${end}`, language } : { path };
  },
  hasEmojiCodes: false,
};

function languagePrefix(language: string | undefined, main: string | undefined): string {
  return language === undefined || language === main ? '' : `/${language}`;
}
