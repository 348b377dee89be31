/** Small sites, one for each generator that npm has: its own build lists its posts as JSON, which a reading of the same files must equal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GeneratorSite {
  readonly name: 'eleventy' | 'astro' | 'hexo' | 'docusaurus' | 'vitepress';
  /** Exact versions, as npm takes them. */
  readonly packages: readonly string[];
  readonly isModule: boolean;
  /** The folder a source reads. */
  readonly dir: string;
  readonly files: { readonly [path: string]: string };
  /** What the shell runs in the folder of the site. */
  readonly build: string;
  /** What the build lists, from its output. */
  posts(folder: string): readonly ListedPost[];
}

export interface ListedPost {
  readonly url: string;
  readonly title: string;
  readonly at: string;
  readonly categories: readonly string[];
}

const jsonOf = (folder: string, path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const SITE = 'https://blog.example.org';

const eleventy: GeneratorSite = {
  name: 'eleventy',
  isModule: true,
  packages: ['@11ty/eleventy@3.1.8'],
  dir: 'content',
  files: {
    'eleventy.config.js': `export default function (config) {
  config.setInputDirectory('content');
  config.setIncludesDirectory('../_includes');
  config.setDataDirectory('../_data');
  config.setQuietMode(true);
}
`,
    '_data/metadata.js': `export default { title: 'Field notes', url: '${SITE}/', language: 'en' };\n`,
    'content/posts.json.njk': `---
permalink: /posts.json
eleventyExcludeFromCollections: true
---
[{% for post in collections.posts %}{"url": "{{ post.url }}", "title": {{ post.data.title | dump | safe }}, "at": "{{ post.date.toISOString() }}", "categories": {{ post.data.tags | dump | safe }}}{% if not loop.last %},{% endif %}{% endfor %}]
`,
    'content/about.md': '---\ntitle: About\n---\nA page.\n',
    'content/posts/posts.json': '{ "tags": ["posts"] }',
    'content/posts/2026-06-01-dated-name.md': '---\ntitle: A dated name\ntags: [chemistry]\n---\nWords.\n',
    'content/posts/plain-name.md':
      '---\ntitle: "A plain name"\ndate: 2026-06-02\ntags: [chemistry, lab life]\n---\nWords.\n',
    'content/posts/with-time.md': '---\ntitle: With a time\ndate: 2026-06-03 23:30:00\n---\nWords.\n',
    'content/posts/2026-06-04-Folder Name/index.md': '---\ntitle: In a folder\n---\nWords.\n',
    'content/posts/own.md':
      '---\ntitle: Its own address\ndate: 2026-06-05\npermalink: /elsewhere/{{ page.fileSlug }}/index.html\n---\nWords.\n',
    'content/posts/slugged.md':
      '---\ntitle: A Title & More\ndate: 2026-06-05T10:00:00+02:00\npermalink: "/by-title/{{ title | slugify }}/"\n---\nWords.\n',
    'content/posts/2026-06-05-stem.md':
      '---\ntitle: By its path\npermalink: "/stem{{ page.filePathStem }}/"\n---\nWords.\n',
    'content/posts/toml.md': '---json\n{ "title": "JSON", "date": "2026-06-06" }\n---\nWords.\n',
    'content/posts/hidden.md':
      '---\ntitle: Hidden\ndate: 2026-06-06\neleventyExcludeFromCollections: true\n---\nWords.\n',
  },
  build: 'npx eleventy --quiet',
  posts: (folder) =>
    jsonOf(folder, '_site/posts.json').map((post: ListedPost) => ({
      ...post,
      url: SITE + encodeURI(post.url),
      categories: (post.categories ?? []).filter((tag) => tag !== 'posts'),
    })),
};

const astro: GeneratorSite = {
  name: 'astro',
  isModule: true,
  packages: ['astro@5.18.2'],
  dir: 'src/content/blog',
  files: {
    'astro.config.mjs': `import { defineConfig } from 'astro/config';\nexport default defineConfig({ site: '${SITE}' });\n`,
    'src/consts.ts': `export const SITE_TITLE = 'Field notes';\n`,
    'src/content.config.ts': `import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';
const blog = defineCollection({
  loader: glob({ base: './src/content/blog', pattern: '**/*.{md,mdx}' }),
  schema: z.object({ title: z.string(), pubDate: z.coerce.date(), draft: z.boolean().optional(), tags: z.array(z.string()).default([]) }),
});
export const collections = { blog };
`,
    'src/pages/blog/[...slug].astro': `---
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  return (await getCollection('blog', ({ data }) => !data.draft)).map((post) => ({ params: { slug: post.id }, props: post }));
}
const { Content } = await render(Astro.props);
---
<Content />
`,
    'src/pages/posts.json.ts': `import { getCollection } from 'astro:content';
export async function GET() {
  const posts = await getCollection('blog', ({ data }) => !data.draft);
  return Response.json(posts.map(({ id, data }) => ({ url: '/blog/' + id + '/', title: data.title, at: data.pubDate.toISOString(), categories: data.tags })));
}
`,
    'src/content/blog/First Post.md': '---\ntitle: First post\npubDate: 2026-06-01\ntags: [chemistry]\n---\nWords.\n',
    'src/content/blog/2026-06-02-dated.md': '---\ntitle: Dated\npubDate: "Jun 02 2026"\n---\nWords.\n',
    'src/content/blog/notes/Deep_Name.md':
      '---\ntitle: Deep\npubDate: 2026-06-03T12:00:00Z\ntags: [lab life]\n---\nWords.\n',
    'src/content/blog/C++ & more!.md': '---\ntitle: Punctuation\npubDate: 2026-06-04 08:30:00\n---\nWords.\n',
    'src/content/blog/folder/index.md': '---\ntitle: In a folder\npubDate: 2026-06-05\n---\nWords.\n',
    'src/content/blog/own.md': '---\ntitle: Its own slug\npubDate: 2026-06-06\nslug: another/name\n---\nWords.\n',
    'src/content/blog/draft.md': '---\ntitle: A draft\npubDate: 2026-06-06\ndraft: true\n---\nWords.\n',
  },
  build: 'TZ=UTC ASTRO_TELEMETRY_DISABLED=1 npx astro build',
  posts: (folder) =>
    jsonOf(folder, 'dist/posts.json').map((post: ListedPost) => ({ ...post, url: SITE + encodeURI(post.url) })),
};

const hexo: GeneratorSite = {
  name: 'hexo',
  isModule: false,
  packages: ['hexo@8.1.2', 'hexo-renderer-marked@7.0.1'],
  dir: 'source/_posts',
  files: {
    '_config.yml': `title: Field notes
url: ${SITE}/group
root: /group/
permalink: :year/:month/:day/:title/
timezone: Europe/London
language: en
source_dir: source
default_category: uncategorized
`,
    'scripts/list.js': `hexo.extend.generator.register('list', (locals) => ({
  path: 'posts.json',
  data: JSON.stringify(locals.posts.map((post) => ({
    url: post.permalink, title: post.title, at: post.date.toISOString(),
    categories: [...post.categories.map(({ name }) => name), ...post.tags.map(({ name }) => name)],
  }))),
}));
`,
    'source/_posts/first-post.md':
      '---\ntitle: First post\ndate: 2026-06-01 09:30:00\ncategories: [Chemistry]\ntags: [lab]\n---\nWords.\n',
    'source/_posts/No Opening.md': 'title: No opening line\ndate: 2026-06-02 00:10:00\n---\nWords.\n',
    'source/_posts/json.md': '"title": "JSON",\n"date": "2026-06-03 10:00:00"\n;;;\nWords.\n',
    'source/_posts/folder/deep.md':
      '---\ntitle: Deep\ndate: 2026-06-04\ncategories:\n  - [Chemistry, Organic]\n---\nWords.\n',
    'source/_posts/own.md':
      '---\ntitle: Its own address\ndate: 2026-06-05 10:00:00\npermalink: elsewhere/own/\n---\nWords.\n',
    'source/_posts/unpublished.md':
      '---\ntitle: Unpublished\ndate: 2026-06-05 10:00:00\npublished: false\n---\nWords.\n',
  },
  // Hexo takes the days of addresses from the machine's zone.
  build: 'TZ=Europe/London npx hexo generate --silent',
  posts: (folder) => jsonOf(folder, 'public/posts.json'),
};

const docusaurus: GeneratorSite = {
  name: 'docusaurus',
  isModule: false,
  packages: ['@docusaurus/core@3.10.2', '@docusaurus/preset-classic@3.10.2', 'react@19.2.0', 'react-dom@19.2.0'],
  dir: 'blog',
  files: {
    'docusaurus.config.js': `export default {
  title: 'Field notes',
  url: '${SITE}',
  baseUrl: '/group/',
  onBrokenLinks: 'ignore',
  i18n: { defaultLocale: 'en', locales: ['en'] },
  presets: [['classic', { docs: false, theme: {}, blog: { routeBasePath: 'news', feedOptions: { type: 'json', copyright: 'x', limit: false }, onUntruncatedBlogPosts: 'ignore', onInlineAuthors: 'ignore' } }]],
};
`,
    'src/pages/index.md': '# Home\n',
    'blog/authors.yml': 'ann:\n  name: Ann Lee\n',
    'blog/2026-06-01-dated-name.md': '---\ntitle: A dated name\nauthors: ann\ntags: [chemistry]\n---\nWords.\n',
    'blog/2026/06/02/in-folders.md': '---\ntitle: In folders\n---\nWords.\n',
    'blog/2026-06-03-bundle/index.md':
      '---\ntitle: A bundle\ntags: [{ label: Lab life, permalink: lab-life }]\n---\nWords.\n',
    'blog/2026-06-04-slug.md': '---\ntitle: Its own slug\nslug: another-name\n---\nWords.\n',
    'blog/2026-06-05-deep-slug.md':
      '---\ntitle: A deep slug\nslug: /deep/name\ndate: 2026-06-05T10:00:00Z\n---\nWords.\n',
    'blog/undated-name.md': '---\ntitle: An undated name\ndate: 2026-06-06\n---\nWords.\n',
    'blog/2026-06-07-draft.md': '---\ntitle: A draft\ndraft: true\n---\nWords.\n',
    'blog/2026-06-08-title.md': '# The title of the body\n\nWords.\n',
  },
  build: 'npx docusaurus build',
  posts: (folder) =>
    jsonOf(folder, 'build/news/feed.json').items.map(
      (item: { url: string; title: string; date_modified: string; tags?: string[] }) => ({
        url: item.url,
        title: item.title,
        at: item.date_modified,
        categories: item.tags ?? [],
      }),
    ),
};

const vitepress: GeneratorSite = {
  name: 'vitepress',
  isModule: true,
  packages: ['vitepress@1.6.4', 'vue@3.5.45'],
  dir: 'docs',
  files: {
    'docs/.vitepress/config.mjs': `import { writeFileSync } from 'node:fs';
import { createContentLoader } from 'vitepress';
export default {
  title: 'Field notes',
  lang: 'en-GB',
  base: '/group/',
  cleanUrls: true,
  async buildEnd(config) {
    const posts = await createContentLoader('**/*.md').load();
    writeFileSync(config.outDir + '/posts.json', JSON.stringify(posts.filter(({ frontmatter }) => frontmatter.date).map(({ url, frontmatter }) => ({
      url, title: frontmatter.title, at: new Date(frontmatter.date).toISOString(), categories: frontmatter.tags ?? [],
    }))));
  },
};
`,
    'docs/index.md': '# Home\n',
    'docs/about.md': '---\ntitle: About\n---\nA page.\n',
    'docs/posts/first-post.md': '---\ntitle: First post\ndate: 2026-06-01\ntags: [chemistry]\n---\nWords.\n',
    'docs/posts/2026-06-02-dated.md': '---\ntitle: Dated\ndate: 2026-06-02T10:00:00Z\n---\nWords.\n',
    'docs/posts/folder/index.md': '---\ntitle: In a folder\ndate: 2026-06-03\n---\nWords.\n',
  },
  build: 'npx vitepress build docs',
  posts: (folder) =>
    jsonOf(folder, 'docs/.vitepress/dist/posts.json').map((post: ListedPost) => ({
      ...post,
      url: `${SITE}/group${post.url.replace(/\.html$/, '')}`,
    })),
};

export const GENERATOR_SITES: readonly GeneratorSite[] = [eleventy, astro, hexo, docusaurus, vitepress];
