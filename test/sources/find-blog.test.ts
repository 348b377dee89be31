import { describe, expect, it } from 'vitest';
import type { GazetteError } from '../../src/domain/errors.js';
import type { FetchWeb } from '../../src/domain/ports/host.js';
import { findBlog } from '../../src/sources/find/find-blog.js';
import { aWeb, item, type Page, rss } from '../support/feeds.js';
import { PHYSICS, recordedWordPress, WORDPRESS } from '../support/recorded-blogs.js';
import { type Folder, filesOf, toolsOf } from '../support/sources-files.js';

const BLOG = 'https://blog.example.org/';
const html = (head: string): Page => ({
  headers: new Map([['content-type', 'text/html']]),
  body: new TextEncoder().encode(`<!doctype html><html lang="de-CH"><head>${head}</head></html>`),
});
const find = (fetchWeb: FetchWeb, from = BLOG, key?: string) =>
  findBlog(from, 'blog', toolsOf({ fetchWeb, credentialsOf: () => key }));
const failure = (found: Promise<unknown>) => found.then(() => undefined).catch((error: GazetteError) => error);

describe('a WordPress blog', () => {
  it('is read by its API, with the title, site and zone it names', async () => {
    const { fetchWeb } = recordedWordPress();
    const names: FetchWeb = async (request) => {
      const answer = await fetchWeb(request);
      if (answer.kind !== 'answered' || request.url !== `${WORDPRESS}/wp-json/`) return answer;
      const root = JSON.parse(new TextDecoder().decode(answer.body));
      const named = { ...root, name: 'Physics &amp; more', home: WORDPRESS, timezone_string: 'Europe/London' };
      return { ...answer, body: new TextEncoder().encode(JSON.stringify(named)) };
    };
    expect(await find(names, `${WORDPRESS}/`)).toMatchObject({
      options: { kind: 'wordpress', url: `${WORDPRESS}/` },
      what: 'a WordPress blog, read by its REST API',
      ...{ title: 'Physics & more', site: WORDPRESS, timezone: 'Europe/London' },
    });
  });

  it('is read in part where the address is the page of a category', async () => {
    expect((await find(recordedWordPress().fetchWeb, PHYSICS)).options).toEqual({ kind: 'wordpress', url: PHYSICS });
  });
});

describe('a Ghost blog', () => {
  const ghost = html(
    '<meta name="generator" content="Ghost 6.0"><script data-ghost="https://blog.example.org/" data-key="0123456789abcdef0123456789" data-api="https://blog.example.org/ghost/api/content/"></script>',
  );
  const settings: Page = {
    headers: new Map([['content-type', 'application/json']]),
    body: new TextEncoder().encode('{"settings":{"title":"Spirits","lang":"fr","timezone":"Europe/Paris"}}'),
  };

  it('is read by its API with the key its pages contain, which is no part of its settings', async () => {
    const key = '0123456789abcdef0123456789';
    const web = aWeb({ [BLOG]: ghost, [`${BLOG}ghost/api/content/settings/?key=${key}`]: settings });
    const found = await find(web.fetchWeb);
    expect(found).toMatchObject({ title: 'Spirits', language: 'fr', timezone: 'Europe/Paris', credentials: key });
    expect(found.options).toEqual({ kind: 'ghost', url: BLOG });
  });

  it('with the key of the environment, which is not written again', async () => {
    expect((await find(aWeb({ [BLOG]: ghost }).fetchWeb, BLOG, 'mine')).credentials).toBeUndefined();
  });

  it('without any key it is read by its feed', async () => {
    const page = html(
      '<meta name="generator" content="Ghost 6.0"><link rel="alternate" type="application/rss+xml" href="/rss/">',
    );
    const found = await find(aWeb({ [BLOG]: page, [`${BLOG}rss/`]: rss(item(1)) }).fetchWeb);
    expect(found.options).toEqual({ kind: 'feed', url: `${BLOG}rss/` });
  });
});

describe('a feed', () => {
  const link = (href: string, type = 'application/rss+xml') => `<link rel="alternate" type="${type}" href="${href}">`;

  it.each([
    ['the address itself', { [BLOG]: rss(item(1)) }, BLOG],
    [
      'a feed the page names',
      { [BLOG]: html(link('/posts.xml')), [`${BLOG}posts.xml`]: rss(item(1)) },
      `${BLOG}posts.xml`,
    ],
    ['one at a usual place', { [BLOG]: html(''), [`${BLOG}index.xml`]: rss(item(1)) }, `${BLOG}index.xml`],
    [
      'not that of the comments',
      {
        [BLOG]: html(link('/comments/feed/') + link('/feed/')),
        [`${BLOG}comments/feed/`]: rss(item(1)),
        [`${BLOG}feed/`]: rss(item(2)),
      },
      `${BLOG}feed/`,
    ],
    [
      'not one that is broken',
      { [BLOG]: html(link('/a') + link('/b')), [`${BLOG}a`]: '<rss', [`${BLOG}b`]: rss(item(1)) },
      `${BLOG}b`,
    ],
  ])('is found: %s', async (_, pages, url) => {
    const found = await find(aWeb(pages).fetchWeb);
    expect(found.options).toEqual({ kind: 'feed', url });
    expect(found.title).toBe('Notes');
  });

  it('of a category goes before that of the whole blog, on the page of the category', async () => {
    const page = `${BLOG}category/chemistry/`;
    const pages = {
      [page]: html(link('/feed/') + link('/category/chemistry/feed/')),
      [`${BLOG}feed/`]: rss(item(1)),
      [`${page}feed/`]: rss(item(2)),
    };
    expect((await find(aWeb(pages).fetchWeb, page)).options).toEqual({ kind: 'feed', url: `${page}feed/` });
  });
});

