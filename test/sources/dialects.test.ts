import { describe, expect, it } from 'vitest';
import { siteFactsFrom } from '../../src/sources/index.js';
import type { MarkdownOptions } from '../../src/sources/markdown-options.js';
import { aSource, asked, type Folder, filesOf, markupOf } from '../support/sources-files.js';

/** Addresses of the posts of a site, by title; drafts are marked. */
async function addressesOf(folder: Folder, options: Partial<MarkdownOptions>): Promise<{ [title: string]: string }> {
  const source = aSource(folder, { timezone: 'America/New_York', ...options });
  const { posts, broken } = await source.collect(asked());
  expect(broken).toEqual([]);
  return Object.fromEntries(
    posts.map(({ title, url, draft }) => [
      title,
      `${draft ? 'draft ' : ''}${url?.replace('https://blog.example.org', '')}`,
    ]),
  );
}

async function postsOf(folder: Folder, options: Partial<MarkdownOptions>) {
  const { posts } = await aSource(folder, { timezone: 'America/New_York', ...options }).collect(asked());
  return posts;
}

const md = (...lines: string[]) => `---\n${lines.join('\n')}\n---\n\nWords.\n`;
const toml = (...lines: string[]) => `+++\n${lines.join('\n')}\n+++\n\nWords.\n`;

describe('Jekyll', () => {
  const config = (...lines: string[]) => ({
    'site/_config.yml': ['title: Field notes', 'url: https://blog.example.org', ...lines].join('\n'),
  });
  const dir = 'site/_posts';

  it('reads a time without offset as UTC, or in the zone of its configuration', async () => {
    const post = { 'site/_posts/2026-06-09-a.md': md('date: 2026-06-09 23:30:00') };
    const at = async (...lines: string[]) => (await postsOf({ ...config(...lines), ...post }, { dir }))[0];
    expect((await at())?.publishedAt.toISOString()).toBe('2026-06-09T23:30:00.000Z');
    expect(await at('timezone: Europe/Berlin')).toMatchObject({
      publishedAt: new Date('2026-06-09T21:30:00Z'),
      url: 'https://blog.example.org/2026/06/09/a.html',
    });
  });

  it.each([
    ['', '/zh_cn/c++/node.js/my%20topic/2026/06/09/A.b_c.html'],
    ['permalink: pretty', '/zh_cn/c++/node.js/my%20topic/2026/06/09/A.b_c/'],
    ['permalink: none', '/zh_cn/c++/node.js/my%20topic/A.b_c.html'],
    ['permalink: ordinal', '/zh_cn/c++/node.js/my%20topic/2026/160/A.b_c.html'],
    ['permalink: weekdate', '/zh_cn/c++/node.js/my%20topic/2026/W24/Tue/A.b_c.html'],
    ['permalink: /blog/:slugified_categories/:slug:output_ext', '/blog/zh-cn/c/node-js/my-topic/a-b-c.html'],
    ['permalink: /:short_year/:i_month/:i_day/:y_day/:title', '/26/6/9/160/A.b_c'],
    ['permalink: /:long_month-:short_month/:long_day/:w_year/:w_day/:title/', '/June-Jun/Tuesday/2026/2/A.b_c/'],
    ['collections:\n  posts:\n    permalink: /p/:title/', '/p/A.b_c/'],
  ])('makes addresses by its permalinks: %s', async (line, address) => {
    const post = { 'site/_posts/2026-06-09-A.b_c.md': md('title: T', 'categories: [zh_CN, C++, Node.js, My topic]') };
    expect(await addressesOf({ ...config(line), ...post }, { dir })).toEqual({ T: address });
  });

  it('finds its posts anywhere on the site, only those named by a date, in its endings', async () => {
    const folder = {
      ...config('permalink: /:categories/:title/'),
      'site/_posts/2026-06-01-one.mkdn': md('title: One'),
      'site/lab/_posts/2026-06-02-two.html': md('title: Two'),
      'site/_posts/sub/2026-06-03-three.md': md('title: Three'),
      'site/_posts/notes.md': md('title: Notes', 'date: 2026-06-01'),
      'site/_drafts/early.md': md('title: Early', 'date: 2026-06-01'),
      'site/about.md': md('title: About'),
      'site/2026-06-04-page.md': md('title: Page'),
    };
    expect(await addressesOf(folder, { dir: 'site' })).toEqual({
      One: '/one/',
      Two: '/lab/two/',
      Three: '/three/',
      Early: 'draft /early/',
    });
  });

  it('gives posts the defaults and the authors of its site, and its mark for the end of an introduction', async () => {
    const folder = {
      ...config(
        'excerpt_separator: "<!-- cut -->"',
        'defaults:',
        '  - scope: { path: "", type: posts }',
        '    values: { author: ann, categories: [news] }',
        '  - scope: { path: "_posts/own" }',
        '    values: { author: Ben }',
      ),
      'site/_data/authors.yml': 'ann:\n  name: Ann Lee\n  url: /ann\n',
      'site/_posts/2026-06-01-one.md': md('title: One'),
      'site/_posts/own/2026-06-02-two.md': md('title: Two'),
    };
    const posts = await postsOf(folder, { dir });
    expect(posts.map(({ title, authors, categories }) => [title, authors, categories])).toEqual([
      ['One', ['Ann Lee'], ['news']],
      ['Two', ['Ben'], ['news']],
    ]);
  });
});

