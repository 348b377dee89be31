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

describe('the colour and logo of a blog', () => {
  const feed = `${BLOG}feed.xml`;
  const withHead = (head: string, more: { [url: string]: Page | string } = {}) => {
    const link = `<link rel="alternate" type="application/rss+xml" href="${feed}">`;
    return find(aWeb({ [BLOG]: html(link + head), [feed]: rss(item(1)), ...more }).fetchWeb);
  };
  const json = (value: object): Page => ({
    headers: new Map([['content-type', 'application/manifest+json']]),
    body: new TextEncoder().encode(JSON.stringify(value)),
  });

  it('are those that its page names for phones, the colour for light pages', async () => {
    const head =
      '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#330000"><meta name="theme-color" content="#0A7"><link rel="apple-touch-icon" sizes="180x180" href="/touch.png"><link rel="icon" href="/favicon.ico">';
    expect((await withHead(head)).look).toEqual({ accent: '#00aa77', logo: `${BLOG}touch.png` });
  });

  it('are else those of its web app manifest, its last icon being the largest', async () => {
    const manifest = { theme_color: 'rgb(200, 10, 30)', icons: [{ src: 'small.png' }, { src: 'large.png' }] };
    const { look } = await withHead('<link rel="manifest" href="/a/site.webmanifest">', {
      [`${BLOG}a/site.webmanifest`]: json(manifest),
    });
    expect(look).toEqual({ accent: '#c80a1e', logo: `${BLOG}a/large.png` });
  });

  it('are none where it says white, black or grey, or has a picture mail clients do not show', async () => {
    const nothing = ['#ffffff', '#000', '#8a8a90', 'red', 'url(x)', ''].map(
      (colour) => `<meta name="theme-color" content="${colour}">`,
    );
    const icons =
      '<link rel="icon" type="image/svg+xml" href="/icon.svg"><link rel="apple-touch-icon" href="http://blog.example.org/t.png"><link rel="icon" href="data:image/png;base64,AA==">';
    expect((await withHead(nothing.join('') + icons)).look).toBeUndefined();
  });

  it('are those of the front page where the address is a feed', async () => {
    const web = aWeb({ [BLOG]: html('<meta name="theme-color" content="#0055aa">'), [feed]: rss(item(1)) });
    expect((await find(web.fetchWeb, feed)).look).toEqual({ accent: '#0055aa' });
  });

  it('are files that its folder publishes', async () => {
    const folder: Folder = {
      'site/hugo.toml': 'baseURL = "https://blog.example.org/"',
      'site/content/posts/one.md': '---\ntitle: One\ndate: 2026-01-01\n---\nText.\n',
      'site/static/apple-touch-icon.png': 'PNG',
      'site/static/site.webmanifest': '{"theme_color":"#0055aa"}',
    };
    const { look } = await findBlog('/content/site', 'blog', toolsOf({ files: filesOf(folder) }));
    expect(look).toEqual({ accent: '#0055aa', logo: 'https://blog.example.org/apple-touch-icon.png' });
  });
});

describe('an export', () => {
  const look = (file: string, content: string | Uint8Array) =>
    findBlog(`/content/${file}`, 'blog', toolsOf({ files: filesOf({ [file]: content }) }));

  it('of WordPress says its title, address and language', async () => {
    const wxr =
      '<?xml version="1.0"?><rss><channel><title><![CDATA[Light & Sound]]></title><link>http://x.example.org</link><language>de-DE</language><wp:base_blog_url>https://blog.example.org</wp:base_blog_url><item><title>One</title></item></channel></rss>';
    expect(await look('all.xml', wxr)).toMatchObject({
      options: { kind: 'wxr', file: '/content/all.xml' },
      ...{
        title: 'Light & Sound',
        site: BLOG.slice(0, -1),
        language: 'de-DE',
        what: 'an export of WordPress, all.xml',
      },
    });
  });

  it('of Ghost says its title, zone and look, and not its address', async () => {
    const value = (key: string, text: string) => ({ key, value: text });
    const settings = [
      value('title', 'Spirits'),
      value('locale', 'fr'),
      value('timezone', 'Europe/Paris'),
      value('accent_color', '#0055aa'),
    ];
    const found = await look('ghost.json', JSON.stringify({ db: [{ data: { posts: [], settings } }] }));
    expect(found).toMatchObject({
      options: { kind: 'ghost-export', file: '/content/ghost.json' },
      ...{ title: 'Spirits', language: 'fr', timezone: 'Europe/Paris', look: { accent: '#0055aa' } },
    });
    expect(found.site).toBeUndefined();
    expect(found.notes.join()).toContain('--site');
  });

  it('of Substack is a zip', async () => {
    expect((await look('out.zip', new Uint8Array([0x50, 0x4b, 3, 4]))).options).toEqual({
      kind: 'substack',
      file: '/content/out.zip',
    });
  });

  it('is nothing else: any other file is refused with what can be given', async () => {
    const error = await failure(look('notes.txt', 'Some text.'));
    expect(error).toMatchObject({ code: 'source.failed' });
    expect(error?.hint).toContain('Substack');
  });
});