describe('a page below the site', () => {
  const page = `${BLOG}notes/`;

  it('is read by the feed beside it, though nothing names it', async () => {
    const pages = { [page]: html(''), [`${page}index.xml`]: rss(item(1)), [`${BLOG}index.xml`]: rss(item(2)) };
    const { options, notes } = await find(aWeb(pages).fetchWeb, page);
    expect(options).toEqual({ kind: 'feed', url: `${page}index.xml` });
    expect(notes.join()).not.toContain('more posts');
  });

  it.each([
    ['there is no feed of its own', { [page]: html('') }, 'more posts than the page'],
    ['it does not exist', {}, `no page that can be read at ${page}`],
  ])('is told when the feed is that of the whole site: %s', async (_, pages, words) => {
    const { options, notes } = await find(aWeb({ ...pages, [`${BLOG}feed/`]: rss(item(1)) }).fetchWeb, page);
    expect(options).toEqual({ kind: 'feed', url: `${BLOG}feed/` });
    expect(notes.join()).toContain(words);
  });
});

describe('an address without posts', () => {
  it.each([
    ['a page that names nothing', { [BLOG]: html('<title>Shop</title>') }, 'names no feed'],
    ['a page that is not there', {}, 'does not exist'],
  ])('%s is told as such', async (_, pages, words) => {
    expect(await failure(find(aWeb(pages).fetchWeb))).toMatchObject({
      code: 'source.failed',
      message: expect.stringContaining(words),
    });
  });

  it('a private host that the person names is allowed, and said so in the settings', async () => {
    const web = aWeb({ [BLOG]: rss(item(1)) });
    const fetchWeb: FetchWeb = async (request) =>
      request.allowPrivate?.includes('blog.example.org')
        ? web.fetchWeb(request)
        : { kind: 'refused', why: 'private', url: request.url };
    expect((await find(fetchWeb)).options).toEqual({ kind: 'feed', url: BLOG, allowPrivate: true });
  });
});

describe('a folder', () => {
  const look = (folder: Folder, dir = '/content/site') => findBlog(dir, 'blog', toolsOf({ files: filesOf(folder) }));
  const post = '---\ntitle: One\ndate: 2026-06-01\n---\nWords.\n';

  it('of a generator is read with what its configuration says', async () => {
    const found = await look({
      'site/_config.yml': 'title: Field notes\nurl: https://notes.example.org\ntimezone: Europe/Berlin\nlang: de\n',
      'site/_posts/2026-06-01-one.md': post,
    });
    expect(found).toMatchObject({
      what: 'a site made with Jekyll (_config.yml)',
      options: { kind: 'markdown', site: 'https://notes.example.org' },
      title: 'Field notes',
      timezone: 'Europe/Berlin',
    });
  });

  it('of Markdown alone is read as it is, and the address of its site is asked for', async () => {
    const found = await look({ 'site/one.md': post });
    expect(found.options).toEqual({ kind: 'markdown', dir: '/content/site' });
    expect(found.notes.join()).toContain('--site');
  });

  it.each([
    ['that is not there', {}, 'does not exist'],
    ['without posts', { 'site/logo.png': '' }, 'no files that could be posts'],
  ])('%s is refused', async (_, folder, words) => {
    expect(await failure(look(folder))).toMatchObject({ message: expect.stringContaining(words) });
  });

  const hugo = { 'site/hugo.toml': 'baseURL = "https://notes.example.org/"\n' };
  it.each([
    ['its usual folder, and others are named', ['posts/a', 'posts/b', 'notes/c'], 'content/posts', 'content/notes (1)'],
    [
      'the usual folder with most posts',
      ['posts/_index', 'posts/a', 'blog/b', 'blog/c'],
      'content/blog',
      'content/posts (1)',
    ],
    ['the only folder that has any', ['essays/a', 'essays/b'], 'content', ''],
    ['all of it when most posts are elsewhere', ['posts/a', 'essays/b', 'til/c'], 'content', ''],
  ])('with posts in several places is read by %s', async (_, names, dir, others) => {
    const files = names.map((name) => [`site/content/${name}.md`, post]);
    const { options, notes } = await look({ ...hugo, ...Object.fromEntries(files), 'site/content/page.md': '# Page' });
    expect(options).toMatchObject({ dir: `/content/site/${dir}` });
    expect(notes.join()).toContain(others);
  });

  it('of Jekyll is read whole where several folders have posts', async () => {
    const site = { 'site/_config.yml': 'url: https://notes.example.org\n' };
    const name = '_posts/2026-06-01-one.md';
    expect((await look({ ...site, [`site/${name}`]: post })).options).toMatchObject({ dir: '/content/site/_posts' });
    const several = { ...site, [`site/${name}`]: post, [`site/food/${name}`]: post };
    expect((await look(several)).options).toMatchObject({ dir: '/content/site' });
  });

  it('does not count the posts that a theme comes with', async () => {
    const theme = { 'site/themes/x/exampleSite/content/posts/a.md': post };
    const { options, notes } = await look({ ...hugo, ...theme, 'site/content/posts/a.md': post });
    expect(options).toMatchObject({ dir: '/content/site/content/posts' });
    expect(notes).toEqual([]);
  });
});