describe('a post of a Jekyll site', () => {
  it('may call texts of the configuration and link to files of the site', async () => {
    const folder = {
      'site/_config.yml':
        'url: https://blog.example.org\nrepository: https://code.example.org/x\nsocial:\n  forum: https://forum.example.org\n',
      'site/_posts/2026-06-01-one.md': md('title: One'),
      'site/_posts/2026-06-02-two.md':
        '---\ntitle: Two\n---\n[a]({{ site.repository }}/issues) [b]({{ site.social.forum }}) [c]({% link _posts/2026-06-01-one.md %}) [d]({{ site.other }})',
    };
    for (const dir of ['site', 'site/_posts']) {
      const source = aSource(folder, { dir });
      const { posts } = await source.collect(asked());
      const [reading] = (await source.bodies?.(posts.filter(({ title }) => title === 'Two'))) ?? [];
      expect(markupOf(reading?.kind === 'body' ? reading.body : [])).toBe(
        '<p><a href="https://code.example.org/x/issues">a</a> <a href="https://forum.example.org/">b</a> ' +
          '<a href="https://blog.example.org/2026/06/01/one.html">c</a> d</p>',
      );
    }
  });
});

describe('Hugo', () => {
  const config = (...lines: string[]) => ({
    'site/hugo.toml': ["baseURL = 'https://blog.example.org/'", ...lines].join('\n'),
  });
  const dir = 'site/content';

  it('makes addresses of sections, bundles, slugs and file names', async () => {
    const folder = {
      ...config(),
      'site/content/posts/First Post.md': toml('title = "Plain"', 'date = 2026-06-01'),
      'site/content/posts/2026-06-02-dated.md': toml('title = "Dated"', 'date = 2026-06-02'),
      'site/content/posts/slug.md': toml('title = "Slug"', 'date = 2026-06-03', 'slug = "Another Name"'),
      'site/content/posts/url.md': toml('title = "Url"', 'date = 2026-06-03', 'url = "/elsewhere/"'),
      'site/content/posts/bundle/index.md': toml('title = "Bundle"', 'date = 2026-06-04'),
      'site/content/posts/bundle/notes.md': toml('title = "A resource"', 'date = 2026-06-04'),
      'site/content/posts/bundle/sub/deep.md': toml('title = "A deep resource"', 'date = 2026-06-04'),
      'site/content/posts/_index.md': toml('title = "Section"', 'date = 2026-06-04'),
      'site/content/posts/c++.md': toml('title = "Signs"', 'date = 2026-06-05'),
      'site/content/top.md': toml('title = "Top"', 'date = 2026-06-05'),
      'site/content/about.md': toml('title = "About"'),
    };
    expect(await addressesOf(folder, { dir })).toEqual({
      Plain: '/posts/first-post/',
      Dated: '/posts/2026-06-02-dated/',
      Slug: '/posts/another-name/',
      Url: '/elsewhere/',
      Bundle: '/posts/bundle/',
      Signs: '/posts/c++/',
      Top: '/top/',
    });
    expect(await addressesOf(folder, { dir: 'site/content/posts' })).not.toHaveProperty('A resource');
    expect(await addressesOf(folder, { dir: 'site/content/posts' })).toHaveProperty('Plain', '/posts/first-post/');
  });

  it.each([
    ['[permalinks]\nposts = "/:year/:month/:slug/"', '/2026/06/a-title-c/'],
    ['[permalinks]\nposts = "/:section/:filename"', '/posts/my-file/'],
    ['[permalinks.page]\nposts = "/:monthname/:weekdayname/:yearday/:title/"', '/june/tuesday/160/a-title-c/'],
    ['[permalinks]\nposts = "/:sections/:contentbasename/"', '/posts/sub/my-file/'],
    ['uglyURLs = true', '/posts/sub/my-file.html'],
  ])('makes addresses by its permalinks: %s', async (lines, address) => {
    const post = { 'site/content/posts/sub/My File.md': toml('title = "A Title: C"', 'date = 2026-06-09') };
    expect(await addressesOf({ ...config(lines), ...post }, { dir })).toEqual({ 'A Title: C': address });
  });

  it('tells languages by file name and by folder, each with its address', async () => {
    const byName = {
      ...config('defaultContentLanguage = "en"', '[languages.en]', '[languages.de]'),
      'site/content/posts/x.md': toml('title = "English"', 'date = 2026-06-01'),
      'site/content/posts/x.de.md': toml('title = "Deutsch"', 'date = 2026-06-01'),
      'site/content/posts/b/index.de.md': toml('title = "Bündel"', 'date = 2026-06-01'),
    };
    expect(await addressesOf(byName, { dir })).toEqual({
      English: '/posts/x/',
      Deutsch: '/de/posts/x/',
      Bündel: '/de/posts/b/',
    });
    expect(
      (await postsOf(byName, { dir })).map(({ title, language, translationKey }) => [title, language, translationKey]),
    ).toEqual([
      ['Bündel', 'de', 'posts/b'],
      ['Deutsch', 'de', 'posts/x'],
      ['English', 'en', 'posts/x'],
    ]);
    const byFolder = {
      ...config(
        'defaultContentLanguage = "en"',
        '[languages.en]',
        'contentDir = "content/en"',
        '[languages.de]',
        'contentDir = "content/de"',
      ),
      'site/content/en/posts/x.md': toml('title = "English"', 'date = 2026-06-01'),
      'site/content/de/posts/x.md': toml('title = "Deutsch"', 'date = 2026-06-01'),
    };
    expect(await addressesOf(byFolder, { dir })).toEqual({ English: '/posts/x/', Deutsch: '/de/posts/x/' });
  });

  it('reads taxonomies, its chain of dates, what sections hand down, and lists of pictures', async () => {
    const folder = {
      ...config('timeZone = "Europe/Berlin"', '[taxonomies]', 'category = "categories"', 'series = "series"'),
      'site/content/posts/_index.md': toml('title = "Posts"', '[cascade]', 'author = "Ann"'),
      'site/content/posts/a.md': toml(
        'title = "A"',
        'date = 2026-06-01T10:00:00',
        'series = ["s"]',
        'categories = "two words"',
        'tags = ["t"]',
        'images = ["/x.png"]',
      ),
      'site/content/posts/b.md': toml('title = "B"', 'lastmod = 2026-06-02'),
      'site/content/posts/c.md': toml('title = "C"', 'date = 2026-06-01', 'draft = true'),
      'site/content/posts/2026-06-03-d.md': toml('title = "D"'),
    };
    const posts = await postsOf(folder, { dir });
    const of = (title: string) => posts.find((post) => post.title === title);
    expect(of('A')).toMatchObject({
      ...{ publishedAt: new Date('2026-06-01T08:00:00Z'), categories: ['two words', 's'], authors: ['Ann'] },
      image: { src: 'https://blog.example.org/x.png' },
    });
    expect(of('B')?.publishedOn).toBe('2026-06-02');
    expect(of('C')?.draft).toBe(true);
    expect(of('D')?.publishedOn).toBe('2026-06-03');
  });
});

