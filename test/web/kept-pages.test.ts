import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openKeptPages } from '../../src/web/public/kept-pages.js';
import { aPost } from '../support/builders.js';
import { aPublicSite, type TestSite } from '../support/public-site.js';

const PATHS = [
  '/',
  '/archive/weekly',
  '/archive/weekly/1',
  '/archive/weekly/feed.atom',
  '/archive/weekly/category/chemistry',
  '/archive/weekly/category/chemistry/feed.atom',
];

describe('a page for everybody', () => {
  let site: TestSite;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = 0;
    const publishedAt = new Date('2026-06-12T08:00:00Z');
    const posts = Array.from({ length: 30 }, (_, index) =>
      aPost({ title: `Post number ${index}`, categories: ['chemistry'], publishedAt }),
    );
    site = await aPublicSite({ posts, pages: { lookEveryMs: 1_000, nowMs: () => nowMs } });
    const [newsletter] = site.deps.newsletters.values();
    if (!newsletter) throw new Error('no newsletter');
    await site.deps.sending.sendNext({ newsletter, confirm: async () => true });
  });

  it.each(PATHS)('%s is known by a strong validator, and is not made again for who has it', async (path) => {
    const first = await site.get(path);
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    expect(first.headers.get('Cache-Control')).toMatch(/^public, max-age=(300|900)$/);
    const reads = [vi.spyOn(site.deps.store.archive, 'issues'), vi.spyOn(site.deps.store.archive, 'posts')];
    for (const asked of [tag, `W/${tag}`, `"other", ${tag}`, '*', tag.replace(/"$/, '-br"')]) {
      const again = await site.get(path, { 'If-None-Match': asked });
      expect([again.status, await again.text(), again.headers.get('ETag')]).toEqual([304, '', tag]);
      expect(again.headers.get('Vary')).toContain('Accept-Encoding');
    }
    expect((await site.get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
    for (const read of reads) expect(read).not.toHaveBeenCalled();
  });

  it.each(PATHS)('%s is compressed as the client asks, each form with a validator of its own', async (path) => {
    const plain = Buffer.from(await (await site.get(path)).arrayBuffer());
    const tags = new Set<string | null>();
    for (const [accepted, encoding, open] of [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
      ['identity', null, (bytes: Buffer) => bytes],
      ['br;q=0, gzip;q=0', null, (bytes: Buffer) => bytes],
    ] as const) {
      const answer = await site.get(path, { 'Accept-Encoding': accepted });
      expect(answer.headers.get('Content-Encoding'), accepted).toBe(plain.length < 1_000 ? null : encoding);
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (plain.length >= 1_000) expect(open(bytes).equals(plain)).toBe(true);
      tags.add(answer.headers.get('ETag'));
    }
    if (plain.length >= 1_000) expect(tags.size).toBe(3);
  });

  it.each(PATHS)(
    '%s is answered at once as it was before, until its version has to be asked for again',
    async (path) => {
      const { answerAtOnce } = site.app;
      expect(answerAtOnce(() => undefined, path)).toBeUndefined();
      const first = await site.get(path);
      const plain = answerAtOnce(() => undefined, path);
      expect(plain?.status).toBe(200);
      expect(Object.fromEntries(new Headers(plain?.headers))).toEqual(Object.fromEntries(first.headers));
      expect(Buffer.from(plain?.body ?? []).toString()).toBe(await first.text());
      const tag = first.headers.get('ETag') ?? '';
      const unchanged = await site.get(path, { 'If-None-Match': tag });
      const known = answerAtOnce((name) => (name === 'If-None-Match' ? tag : undefined), path);
      expect([known?.status, known?.body]).toEqual([304, null]);
      expect(Object.fromEntries(new Headers(known?.headers))).toEqual(Object.fromEntries(unchanged.headers));
      expect(answerAtOnce((name) => (name === 'Accept-Language' ? 'de' : undefined), path)).toBeUndefined();
      nowMs += 1_000;
      expect(answerAtOnce(() => undefined, path)).toBeUndefined();
    },
  );

  it('shows what has changed after a second at the latest', async () => {
    const shown = async () => (await site.get('/archive/weekly/category/chemistry')).text();
    expect(await shown()).toContain('Post number 29');
    const post = aPost({
      title: 'Brand new',
      categories: ['chemistry'],
      publishedAt: new Date('2026-06-13T08:00:00Z'),
    });
    await site.deps.store.posts.save({
      source: 'blog',
      collectedAt: site.deps.clock.now(),
      seen: [{ uid: 'new', post }],
      withdrawn: [],
      broken: [],
    });
    nowMs += 999;
    expect(await shown()).not.toContain('Brand new');
    nowMs += 1;
    expect(await shown()).toContain('Brand new');
  });

  it('shows posts that become due after a minute at the latest', async () => {
    const shown = async () => (await site.get('/archive/weekly/category/chemistry')).text();
    const publishedAt = new Date(site.deps.clock.now().getTime() + 1_000);
    await site.deps.store.posts.save({
      source: 'blog',
      collectedAt: site.deps.clock.now(),
      seen: [{ uid: 'due', post: aPost({ title: 'Due soon', categories: ['chemistry'], publishedAt }) }],
      withdrawn: [],
      broken: [],
    });
    expect(await shown()).not.toContain('Due soon');
    site.deps.clock.advance(2_000);
    nowMs += 60_000;
    expect(await shown()).toContain('Due soon');
  });

  it('is never stored by others when it is one reader’s, and not compressed beside what a stranger typed', async () => {
    const token = site.token(1);
    for (const path of [`/p/${token}`, `/u/${token}`, `/p/${token}/data`, '/s/weekly', '/c/nothing', '/u/nothing']) {
      const answer = await site.get(path, { 'Accept-Encoding': 'br' });
      expect([path, answer.headers.get('Cache-Control'), answer.headers.get('ETag')]).toEqual([path, 'no-store', null]);
      if (path !== '/s/weekly') expect(answer.headers.get('Content-Encoding')).toBeNull();
    }
    expect((await site.get('/s/weekly')).headers.get('Vary')).toBe('Accept-Language, Accept-Encoding');
  });

  it('gives each form a fresh stamp within a second', async () => {
    const stampIn = async () => /name="stamp" value="([^"]+)"/.exec(await (await site.get('/s/weekly')).text())?.[1];
    const first = await stampIn();
    site.deps.clock.advance(1_000);
    nowMs += 1_000;
    expect(await stampIn()).not.toBe(first);
  });
});

