import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/domain/html.js';
import { feedDateFrom } from '../../src/sources/feed/feed-dates.js';
import { aFeedReader, FEED, onlyPostOf, rss } from '../support/feeds.js';
import { markupOf } from '../support/sources-files.js';

const encoder = new TextEncoder();
const inRss = (content: string) => onlyPostOf(rss(`<item><guid>https://blog.example.org/one</guid>${content}</item>`));

describe('RSS 2.0', () => {
  it('gives everything of a post that it says', async () => {
    const post = await onlyPostOf(
      rss(
        `<item><title>Water &amp; &lt;em&gt;ice&lt;/em&gt;</title><link>/2026/water/?utm_source=rss&amp;page=2</link>
<guid isPermaLink="false">https://blog.example.org/?p=7</guid><pubDate>Mon, 01 Jun 2026 09:30:00 +0200</pubDate>
<dc:creator><![CDATA[Ann & Bo]]></dc:creator><category><![CDATA[Machine &amp; Learning]]></category><category>Water</category>
<category>water</category><description><![CDATA[What ice does.]]></description>
<content:encoded><![CDATA[<p>Ice floats. <a href="more">More</a></p><!--more--><p>It is lighter.</p><script>x()</script>
<p>The post <a href="https://blog.example.org/7">Water</a> appeared first on <a href="https://blog.example.org">Notes</a>.</p>]]></content:encoded>
<media:content url="https://blog.example.org/small.jpg" medium="image" width="300" height="200"/>
<media:content url="https://blog.example.org/ice.jpg" medium="image" width="1200" height="800"><media:title>Ice on a lake</media:title></media:content>
</item>`,
        '<language>en-gb</language>',
      ),
    );
    expect(post).toMatchObject({
      source: 'blog',
      keys: { id: 'https://blog.example.org/?p=7', url: 'https://blog.example.org/2026/water/?page=2' },
      title: 'Water & ice',
      url: 'https://blog.example.org/2026/water/?page=2',
      publishedAt: new Date('2026-06-01T07:30:00Z'),
      authors: ['Ann & Bo'],
      categories: ['Machine & Learning', 'Water'],
      language: 'en-GB',
      draft: false,
      image: { src: 'https://blog.example.org/ice.jpg', alt: 'Ice on a lake', width: 1200, height: 800 },
    });
    expect(markupOf(post.titleHtml ?? [])).toBe('Water & <em>ice</em>');
    expect(textOf(post.summary ?? [])).toBe('What ice does.');
    expect(markupOf(post.body ?? [])).toBe(
      '<p>Ice floats. <a href="https://blog.example.org/2026/water/more">More</a></p><!--more--><p>It is lighter.</p>',
    );
  });

  it('takes the text from the fullest element', async () => {
    const long = 'A long text. '.repeat(20);
    const post = await inRss(`<description>${long}</description><content:encoded>Short.</content:encoded>`);
    expect(textOf(post.body ?? [])).toContain('A long text.');
  });

  it.each([
    ['cut off', 'Ice floats. It is […]'],
    ['cut off by WordPress', 'Ice floats. It is [&amp;hellip;]'],
    ['the beginning', 'Ice floats.'],
  ])('takes no description as a summary that is only the text, %s', async (_, description) => {
    const post = await inRss(
      `<description>${description}</description><content:encoded>&lt;p&gt;Ice floats. It is lighter than water, which is rare among substances.&lt;/p&gt;</content:encoded>`,
    );
    expect(post.summary).toBeUndefined();
  });

  it('reads a text that was escaped twice, one without markup, and one in paragraphs', async () => {
    const twice = await inRss('<description>&amp;lt;p&amp;gt;Ice &amp;amp; water&amp;lt;/p&amp;gt;</description>');
    expect(markupOf(twice.body ?? [])).toBe('<p>Ice & water</p>');
    const plain = await inRss('<description>3 is less than 5, and a &amp;amp; b.</description>');
    expect(markupOf(plain.body ?? [])).toBe('<p>3 is less than 5, and a & b.</p>');
    const paragraphs = await inRss('<description>One.\n\nTwo.</description>');
    expect(markupOf(paragraphs.body ?? [])).toBe('<p>One.</p><p>Two.</p>');
  });

  it('names a post without a title as it begins, and keeps what only looks like a tag', async () => {
    expect((await inRss('<description>A short thought.</description>')).title).toBe('A short thought');
    expect((await inRss('<title>Array&amp;lt;T&amp;gt; and List&lt;T&gt;</title>')).title).toBe('Array<T> and List<T>');
  });

  it('resolves what is relative against the base of the item, the channel, and the feed', async () => {
    const post = await onlyPostOf(
      rss('<item xml:base="notes/"><guid>tag:1</guid><description>&lt;a href="x"&gt;x&lt;/a&gt;</description></item>'),
    );
    expect(markupOf(post.body ?? [])).toBe('<p><a href="https://blog.example.org/notes/x">x</a></p>');
  });

  it('takes an enclosed picture, and no enclosed sound', async () => {
    const sound = await inRss('<enclosure url="https://blog.example.org/a.mp3" type="audio/mpeg" length="1"/>');
    expect(sound.image).toBeUndefined();
    const picture = await inRss('<enclosure url="https://blog.example.org/a.png" type="image/png" length="1"/>');
    expect(picture.image).toEqual({ src: 'https://blog.example.org/a.png', alt: '' });
  });

  it('gives no address of mail as the name of an author', async () => {
    expect((await inRss('<author>ann@example.org (Ann)</author>')).authors).toEqual(['Ann']);
    expect((await inRss('<author>ann@example.org</author>')).authors).toEqual([]);
  });
});

