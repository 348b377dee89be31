/** Astro: content collections below `src/content`, pages below `src/pages`, paths as GitHub makes anchors. */
import { type Dialect, emptySite, type SiteFolder } from './dialect.js';
import { plain } from './plain.js';
import { saysInScript, siteUrlFrom, textInScript, withoutUndefined } from './site-config.js';
import { encodedPath, githubSlug } from './slugs.js';

const CONFIGS = ['mjs', 'js', 'ts', 'mts', 'cjs'].map((end) => `astro.config.${end}`);
const ROUTES = ['blog', 'posts', 'post', 'articles', 'writing', 'notes', 'news'];

export const astro: Dialect = {
  ...plain,
  name: 'astro',
  staticDirs: ['public'],
  readSite: async (folder) => {
    const config = await folder.first(...CONFIGS);
    if (config === undefined) return undefined;
    const consts = await folder.first(...['src/consts.ts', 'src/config.ts', 'src/site.config.ts', 'src/consts.js']);
    const words = consts?.text ?? '';
    const locale = textInScript(config.text, 'defaultLocale') ?? textInScript(words, 'lang');
    return emptySite('astro', {
      config: config.path,
      ...withoutUndefined({
        siteUrl: siteUrlFrom(
          textInScript(config.text, 'site') ?? textInScript(words, 'website'),
          textInScript(config.text, 'base'),
        ),
        title: textInScript(words, 'SITE_TITLE') ?? textInScript(words, 'title'),
      }),
      languages: locale === undefined ? [] : [locale],
      permalinks: await routesOf(folder),
      taxonomies: ['tags', 'categories', 'category'],
      contentDirs: ['src/content', 'src/data', 'src/pages'],
      postDirs: [
        'src/content/blog',
        'src/content/posts',
        'src/data/blog',
        'src/content/post',
        'src/pages/posts',
        'src/pages/blog',
      ],
      switches: {
        ending:
          textInScript(config.text, 'trailingSlash') === 'never' || textInScript(config.text, 'format') === 'file'
            ? ''
            : '/',
        ...(saysInScript(config.text, 'smartypants', 'false') && { smart: false }),
      },
    });
  },
  zoneOf: () => 'UTC',
  splitsCategories: false,
  hashesPictures: true,
  permalinkKeys: ['permalink'],
  patternOf: (facts, site) => {
    const [collection = '', ...below] = facts.path.split('/');
    const route = site.permalinks[collection] ?? (below.length > 0 ? `/${collection}` : (site.permalinks[''] ?? ''));
    return `${route}/:astro_path${site.switches.ending ?? '/'}`;
  },
  parts: {
    astro_path: ({ path, ownSlug }) =>
      ownSlug === undefined
        ? encodedPath(path.split('/').slice(1).join('/') || path, githubSlug)
        : encodedPath(ownSlug),
  },
  hasDatedNames: false,
  smartPunctuation: 'em-dashes',
  hasEmojiCodes: false,
};

/** Under which address the posts of a collection are: where its pages have a file for any name. */
async function routesOf(folder: SiteFolder): Promise<{ readonly [collection: string]: string }> {
  const routes: Record<string, string> = {};
  for (const route of [...ROUTES, '']) {
    const dir = route === '' ? 'src/pages' : `src/pages/${route}`;
    const names = ['[...slug]', '[slug]', '[...id]', '[id]'];
    const page = await folder.first(...names.flatMap((name) => [`${dir}/${name}.astro`, `${dir}/${name}/index.astro`]));
    if (page === undefined) continue;
    const address = route === '' ? '' : `/${route}`;
    for (const [, collection = ''] of page.text.matchAll(/getCollection\(\s*["'`]([\w-]+)/g))
      routes[collection] ??= address;
    routes[''] ??= address;
  }
  return routes;
}