describe('kept pages', () => {
  const page = (key: string, body: string, make = vi.fn(async () => ({ body, headers: {} }))) => ({
    key,
    cacheControl: 'public',
    make,
  });
  const noHeader = () => undefined;

  it('hold so many bytes and no more, compressed forms included', async () => {
    const kept = openKeptPages({ version: async () => '1', mostBytes: 100_000 });
    const random = () => Array.from({ length: 8_000 }, () => Math.random().toString(36)[2]).join('');
    for (let nth = 0; nth < 50; nth += 1) {
      await kept.answer((name) => (name === 'Accept-Encoding' ? 'br' : undefined), page(`${nth}`, random()), `/${nth}`);
      expect(kept.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(kept.bytes).toBeGreaterThan(50_000);
    const large = page('large', 'x'.repeat(200_000));
    expect((await kept.answer(noHeader, large, '/large'))?.body?.length).toBe(200_000);
  });

  it('are made once for many who ask at the same moment', async () => {
    const kept = openKeptPages({ version: async () => '1' });
    const one = page('one', 'text');
    await Promise.all(Array.from({ length: 20 }, () => kept.answer(noHeader, one, '/one')));
    expect(one.make).toHaveBeenCalledTimes(1);
  });

  it('are not made for a client that had too many made', async () => {
    const site = await aPublicSite({ pagesPerClient: 2 });
    const statuses: number[] = [];
    for (const path of ['/', '/archive/weekly', '/s/weekly', '/archive/weekly'])
      statuses.push((await site.get(path)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('keep nothing of a page that does not exist or cannot be made', async () => {
    const kept = openKeptPages({ version: async () => '1' });
    const failing = { ...page('x', ''), make: vi.fn(async () => Promise.reject(new Error('no'))) };
    await expect(kept.answer(noHeader, failing, '/x')).rejects.toThrow('no');
    await expect(kept.answer(noHeader, failing, '/x')).rejects.toThrow('no');
    const missing = { ...page('x', ''), make: vi.fn(async () => undefined) };
    expect(await kept.answer(noHeader, missing, '/x')).toBeUndefined();
    expect(kept.bytes).toBe(0);
  });
});