describe('Zola', () => {
  const folder = {
    'site/config.toml': "base_url = 'https://blog.example.org'\ntitle = 'Field notes'\n[languages.fr]\n",
    'site/content/blog/_index.md': toml('title = "Blog"'),
    'site/content/blog/2026-06-01-first.md': toml(
      'title = "First"',
      '[taxonomies]',
      'categories = ["Chemistry"]',
      'tags = ["lab"]',
    ),
    'site/content/blog/2026-06-02-folder/index.md': toml('title = "Folder"', '[extra]', 'image = "/x.png"'),
    'site/content/blog/Été à Paris.md': toml('title = "Summer"', 'date = 2026-06-03T10:00:00'),
    'site/content/blog/own.md': toml('title = "Own"', 'date = 2026-06-04', 'path = "elsewhere/own"'),
    'site/content/blog/slug.md': toml('title = "Slug"', 'date = 2026-06-04', 'slug = "another"'),
    'site/content/blog/2026-06-01-first.fr.md': toml('title = "Premier"'),
    'site/content/about.md': toml('title = "About"'),
  };

  it('is read with its dates, addresses, taxonomies and languages', async () => {
    expect(await addressesOf(folder, { dir: 'site/content/blog' })).toEqual({
      First: '/blog/first/',
      Folder: '/blog/folder/',
      Summer: '/blog/ete-a-paris/',
      Own: '/elsewhere/own/',
      Slug: '/blog/another/',
      Premier: '/fr/blog/first/',
    });
    const posts = await postsOf(folder, { dir: 'site/content' });
    expect(posts.find(({ title }) => title === 'First')).toMatchObject({
      ...{ publishedOn: '2026-06-01', categories: ['Chemistry', 'lab'], language: 'en' },
    });
    expect(posts.find(({ title }) => title === 'Folder')?.image?.src).toBe('https://blog.example.org/x.png');
    expect(posts.find(({ title }) => title === 'Summer')?.publishedAt).toEqual(new Date('2026-06-03T10:00:00Z'));
  });
});