describe('other formats', () => {
  it('Atom: text, HTML and XHTML, bases, links and authors of the feed', async () => {
    const { posts } = await aFeedReader({
      [FEED]: `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example.org/blog/" xml:lang="de">
<title>A</title><author><name>Ann</name></author>
<entry xml:base="one/"><title type="html">One &lt;b&gt;bold&lt;/b&gt;</title><id>tag:a.example.org,2026:1</id>
<link rel="alternate" type="application/pdf" href="x.pdf"/><link href="page.html"/><link rel="enclosure" type="image/png" href="e.png"/>
<published>2026-06-01T00:00:00+02:00</published><updated>2026-06-05T00:00:00Z</updated><category term="ml" label="Machine Learning"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>See <a href="y">y</a> <code>z</code></p></div></content></entry>
<entry><title>1 &lt; 2</title><id>tag:a.example.org,2026:2</id><updated>2026-06-02T00:00:00Z</updated><author><name>Bo</name></author>
<summary>Plain &lt;b&gt;.</summary></entry></feed>`,
    }).collect();
    expect(posts).toMatchObject([
      {
        keys: { id: 'tag:a.example.org,2026:1', url: 'https://a.example.org/blog/one/page.html' },
        title: 'One bold',
        publishedAt: new Date('2026-05-31T22:00:00Z'),
        authors: ['Ann'],
        categories: ['Machine Learning'],
        language: 'de',
        image: { src: 'https://a.example.org/blog/one/e.png' },
      },
      { title: '1 < 2', authors: ['Bo'], publishedAt: new Date('2026-06-02T00:00:00Z') },
    ]);
    expect(markupOf(posts[0]?.body ?? [])).toBe(
      '<p>See <a href="https://a.example.org/blog/one/y">y</a> <code>z</code></p>',
    );
    expect(markupOf(posts[1]?.body ?? [])).toBe('<p>Plain <b>.</p>');
  });

  it('Atom 0.3', async () => {
    const post = await onlyPostOf(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title>
<entry><title>T</title><link rel="alternate" href="http://o.example.org/1"/><id>tag:o.example.org,1</id><issued>2005-01-01T00:00:00Z</issued>
<modified>2005-01-02T00:00:00Z</modified><content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>`);
    expect(post).toMatchObject({ publishedAt: new Date('2005-01-01T00:00:00Z'), url: 'http://o.example.org/1' });
    expect(markupOf(post.body ?? [])).toBe('<p>x</p>');
  });

  it('RSS 1.0 (RDF)', async () => {
    const post =
      await onlyPostOf(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://r.example.org/rss"><title>R</title><link>https://r.example.org</link></channel>
<item rdf:about="https://r.example.org/1"><title>One</title><link>https://r.example.org/1</link><description>d</description>
<dc:date>2026-06-01</dc:date><dc:subject>Water</dc:subject><dc:creator>Ann</dc:creator></item></rdf:RDF>`);
    expect(post).toMatchObject({
      keys: { id: 'https://r.example.org/1', url: 'https://r.example.org/1' },
      publishedAt: new Date('2026-06-01T00:00:00Z'),
      categories: ['Water'],
      authors: ['Ann'],
    });
  });

  it('RSS 0.91, with entities of HTML and a warning printed before it', async () => {
    const post = await onlyPostOf(
      `<br />\n<b>Warning</b>: something in feed.php\n<?xml version="1.0"?><rss version="0.91"><channel><title>x</title><item><title>Caf&eacute; &hellip;</title><link>https://old.example.org/1</link></item></channel></rss>`,
    );
    expect(post).toMatchObject({ title: 'Café …', keys: { url: 'https://old.example.org/1' } });
  });

  it('JSON Feed', async () => {
    const post = await onlyPostOf(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'J',
        home_page_url: 'https://j.example.org',
        language: 'fr',
        authors: [{ name: 'Ann' }],
        items: [
          {
            id: 2,
            url: '/2',
            title: 'Deux <3',
            content_html: '<p>x <img src="i.png"></p>',
            date_published: '2026-06-01T00:00:00Z',
            tags: ['a', 'b'],
            image: '/lead.png',
          },
        ],
      }),
    );
    expect(post).toMatchObject({
      keys: { url: 'https://j.example.org/2', path: 'item 2' },
      title: 'Deux <3',
      authors: ['Ann'],
      categories: ['a', 'b'],
      language: 'fr',
      image: { src: 'https://j.example.org/lead.png' },
    });
    expect(markupOf(post.body ?? [])).toBe('<p>x <img src="https://j.example.org/i.png" alt=""></img></p>');
  });
});

