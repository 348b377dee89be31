/** VitePress: pages below the source folder as they are named; only those with a date are posts. */
import { type Dialect, emptySite } from './dialect.js';
import { plain } from './plain.js';
import { saysInScript, siteUrlFrom, textInScript, withoutUndefined } from './site-config.js';
import { encodedPath } from './slugs.js';

export const vitepress: Dialect = {
  ...plain,
  name: 'vitepress',
  staticDirs: ['public'],
  readSite: async (folder) => {
    const names = ['js', 'ts', 'mjs', 'mts'].map((end) => `.vitepress/config.${end}`);
    const config = await folder.first(...names, ...names.map((name) => `docs/${name}`));
    if (config === undefined) return undefined;
    const { text, path } = config;
    const root = path.startsWith('docs/') ? 'docs' : '';
    const source = [root, textInScript(text, 'srcDir') ?? '']
      .filter((dir) => dir !== '' && dir !== '.')
      .join('/')
      .replaceAll('./', '');
    const language = textInScript(text, 'lang');
    return emptySite('vitepress', {
      config: path,
      ...withoutUndefined({
        siteUrl: siteUrlFrom(textInScript(text, 'hostname'), textInScript(text, 'base')),
        title: textInScript(text, 'title'),
      }),
      languages: language === undefined ? [] : [language],
      taxonomies: ['tags', 'categories', 'category'],
      contentDirs: source === '' ? [] : [source],
      postDirs: ['posts', 'blog', 'post'].map((dir) => (source === '' ? dir : `${source}/${dir}`)),
      switches: {
        ending: saysInScript(text, 'cleanUrls', 'true') ? '' : '.html',
        smart: saysInScript(text, 'typographer', 'true'),
      },
    });
  },
  zoneOf: () => 'UTC',
  splitsCategories: false,
  hashesPictures: true,
  permalinkKeys: [],
  patternOf: ({ isIndex }, site) =>
    isIndex ? '/:vitepress_path/' : `/:vitepress_path${site.switches.ending ?? '.html'}`,
  parts: { vitepress_path: ({ path }) => encodedPath(path) },
  hasDatedNames: true,
};
