/** Feeds made to do harm: each ends in posts, or in a clear failure, and takes no more than a share of the memory. */
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../src/sources/feed/read-feed.js';
import { aFeedReader, FEED, item, rss } from '../support/feeds.js';

const HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>';
const TAIL = '</channel></rss>';
const read = (text: string) => readFeed(new TextEncoder().encode(text), 'application/rss+xml', FEED);
const times = (count: number, text: string) => text.repeat(count);

describe('entities', () => {
  it('are not expanded, however they are nested', () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "${times(1000, 'a')}"><!ENTITY b "${times(1000, '&a;')}"><!ENTITY c "${times(1000, '&b;')}">]>
<rss version="2.0"><channel><title>x</title><item><guid>tag:1</guid><title>&c;</title></item></channel></rss>`;
    const result = read(bomb);
    const title = result.kind === 'feed' ? result.document.items[0]?.title?.value : '';
    expect((title ?? '').length).toBeLessThan(2000);
  });

  it('read no file of this machine', () => {
    const external = `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>`;
    expect(JSON.stringify(read(external))).not.toContain('root:');
  });
});

describe('what has no measure', () => {
  it.each([
    ['elements in one another', `${HEAD}<item>${times(100_000, '<a>')}${times(100_000, '</a>')}</item>${TAIL}`],
    ['elements that are never closed', `${HEAD}<item>${times(200_000, '<a>')}${TAIL}`],
    ['comments that are never closed', `${HEAD}${times(100_000, '<!--')}${TAIL}`],
    ['CDATA that is never closed', `${HEAD}${times(100_000, '<![CDATA[')}${TAIL}`],
    ['declarations', times(100_000, '<?')],
    ['a document type', `<!DOCTYPE ${times(100_000, '[')}`],
    ['nothing but openers', times(1_000_000, '<')],
    ['lists in one another', `{"version":"https://jsonfeed.org/version/1","items":${times(200_000, '[')}`],
  ])('is refused: %s', (_, text) => {
    expect(read(text)).toMatchObject({ kind: 'no-feed', message: expect.any(String) });
  });

  it.each([
    ['attributes', `${HEAD}<item ${Array.from({ length: 20_000 }, (__, nth) => `a${nth}="1"`).join(' ')}/>${TAIL}`],
    ['ampersands', `${HEAD}<item><title>${times(500_000, '&#')}</title></item>${TAIL}`],
    ['a date', `${HEAD}<item><title>t</title><pubDate>${times(100_000, 'Mon, ')}</pubDate></item>${TAIL}`],
  ])('is read as far as it makes sense: %s', (_, text) => {
    expect(read(text)).toMatchObject({ kind: 'feed' });
  });

  it('items beyond the first thousands are left out, which is told', async () => {
    const many = Array.from({ length: 2100 }, (_, nth) => `<item><guid>tag:${nth}</guid><title>${nth}</title></item>`);
    const { posts, notes } = await aFeedReader({ [FEED]: rss(many.join('')) }).collect();
    expect(posts).toHaveLength(2000);
    expect(notes?.map((note) => note.kind === 'reading' && note.text)).toContain(
      'Only the first 2000 posts of the feed are read.',
    );
  });

  it('a text that is far too long is broken, and the others are read', async () => {
    const long = `<item><guid>tag:long</guid><title>Long</title><description>${times(300_000, '&lt;p&gt;x&lt;/p&gt;')}</description></item>`;
    const { posts, broken } = await aFeedReader({ [FEED]: rss(item(1) + long) }).collect();
    expect(posts.map(({ title }) => title)).toEqual(['Post 1']);
    expect(broken).toMatchObject([{ where: 'tag:long', message: expect.stringContaining('million characters') }]);
  });
});

describe('what a feed must not bring into a mail', () => {
  const bodyOf = async (markup: string) => {
    const text = `<item><guid>tag:1</guid><title>t</title><description><![CDATA[${markup}]]></description></item>`;
    return JSON.stringify((await aFeedReader({ [FEED]: rss(text) }).collect()).posts[0]);
  };

  it.each([
    '<script>steal()</script><p>a</p>',
    '<p onclick="steal()">a</p>',
    '<a href="javascript:steal()">a</a>',
    '<a href="&#106;avascript:steal()">a</a>',
    '<svg onload="steal()"></svg><p>a</p>',
    '<style>p{background:url(steal())}</style><p>a</p>',
    '<form action="https://evil.example/steal()"><input name="steal()"></form><p>a</p>',
    '<p style="background:url(steal())">a</p>',
  ])('%s', async (markup) => {
    expect(await bodyOf(markup)).not.toContain('steal');
  });

  it('a merge tag stays text', async () => {
    expect(await bodyOf('<p>{{reader.name}}</p>')).toContain('{');
  });
});