describe('encodings', () => {
  const feed = (encoding: string) =>
    `<?xml version="1.0"${encoding === '' ? '' : ` encoding="${encoding}"`}?><rss version="2.0"><channel><title>x</title><item><guid>tag:1,2:3</guid><title>Grüße – Ł</title></item></channel></rss>`;
  const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
  const headed = (body: Uint8Array, type: string) => ({ body, headers: new Map([['content-type', type]]) });
  const titleOf = async (page: Uint8Array | ReturnType<typeof headed>) =>
    (await aFeedReader({ [FEED]: page }).collect()).posts[0]?.title;

  it('are told by a mark, the declaration, the header, or the bytes', async () => {
    expect(await titleOf(encoder.encode(feed('UTF-8')))).toBe('Grüße – Ł');
    expect(await titleOf(encoder.encode(`\uFEFF${feed('')}`))).toBe('Grüße – Ł');
    const utf16 = Buffer.from(`\uFEFF${feed('UTF-16')}`, 'utf16le');
    expect(await titleOf(new Uint8Array(utf16))).toBe('Grüße – Ł');
    const iso2 = latin(
      feed('ISO-8859-2').replace('–', '-').replace('Ł', '\xa3').replace('ü', '\xfc').replace('ß', '\xdf'),
    );
    expect(await titleOf(iso2)).toBe('Grüße - Ł');
    const koi = latin(feed('').replace(/Grüße – Ł/, '\xf0\xd2\xc9'));
    expect(await titleOf(headed(koi, 'application/rss+xml; charset=koi8-r'))).toBe('При');
  });

  it('that are declared wrongly do not matter', async () => {
    expect(await titleOf(encoder.encode(feed('ISO-8859-1')))).toBe('Grüße – Ł');
    expect(await titleOf(headed(encoder.encode(feed('')), 'text/xml; charset=iso-8859-1'))).toBe('Grüße – Ł');
    const windows = latin(feed('UTF-8').replace('–', '\x96').replace('Ł', 'L'));
    expect(await titleOf(windows)).toBe('Grüße – L');
    expect(await titleOf(encoder.encode(feed('no-such-encoding')))).toBe('Grüße – Ł');
  });
});

