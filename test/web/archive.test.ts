import { beforeEach, describe, expect, it } from 'vitest';
import type { Post } from '../../src/domain/post.js';
import type { Outcome } from '../../src/domain/reply.js';
import { cancelIssue } from '../../src/issue/cancel.js';
import { ACCEPTED } from '../support/app-context.js';
import { aBody, aPost } from '../support/builders.js';
import { aPublicSite, type TestSite } from '../support/public-site.js';

let site: TestSite;
const posts = Array.from({ length: 12 }, (_, index) =>
  aPost({
    title: `Post number ${index + 1}`,
    categories: [index === 11 ? 'software' : 'chemistry'],
    publishedAt: new Date(Date.UTC(2026, 5, 9, index)),
    ...(index === 10 && {
      image: { src: 'https://blog.example.org/curve.png', alt: 'A curve', caption: aBody('Figure 1: a curve.') },
    }),
  }),
);

beforeEach(async () => {
  site = await aPublicSite({ posts });
  const [newsletter] = site.deps.newsletters.values();
  if (!newsletter) throw new Error('no newsletter');
  await site.deps.sending.sendNext({ newsletter, confirm: async () => true });
});

const text = async (path: string) => (await site.get(path)).text();

describe('the archive', () => {
  it('has an icon, which is no page that has to be made', async () => {
    const answer = await site.get('/favicon.ico');
    expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=604800']);
    expect(answer.headers.get('Content-Type')).toBe('image/svg+xml');
    expect(await answer.text()).toMatch(/^<svg /);
  });

  it('lists the issues that were sent', async () => {
    const page = await text('/archive/weekly');
    expect(page).toContain('href="/archive/weekly/1"');
    expect(page).toContain('and 8 more');
    expect((await site.get('/archive/weekly?page=2')).status).toBe(404);
    expect((await site.get('/archive/weekly?page=-1')).status).toBe(404);
    expect((await site.get('/archive/nothing')).status).toBe(404);
  });

  it('shows an issue as it was sent: no token, no name, no address, and always the same', async () => {
    const answer = await site.get('/archive/weekly/1');
    const page = await answer.text();
    expect(page).toContain('Post number 1');
    expect(page).not.toMatch(/\/u\/|\/p\/|Ann|ann@|bob@/);
    expect(page.match(/<\/?main>/g)).toEqual(['<main>', '</main>']);
    expect(page).toContain('<style media="print">');
    const tag = answer.headers.get('etag') ?? '';
    expect(await text('/archive/weekly/1')).toBe(page);
    const again = await site.get('/archive/weekly/1', { 'If-None-Match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('x-robots-tag')).toBeNull();
  });

  it('does not show an issue that was not sent', async () => {
    for (const number of ['2', '0', '01', '1.0', '99999999999'])
      expect((await site.get(`/archive/weekly/${number}`)).status).toBe(404);
  });

  it('keeps an issue that was cancelled after some readers got it, and shows none that no reader got', async () => {
    const { deps } = site;
    const [newsletter] = deps.newsletters.values();
    if (!newsletter) throw new Error('no newsletter');
    const shown = async (number: number) => [
      (await site.get(`/archive/weekly/${number}`)).status,
      (await text('/archive/weekly')).includes(`/archive/weekly/${number}"`),
      (await text('/archive/weekly/feed.atom')).includes(`/archive/weekly/${number}"`),
    ];
    const [published, absent] = [
      [200, true, true],
      [404, false, false],
    ];
    let accepted = 0;
    const refused: Outcome = { kind: 'rejected', scope: 'sender', bounce: 'none', reply: { text: 'no' } };
    deps.wire.answer = () => {
      accepted -= 1;
      return accepted >= 0 ? ACCEPTED : refused;
    };
    const sendTo = async (readers: number) => {
      accepted = readers;
      deps.clock.advance(60_000);
      const publishedAt = deps.clock.now();
      deps.source.posts = [...deps.source.posts, aPost({ title: 'Late', categories: ['chemistry'], publishedAt })];
      deps.clock.advance(60_000);
      await deps.sending.sendNext({ newsletter, confirm: async () => true });
    };
    await sendTo(0);
    expect(await shown(2)).toEqual(absent);
    await cancelIssue({ ...deps, ledger: deps.store.ledger }, newsletter, 2, deps.clock.now());
    expect(await shown(2)).toEqual(absent);
    await sendTo(1);
    expect(await shown(3)).toEqual(published);
    await deps.sending.pause(newsletter, 3);
    expect(await shown(3)).toEqual(published);
    await cancelIssue({ ...deps, ledger: deps.store.ledger }, newsletter, 3, deps.clock.now());
    expect(await shown(3)).toEqual(published);
  });

  it('removes a withdrawn post from the issue, the list, the category and the feeds', async () => {
    const [gone] = (await site.deps.store.posts.known(['blog'])).posts.filter(
      ({ post }) => post.title === 'Post number 5',
    );
    expect(await text('/archive/weekly/category/chemistry?page=1')).toContain('Post number 5');
    await site.deps.store.posts.save({
      source: 'blog',
      collectedAt: site.deps.clock.now(),
      seen: [],
      withdrawn: [gone?.uid ?? ''],
      broken: [],
    });
    const issue = await text('/archive/weekly/1');
    expect(issue).toContain('Post number 4');
    for (const path of [
      '/archive/weekly/1',
      '/archive/weekly',
      '/archive/weekly/category/chemistry',
      '/archive/weekly/feed.atom',
    ])
      expect(await text(path), path).not.toContain('Post number 5');
  });

  it('keeps the links of a newsletter that was renamed', async () => {
    const posted = [
      aPost({ title: 'Old but good', categories: ['chemistry'], publishedAt: new Date('2026-06-12T08:00:00Z') }),
    ];
    const before = await aPublicSite({ posts: posted });
    const [newsletter] = before.deps.newsletters.values();
    if (!newsletter) throw new Error('no newsletter');
    await before.deps.sending.sendNext({ newsletter, confirm: async () => true });
    const after = await aPublicSite({ store: before.deps.store, newsletter: { id: 'renamed', title: 'Renamed' } });
    for (const path of ['/archive/weekly/1', '/archive/weekly', '/archive/weekly/feed.atom']) {
      const answer = await after.get(path);
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Old but good')]);
    }
    const list = await (await after.get('/archive/weekly')).text();
    const [, form = ''] = /href="(\/s\/[^"]+)"/.exec(list) ?? [];
    expect([form, (await after.get(form)).status]).toEqual(['/s/renamed', 200]);
    for (const path of ['/archive/never', '/archive/never/1', '/archive/never/feed.atom'])
      expect((await after.get(path)).status).toBe(404);
  });

  it('removes an expired post too', async () => {
    const publishedAt = new Date('2026-06-12T08:00:00Z');
    const expiring = await aPublicSite({
      posts: [
        aPost({
          title: 'Come on Friday',
          expiresAt: new Date('2026-06-20T00:00:00Z'),
          categories: ['chemistry'],
          publishedAt,
        }),
        aPost({ title: 'What stays', categories: ['chemistry'], publishedAt }),
      ],
    });
    const [newsletter] = expiring.deps.newsletters.values();
    if (!newsletter) throw new Error('no newsletter');
    await expiring.deps.sending.sendNext({ newsletter, confirm: async () => true });
    const paths = [
      '/archive/weekly/1',
      '/archive/weekly',
      '/archive/weekly/category/chemistry',
      '/archive/weekly/feed.atom',
    ];
    const shown = () => Promise.all(paths.map(async (path) => (await expiring.get(path)).text()));
    for (const page of await shown()) expect(page).toContain('Come on Friday');
    expiring.deps.clock.set(new Date('2026-06-21T00:00:00Z'));
    for (const page of await shown()) {
      expect(page).not.toContain('Come on Friday');
      expect(page).toContain('What stays');
    }
  });

  it('shows in a category only what the newsletter takes, each URL once', async () => {
    const url = 'https://blog.example.org/one';
    const narrow = await aPublicSite({
      newsletter: {
        sources: [
          { name: 'blog', only: [], except: ['software'] },
          { name: 'feed', only: [], except: [] },
        ],
      },
    });
    const save = (source: string, saved: readonly Post[]) =>
      narrow.deps.store.posts.save({
        source,
        collectedAt: narrow.deps.clock.now(),
        seen: saved.map((post) => ({ uid: `${source} ${post.title}`, post: { ...post, source } })),
        withdrawn: [],
        broken: [],
      });
    await save('blog', [
      aPost({ title: 'Taken', url, categories: ['chemistry'] }),
      aPost({ title: 'Not taken', categories: ['chemistry', 'software'] }),
    ]);
    await save('feed', [aPost({ title: 'The same again', url, categories: ['chemistry'] })]);
    const page = await (await narrow.get('/archive/weekly/category/chemistry')).text();
    expect([...page.matchAll(/Continue reading: ([\w ]+)/g)].map(([, title]) => title)).toEqual(['Taken']);
  });

  it('shows a category page by page, newest first, with figure, caption and a link that names the post', async () => {
    const page = await text('/archive/weekly/category/chemistry');
    const order = [...page.matchAll(/Continue reading: (Post number \d+)/g)].map((match) => match[1]);
    expect(order).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((nth) => `Post number ${nth}`));
    expect(page).toMatch(
      /<figure><img src="https:\/\/blog\.example\.org\/curve\.png" alt="A curve"[^>]*><figcaption>Figure 1: a curve\./,
    );
    expect(page).toContain('href="/archive/weekly/category/chemistry?page=2"');
    expect(page).toContain('<a href="/archive/weekly/category/chemistry" aria-current="page">');
    expect(page).toContain('<a href="/archive/weekly/category/other">');
    expect(await text('/archive/weekly/category/chemistry?page=2')).toContain('Continue reading: Post number 1<');
    expect((await site.get('/archive/weekly/category/nothing')).status).toBe(404);
  });

  it('cuts a long title in a link between words', async () => {
    const title = 'A title so long that the link which names its post would run on for several lines of a page';
    const long = await aPublicSite();
    await long.deps.store.posts.save({
      source: 'blog',
      collectedAt: long.deps.clock.now(),
      seen: [{ uid: 'long', post: aPost({ title, categories: ['chemistry'] }) }],
      withdrawn: [],
      broken: [],
    });
    const page = await (await long.get('/archive/weekly/category/chemistry')).text();
    expect(page).toContain('>Continue reading: A title so long that the link which names its post would…<');
  });

  it('has a feed of its issues and one of each category', async () => {
    const issues = await site.get('/archive/weekly/feed.atom');
    expect(issues.headers.get('content-type')).toContain('application/atom+xml');
    expect(await issues.text()).toContain('<id>https://news.example.org/archive/weekly/1</id>');
    const feed = await text('/archive/weekly/category/software/feed.atom');
    expect(feed.match(/<entry>/g)).toHaveLength(1);
    expect(feed).toContain('<title>Post number 12</title>');
    expect((await site.get('/archive/weekly/category/nothing/feed.atom')).status).toBe(404);
  });

  it('works below the path of the public URL, and where a proxy removes that path', async () => {
    const below = await aPublicSite({ publicUrl: 'https://example.org/news' });
    const page = await (await below.get('/news/s/weekly')).text();
    const style = /href="(\/news\/assets\/[^"]+)"/.exec(page)?.[1] ?? '';
    expect((await below.get(style)).headers.get('cache-control')).toContain('immutable');
    expect((await below.get('/s/weekly')).status).toBe(200);
    expect((await below.post(`/news/u/${below.token(1)}`, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
  });

  it('sends no cookie, no script and no inline style', async () => {
    for (const path of [
      '/',
      '/s/weekly',
      '/archive/weekly',
      '/archive/weekly/category/chemistry',
      `/u/${site.token(1)}`,
      `/p/${site.token(1)}`,
    ]) {
      const answer = await site.get(path);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.text(), path).not.toMatch(/<script|<style| style=| on[a-z]+="/);
    }
  });
});
