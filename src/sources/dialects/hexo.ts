/** Hexo: `source/_posts`, `_config.yml` with a permalink pattern, categories in a hierarchy. */
import { type Dialect, emptySite } from './dialect.js';
import { plain } from './plain.js';
import { dataFrom, siteUrlFrom, textIn, textsIn, valueIn, withoutUndefined } from './site-config.js';
import { encoded, encodedPath } from './slugs.js';

export const hexo: Dialect = {
  ...plain,
  name: 'hexo',
  readSite: async (folder) => {
    const config = await folder.first('_config.yml', '_config.yaml', '_config.json');
    if (config === undefined) return undefined;
    const data = dataFrom(config.path, config.text);
    const others = await folder.first('scaffolds/post.md', 'package.json');
    const isHexo =
      others?.path === 'scaffolds/post.md' ||
      /"hexo"/.test(others?.text ?? '') ||
      textIn(data, 'source_dir') !== undefined;
    if (!isHexo) return undefined;
    const source = textIn(data, 'source_dir') ?? 'source';
    const permalink = textIn(data, 'permalink') ?? ':year/:month/:day/:title/';
    return emptySite('hexo', {
      config: config.path,
      ...withoutUndefined({
        siteUrl: siteUrlFrom(textIn(data, 'url')),
        title: textIn(data, 'title'),
        timezone: textIn(data, 'timezone'),
      }),
      languages: textsIn(data, 'language').map((language) => language.replaceAll('_', '-')),
      permalinks: { '': permalink.startsWith('/') ? permalink : `/${permalink}` },
      taxonomies: ['categories', 'tags'],
      contentDirs: [`${source}/_posts`, source],
      postDirs: [`${source}/_posts`],
      switches: {
        category: textIn(data, 'default_category') ?? 'uncategorized',
        ...(valueIn(data, 'marked', 'smartypants') === false && { smart: false }),
      },
    });
  },
  staticDirs: [],
  extensions: ['md', 'markdown', 'mkd', 'mkdn', 'mkdown', 'mdown', 'html'],
  splitsCategories: false,
  permalinkKeys: ['permalink'],
  patternOf: (_, site) => site.permalinks[''] ?? '/:year/:month/:day/:title/',
  parts: {
    title: ({ path, slug }) => encodedPath([...path.split('/').slice(0, -1), slug].join('/')),
    name: ({ slug }) => encoded(slug),
    post_title: ({ title, slug }) => hexoSlug(title ?? slug),
    category: ({ categories }, { switches }) => {
      const usual = String(switches.category ?? 'uncategorized');
      return encodedPath((categories.length > 0 ? categories : [usual]).join('/'), hexoSlug);
    },
  },
  smartPunctuation: 'dashes',
  hasEmojiCodes: false,
};

/** Hexo's slugize: white space and punctuation become a hyphen, case stays. */
function hexoSlug(name: string): string {
  const kept = name.replace(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'<>,.?/]+/g, '-').replace(/^-|-$/g, '');
  return encoded(kept);
}