describe('identity', () => {
  const keysIn = async (items: string) =>
    (await aFeedReader({ [FEED]: rss(items) }).collect()).posts.map(({ keys }) => keys);

  it('an id that only this feed understands is compared within this feed alone', async () => {
    expect(
      await keysIn('<item><guid isPermaLink="false">42</guid><link>https://b.example.org/42</link></item>'),
    ).toEqual([{ path: 'item 42', url: 'https://b.example.org/42' }]);
  });

  it('an id that items share is none; without id and address the title and date tell', async () => {
    const shared = '<guid isPermaLink="false">https://b.example.org/</guid>';
    const [one, two] = await keysIn(
      `<item>${shared}<link>https://b.example.org/1</link></item><item>${shared}<link>https://b.example.org/2</link></item>`,
    );
    expect([one, two]).toEqual([{ url: 'https://b.example.org/1' }, { url: 'https://b.example.org/2' }]);
    const bare = '<item><title>Bare</title><pubDate>Mon, 01 Jun 2026 09:30:00 GMT</pubDate></item>';
    const [first] = await keysIn(bare);
    const [again] = await keysIn(bare.replace('</item>', '<description>More.</description></item>'));
    expect(first?.path).toMatch(/^item [0-9a-f]{32}$/);
    expect(again).toEqual(first);
  });

  it('the same item twice is one post', async () => {
    const twice = '<item><guid>https://b.example.org/1</guid><title>A</title></item>';
    expect(await keysIn(twice + twice)).toHaveLength(1);
  });
});

describe('dates', () => {
  it.each([
    ['Mon, 01 Jun 2026 09:30:00 GMT', '2026-06-01T09:30:00Z'],
    ['Tue, 01 Jun 2026 09:30:00 GMT', '2026-06-01T09:30:00Z'],
    ['1 Jun 26 09:30 EST', '2026-06-01T14:30:00Z'],
    ['01 Jun 99 09:30:00 PDT', '1999-06-01T16:30:00Z'],
    ['Mon, 1 June 2026 09:30:60 CEST', '2026-06-01T07:30:59Z'],
    ['Mon, 01 Jun 2026 09:30:00 GMT+2', '2026-06-01T07:30:00Z'],
    ['Mon, 01 Jun 2026 09:30:00 UTC+0530', '2026-06-01T04:00:00Z'],
    ['Mon, 01 Jun 2026 09:30:00 XYZ', '2026-06-01T09:30:00Z'],
    ['Mon, 01 Jun 2026 09:30:00 +0200 (CEST)', '2026-06-01T07:30:00Z'],
    ['Mon, 01 Jun 2026 09:30:00', '2026-06-01T08:30:00Z'],
    ['01-Jun-2026 09:30:00 GMT', '2026-06-01T09:30:00Z'],
    ['Mo, 1 Juni 2026 09:30:00 +0200', '2026-06-01T07:30:00Z'],
    ['1. Dezember 2026 09:30 MEZ', '2026-12-01T08:30:00Z'],
    ['lun., 1 déc. 2026 09:30:00 +0100', '2026-12-01T08:30:00Z'],
    ['1 de diciembre de 2026', '2026-12-01T00:00:00Z'],
    ['1 августа 2026 09:30 MSK', '2026-08-01T06:30:00Z'],
    ['2026-06-01T09:30:00.123+02:00', '2026-06-01T07:30:00Z'],
    ['2026-06-01T09:30:00+0200', '2026-06-01T07:30:00Z'],
    ['2026-06-01 09:30 EST', '2026-06-01T14:30:00Z'],
    ['2026-06', '2026-05-31T23:00:00Z'],
    ['2026', '2026-01-01T00:00:00Z'],
    ['1780306200', '2026-06-01T09:30:00Z'],
  ])('%s', (written, wanted) => {
    expect(feedDateFrom(written, 'Europe/London')?.at).toEqual(new Date(wanted));
  });

  it.each(['', 'yesterday', '31 Feb 2026', '99 Jun 2026 09:30:00 GMT', '<b>'])('%j is none', (written) => {
    expect(feedDateFrom(written, 'UTC')).toBeUndefined();
  });

  it('a date without a time is a calendar date', () => {
    expect(feedDateFrom('2026-06-01', 'Asia/Tokyo')?.day).toBe('2026-06-01');
    expect(feedDateFrom('1 Juni 26', 'Asia/Tokyo')?.day).toBe('2026-06-01');
    expect(feedDateFrom('1 Juni 2026 00:00', 'Asia/Tokyo')).not.toHaveProperty('day');
  });

  it('the publication goes before the latest change, and a date that is none is passed over', async () => {
    const post = await inRss(
      '<pubDate>soon</pubDate><dc:date>2026-06-03T00:00:00Z</dc:date><atom:updated>2026-06-09T00:00:00Z</atom:updated>',
    );
    expect(post.publishedAt).toEqual(new Date('2026-06-03T00:00:00Z'));
  });
});
