import { describe, expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import { SOURCE_KINDS } from '../../src/sources/index.js';
import { aFeedReader, FEED, item, type Page, rss } from '../support/feeds.js';
import { toolsOf } from '../support/sources-files.js';

const titlesOf = ({ posts }: { readonly posts: readonly { readonly title: string }[] }) =>
  posts.map(({ title }) => title);
const numbered = (...numbers: readonly number[]) => rss(numbers.map((number) => item(number)).join(''));
const bytes = (text: string) => new TextEncoder().encode(text);

async function failureOf(page: Page, kept?: unknown): Promise<GazetteError> {
  const reader = aFeedReader({ [FEED]: page });
  const failure = await reader.collect(kept === undefined ? {} : { kept }).catch((error: unknown) => error);
  if (!(failure instanceof GazetteError)) throw new Error(`no failure: ${JSON.stringify(failure)}`);
  expect(failure.code).toBe('source.failed');
  return failure;
}

describe('a feed', () => {
  it('is a view: what it does not show is not gone', async () => {
    const reader = aFeedReader({ [FEED]: numbered(3, 2, 1) });
    const collection = await reader.collect();
    expect(collection).toMatchObject({ source: 'blog', broken: [], complete: false });
    expect(titlesOf(collection)).toEqual(['Post 3', 'Post 2', 'Post 1']);
  });

  it('is one of the kinds of source', () => {
    expect(SOURCE_KINDS.map(({ kind }) => kind)).toContain('feed');
  });

  it('with one item that cannot be read gives the others, and says where it is', async () => {
    const deep = `<item><link>https://blog.example.org/deep</link><description><![CDATA[${'<div>'.repeat(500)}]]></description></item>`;
    const { posts, broken } = await aFeedReader({ [FEED]: rss(item(2) + deep + item(1)) }).collect();
    expect(posts).toHaveLength(2);
    expect(broken).toMatchObject([{ where: 'https://blog.example.org/deep', source: 'blog' }]);
  });

  it('of a private network is read only where the settings allow it', async () => {
    const pages = { 'http://10.0.0.5/feed': numbered(1) };
    const open = aFeedReader(pages, { url: 'http://10.0.0.5/feed', allowPrivate: true });
    await open.collect();
    expect(open.requests[0]?.allowPrivate).toEqual(['10.0.0.5']);
    const shut = aFeedReader(pages, { url: 'http://10.0.0.5/feed' });
    await shut.collect();
    expect(shut.requests[0]).not.toHaveProperty('allowPrivate');
  });

  it('gets its password from the environment, and no other host gets it', async () => {
    const tools = { credentialsOf: (source: string) => (source === 'blog' ? 'reader:pässword' : undefined) };
    const other = 'https://cdn.example.net/older';
    const reader = aFeedReader(
      { [FEED]: rss(item(9), `<atom:link rel="next" href="${other}"/>`), [other]: numbered(8) },
      {},
      tools,
    );
    await reader.collect({ since: new Date('2026-06-01T00:00:00Z') });
    expect(reader.urls()).toEqual([FEED, other]);
    const basic = `Basic ${Buffer.from('reader:pässword').toString('base64')}`;
    expect(reader.requests.map(({ headers }) => headers?.authorization)).toEqual([basic, undefined]);
  });
});

describe('a feed that is read again', () => {
  it('is asked for what is new since then, and once a day for everything', async () => {
    const validators = { etag: 'W/"one"', lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT' };
    const reader = aFeedReader({ [FEED]: { body: bytes(numbered(1)), validators } });
    await reader.collect();
    reader.pages[FEED] = { kind: 'not-modified', headers: new Map() };
    reader.later(1);
    expect(await reader.collect()).toMatchObject({ posts: [], broken: [], complete: false });
    expect(reader.requests.map((request) => request.validators)).toEqual([undefined, validators]);
    reader.later(24);
    reader.pages[FEED] = numbered(1);
    expect(titlesOf(await reader.collect())).toEqual(['Post 1']);
    expect(reader.requests[2]?.validators).toBeUndefined();
  });

  it('costs no parsing when its bytes are the same, whatever the server says', async () => {
    let parsed = 0;
    const { runParse } = toolsOf();
    const tools = {
      runParse: (job: unknown, signal?: AbortSignal) => {
        parsed += 1;
        return runParse(job, signal);
      },
    };
    const reader = aFeedReader({ [FEED]: numbered(2, 1) }, {}, tools);
    await reader.collect();
    const before = parsed;
    expect(titlesOf(await reader.collect())).toEqual([]);
    expect(parsed).toBe(before);
    reader.pages[FEED] = numbered(3, 2, 1);
    expect(titlesOf(await reader.collect())).toEqual(['Post 3', 'Post 2', 'Post 1']);
  });

  it('at another address, or after a form of memory that is not known, is read from the beginning', async () => {
    const reader = aFeedReader({ [FEED]: numbered(1) });
    await reader.collect();
    const kept = reader.kept() as object;
    expect(titlesOf(await reader.collect({ kept: { ...kept, url: 'https://other.example.org/' } }))).toEqual([
      'Post 1',
    ]);
    expect(titlesOf(await reader.collect({ kept: { version: 9 } }))).toEqual(['Post 1']);
    expect(titlesOf(await reader.collect({ kept: 'x' }))).toEqual(['Post 1']);
  });

  it('counts an item without a date as published when it was first seen, and one of the first reading as old', async () => {
    const bare = (name: string) => `<item><guid>https://blog.example.org/${name}</guid><title>${name}</title></item>`;
    const reader = aFeedReader({ [FEED]: rss(bare('a')) });
    const first = await reader.collect();
    expect(first.posts[0]?.publishedAt.getTime()).toBeLessThan(Date.parse('2025-12-31'));
    expect(first.notes).toEqual([
      { kind: 'reading', fix: expect.any(String), text: expect.stringContaining('One post has no date') },
    ]);
    const seenAt = reader.later(2);
    reader.pages[FEED] = rss(bare('b') + bare('a'));
    expect((await reader.collect()).posts[0]?.publishedAt).toEqual(seenAt);
    reader.later(2);
    reader.pages[FEED] = rss(`${bare('c')}${bare('b')}`);
    const dates = (await reader.collect()).posts.map(({ publishedAt }) => publishedAt);
    expect(dates[1]).toEqual(seenAt);
  });

  it('follows a permanent redirect only once it has been there for a day, and finds its way back', async () => {
    const moved = 'https://new.example.org/feed';
    const redirected = { body: bytes(numbered(1)), movedTo: moved, url: moved };
    const reader = aFeedReader({ [FEED]: redirected, [moved]: numbered(2, 1) });
    const first = await reader.collect();
    expect(first.notes).toEqual([
      { kind: 'reading', fix: expect.any(String), text: expect.stringContaining(`moved for good to ${moved}`) },
    ]);
    reader.later(2);
    reader.pages[FEED] = { ...redirected, body: bytes(numbered(3)) };
    await reader.collect();
    expect(reader.urls()).toEqual([FEED, FEED]);
    reader.later(23);
    expect(titlesOf(await reader.collect())).toEqual(['Post 2', 'Post 1']);
    expect(reader.urls().at(-1)).toBe(moved);
    reader.later(1);
    delete reader.pages[moved];
    reader.pages[FEED] = numbered(4);
    expect(titlesOf(await reader.collect())).toEqual(['Post 4']);
    expect(reader.urls().slice(-2)).toEqual([moved, FEED]);
  });

  it('goes on following a redirect that it has learned', async () => {
    const moved = 'https://new.example.org/feed';
    const reader = aFeedReader({
      [FEED]: { body: bytes(numbered(1)), movedTo: moved, url: moved },
      [moved]: numbered(2),
    });
    await reader.collect();
    reader.later(25);
    await reader.collect();
    reader.later(1);
    reader.pages[moved] = numbered(3, 2);
    await reader.collect();
    expect(reader.urls()).toEqual([FEED, moved, moved]);
  });
});

describe('older posts', () => {
  const linked = (numbers: readonly number[], next: string | undefined) =>
    rss(
      numbers.map((number) => item(number)).join(''),
      next === undefined ? '' : `<atom:link rel="next" href="${next}"/>`,
    );
  const since = new Date('2026-06-04T00:00:00Z');

  it('are read at the first collection, as far back as they are needed', async () => {
    const reader = aFeedReader({
      [FEED]: linked([9, 8], '/feed?page=2'),
      'https://blog.example.org/feed?page=2': linked([7, 6], '/feed?page=3'),
      'https://blog.example.org/feed?page=3': linked([5, 3], '/feed?page=4'),
      'https://blog.example.org/feed?page=4': linked([2, 1], undefined),
    });
    const posts = titlesOf(await reader.collect({ since }));
    expect(posts).toEqual(['Post 9', 'Post 8', 'Post 7', 'Post 6', 'Post 5', 'Post 3']);
    reader.pages[FEED] = linked([10, 9, 8], '/feed?page=2');
    expect(titlesOf(await reader.collect({ since }))).toEqual(['Post 10', 'Post 9', 'Post 8']);
  });

  it('are not asked for where nobody needs them', async () => {
    const reader = aFeedReader({ [FEED]: linked([9, 8], '/feed?page=2') });
    await reader.collect();
    expect(reader.urls()).toEqual([FEED]);
  });

  it('of WordPress are found by its own way of paging, up to the page that is not there', async () => {
    const wordpress = (...numbers: readonly number[]) =>
      rss(numbers.map((number) => item(number)).join(''), '<generator>https://wordpress.org/?v=6.9</generator>');
    const reader = aFeedReader({
      [FEED]: wordpress(9, 8),
      [`${FEED}?paged=2`]: wordpress(7, 6),
      [`${FEED}?paged=3`]: wordpress(5),
    });
    expect(await reader.collect({ since })).toMatchObject({ posts: { length: 5 } });
    expect(reader.urls().at(-1)).toBe(`${FEED}?paged=4`);
  });

  it('of an archive (RFC 5005) and of a JSON Feed are found', async () => {
    const archive = 'https://blog.example.org/archive.xml';
    const reader = aFeedReader({
      [FEED]: rss(item(9), `<atom:link rel="prev-archive" href="${archive}"/>`),
      [archive]: numbered(5),
    });
    expect(titlesOf(await reader.collect({ since }))).toEqual(['Post 9', 'Post 5']);
    const json = (id: string, next?: string) =>
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1',
        title: 'J',
        ...(next && { next_url: next }),
        items: [{ id, title: id, content_text: 'x', date_published: '2026-06-09T00:00:00Z' }],
      });
    const other = aFeedReader({ [FEED]: json('a', '/2'), 'https://blog.example.org/2': json('b') });
    expect(titlesOf(await other.collect({ since }))).toEqual(['a', 'b']);
  });

  it('that lead in a ring, or are the same again, end', async () => {
    const ring = aFeedReader({
      [FEED]: linked([9], '/feed?page=2'),
      'https://blog.example.org/feed?page=2': linked([8], '/feed'),
    });
    expect(titlesOf(await ring.collect({ since }))).toEqual(['Post 9', 'Post 8']);
    expect(ring.requests).toHaveLength(3);
  });

  it('that came and went since the last reading are fetched', async () => {
    const reader = aFeedReader({ [FEED]: linked([2, 1], undefined) });
    await reader.collect();
    reader.later(2);
    reader.pages[FEED] = linked([9, 8], '/feed?page=2');
    reader.pages['https://blog.example.org/feed?page=2'] = linked([7, 6], '/feed?page=3');
    reader.pages['https://blog.example.org/feed?page=3'] = linked([5, 2], '/feed?page=4');
    const collection = await reader.collect();
    expect(titlesOf(collection)).toEqual(['Post 9', 'Post 8', 'Post 7', 'Post 6', 'Post 5', 'Post 2']);
    expect(collection).not.toHaveProperty('notes');
    expect(reader.urls()).not.toContain('https://blog.example.org/feed?page=4');
  });

  it('that came and went without a way to fetch them are told, and the feed is read more often', async () => {
    const reader = aFeedReader({ [FEED]: numbered(2, 1) });
    const { waitMs = 0 } = await reader.collect();
    reader.later(2);
    reader.pages[FEED] = numbered(9, 8);
    const collection = await reader.collect();
    expect(collection.notes).toEqual([
      { kind: 'reading', fix: expect.any(String), text: expect.stringContaining('posts in between may be missing') },
    ]);
    expect(collection.waitMs).toBeLessThan(waitMs);
    for (let number = 10; number < 30; number += 1) {
      reader.pages[FEED] = numbered(number);
      expect((await reader.collect()).waitMs).toBeGreaterThanOrEqual(15 * 60_000);
    }
  });
});