describe('what a site says of itself', () => {
  const factsOf = async (folder: Folder, dir = '/content/site') => (await siteFactsFrom(dir, filesOf(folder))).facts;

  it.each([
    ['hugo', { 'site/hugo.yaml': 'baseURL: https://blog.example.org/group/\ntitle: Field notes\nlanguageCode: en\n' }],
    [
      'hugo',
      { 'site/config/_default/hugo.toml': "baseURL = 'https://blog.example.org/group/'\ntitle = 'Field notes'\n" },
    ],
    ['hugo', { 'site/config.toml': "baseURL = 'https://blog.example.org/group'\ntitle = 'Field notes'\n" }],
    ['zola', { 'site/config.toml': "base_url = 'https://blog.example.org/group'\ntitle = 'Field notes'\n" }],
    [
      'jekyll',
      { 'site/_config.yml': 'url: https://blog.example.org\nbaseurl: /group\ntitle: Field notes\nlang: en\n' },
    ],
    [
      'hexo',
      {
        'site/_config.yml': 'url: https://blog.example.org/group\ntitle: Field notes\nlanguage: en\n',
        'site/scaffolds/post.md': '',
      },
    ],
    [
      'eleventy',
      {
        'site/.eleventy.js': "module.exports = { dir: { input: 'src' } }",
        'site/src/_data/site.json':
          '{"url": "https://blog.example.org/group/", "title": "Field notes", "language": "en"}',
      },
    ],
    [
      'astro',
      {
        'site/astro.config.mjs':
          "export default defineConfig({\n  site: 'https://blog.example.org',\n  base: '/group',\n  i18n: { defaultLocale: 'en' },\n})",
        'site/src/consts.ts': "export const SITE_TITLE = 'Field notes';",
      },
    ],
    [
      'docusaurus',
      {
        'site/docusaurus.config.ts':
          "const config = {\n  title: 'Field notes',\n  url: 'https://blog.example.org',\n  baseUrl: '/group/',\n};",
      },
    ],
    [
      'vitepress',
      {
        'site/.vitepress/config.mts':
          "export default { title: 'Field notes', lang: 'en', base: '/group/', sitemap: { hostname: 'https://blog.example.org' } }",
      },
    ],
  ] as const)('is read from the configuration of %s', async (dialect, folder) => {
    expect(await factsOf(folder)).toMatchObject({
      ...{ dialect, siteUrl: 'https://blog.example.org/group', title: 'Field notes' },
      languages: ['en'],
    });
  });

  it('is looked for above the folder of posts, but not without end', async () => {
    const folder = { 'site/_config.yml': 'title: T', 'site/a/b/c/_posts/x.md': '' };
    expect(await siteFactsFrom('/content/site/a/b/_posts', filesOf(folder))).toMatchObject({
      root: '/content/site',
      below: 'a/b/_posts/',
    });
    expect((await factsOf(folder, '/content/site/a/b/c/_posts')).dialect).toBe('plain');
  });

  it('runs nothing, and is nothing where a configuration cannot be read', async () => {
    const trap = globalThis as { ranConfig?: boolean };
    delete trap.ranConfig;
    await factsOf({ 'site/astro.config.mjs': 'globalThis.ranConfig = true; export default { site: `https://` + x }' });
    expect(trap.ranConfig).toBeUndefined();
    expect(await factsOf({ 'site/_config.yml': 'title: [' })).toMatchObject({ dialect: 'jekyll', languages: [] });
  });
});