describe('how long to wait for the next reading', () => {
  const waitOf = async (page: Page) => ((await aFeedReader({ [FEED]: page }).collect()).waitMs ?? 0) / 60_000;

  it('is an hour, or what the feed or its server says, up to six hours', async () => {
    expect(await waitOf(numbered(1))).toBe(60);
    expect(await waitOf(rss(item(1), '<ttl>120</ttl>'))).toBe(120);
    expect(
      await waitOf(rss(item(1), '<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>8</sy:updateFrequency>')),
    ).toBe(180);
    expect(await waitOf(rss(item(1), '<sy:updatePeriod>weekly</sy:updatePeriod>'))).toBe(360);
    const fresh = (control: string) => ({ body: bytes(numbered(1)), headers: new Map([['cache-control', control]]) });
    expect(await waitOf(fresh('public, max-age=9000'))).toBe(150);
    expect(await waitOf(fresh('no-cache, max-age=9000'))).toBe(60);
  });
});

describe('what is no feed is a failure, never a feed without posts', () => {
  it.each([
    ['nothing', '', 'answers with nothing'],
    ['white space', ' \n', 'answers with nothing'],
    ['a web page', '<!DOCTYPE html><html><body>Just a moment…</body></html>', 'answers with a web page'],
    ['another text', 'Service temporarily unavailable', 'no feed'],
    ['another XML', '<?xml version="1.0"?><urlset><url/></urlset>', 'no feed'],
    ['another JSON', '{"error":"no"}', 'no feed'],
    ['JSON that breaks off', '{"version":"https://jsonfeed.org/version/1","items":[', 'no feed'],
    ['RSS that breaks off', numbered(2, 1).slice(0, -40), 'breaks off before its end'],
  ])('%s', async (_, page, message) => {
    expect((await failureOf(page)).message).toContain(message);
  });

  it('a web page that names a feed says which', async () => {
    const page = '<html><head><link rel="alternate" type="application/rss+xml" href="/blog/feed/"></head></html>';
    expect((await failureOf(page)).hint).toContain('https://blog.example.org/blog/feed/');
  });

  it('a feed without items is a feed', async () => {
    expect(await aFeedReader({ [FEED]: rss('') }).collect()).toMatchObject({ posts: [], complete: false });
  });

  it.each([
    [401, 'wants a password'],
    [403, 'may not be read'],
    [404, 'there is nothing'],
    [410, 'removed it for good'],
    [500, 'status 500'],
  ])('status %i', async (status, message) => {
    expect((await failureOf({ status })).message).toContain(message);
  });

  it('a server that is busy is left alone for as long as it asks', async () => {
    const busy = (value: string) => ({
      status: 503,
      headers: new Map([
        ['retry-after', value],
        ['date', 'Sat, 20 Jun 2026 08:00:00 GMT'],
      ]),
    });
    const hours = async (value: string) => ((await failureOf(busy(value))).retryAfterMs ?? 0) / 3_600_000;
    expect(await hours('3600')).toBe(1);
    // By the clock of the server, which may not be ours.
    expect(await hours('Sat, 20 Jun 2026 10:00:00 GMT')).toBe(2);
    expect(await hours('999999999')).toBe(24);
    expect(await hours('soon')).toBe(0);
  });

  it('no answer, and an answer that is refused, say why', async () => {
    const failed = { kind: 'failed', isUnknownHost: false, text: 'the server refuses connections', url: FEED } as const;
    expect((await failureOf(failed)).message).toContain('refuses connections');
    expect((await failureOf({ kind: 'refused', why: 'private', url: FEED })).hint).toContain('allowPrivate');
  });
});
