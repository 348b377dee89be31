/** Every kind of source keeps the contract that `gazette/testing` exports. */
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { FetchWeb } from '../../src/domain/ports/host.js';
import { openSource, SOURCE_KINDS, type SourceOptions, type SourceTools } from '../../src/sources/index.js';
import { type SourceUnderTest, sourceContract } from '../../src/sources/source-contract.js';
import { aWeb, FEED, item, rss } from '../support/feeds.js';
import { GHOST, GHOST_KEY, recordedGhost, recordedWordPress, WORDPRESS } from '../support/recorded-blogs.js';
import { asked, filesOf, toolsOf, withKeys } from '../support/sources-files.js';

const SITE = 'https://blog.example.org';
const unreachable: FetchWeb = async ({ url }) => ({
  kind: 'failed',
  isUnknownHost: true,
  text: 'there is no such host',
  url,
});
const withoutWeb = toolsOf({ fetchWeb: unreachable, credentialsOf: () => GHOST_KEY });

/** A web that heeds the signal, as the real one does. */
const heeding =
  (fetchWeb: FetchWeb): FetchWeb =>
  async (request, signal) => {
    signal?.throwIfAborted();
    return fetchWeb(request, signal);
  };

function opened(written: { readonly kind: string; readonly [key: string]: unknown }, tools: SourceTools) {
  const kind = SOURCE_KINDS.find((each) => each.kind === written.kind);
  return openSource('blog', kind?.options.parse(written) as SourceOptions, tools);
}

function ofFiles(
  written: Parameters<typeof opened>[0],
  files: { readonly [path: string]: string | Uint8Array },
): SourceUnderTest {
  return {
    open: () => opened(written, toolsOf({ files: filesOf(files) })),
    openUnreadable: () => opened(written, toolsOf({ files: filesOf({}) })),
  };
}

function ofWeb(written: Parameters<typeof opened>[0], web: () => { readonly fetchWeb: FetchWeb }): SourceUnderTest {
  return {
    open: () => opened(written, { ...withoutWeb, fetchWeb: heeding(web().fetchWeb) }),
    openUnreadable: () => opened(written, withoutWeb),
  };
}

const wxrItem = (id: number) =>
  `<item><title>Post ${id}</title><link>${SITE}/${id}/</link><guid>${SITE}/?p=${id}</guid><content:encoded><![CDATA[<p>x</p>]]></content:encoded>
<wp:post_id>${id}</wp:post_id><wp:post_date_gmt>2026-06-10 08:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>`;
const ghostPost = (id: string) => ({
  ...{ id, type: 'post', title: id, slug: id, status: 'published', visibility: 'public', html: '<p>x</p>' },
  published_at: '2026-06-10T08:00:00.000Z',
});

/** A new kind needs a line here. */
const WORLDS: { readonly [kind: string]: SourceUnderTest } = {
  markdown: ofFiles(
    { kind: 'markdown', dir: 'posts', site: SITE, timezone: 'UTC' },
    {
      'posts/2026-06-01-one.md': withKeys('title: One', 'categories: [a]'),
      'posts/2026-06-02-two.md': '---\ntitle: Two\nimage: /a.png\n---\n[x](/y) <script>z</script>\n',
      'posts/2026-06-03-broken.md': '---\ntitle: [\n---\n',
    },
  ),
  feed: ofWeb({ kind: 'feed', url: FEED }, () =>
    aWeb({
      [FEED]: rss(
        `${item(2)}${item(1, '<content:encoded>&lt;p onclick="x()"&gt;&lt;a href="y"&gt;y&lt;/a&gt;&lt;/p&gt;</content:encoded>')}`,
      ),
    }),
  ),
  wordpress: ofWeb({ kind: 'wordpress', url: `${WORDPRESS}/` }, recordedWordPress),
  ghost: ofWeb({ kind: 'ghost', url: `${GHOST}/` }, recordedGhost),
  wxr: ofFiles(
    { kind: 'wxr', file: 'export.xml' },
    {
      'export.xml': `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>${wxrItem(1)}${wxrItem(2)}</channel></rss>`,
    },
  ),
  'ghost-export': ofFiles(
    { kind: 'ghost-export', file: 'export.json', site: SITE },
    {
      'export.json': JSON.stringify({
        db: [{ meta: { version: '6.0.0' }, data: { posts: [ghostPost('one'), ghostPost('two')] } }],
      }),
    },
  ),
  substack: ofFiles(
    { kind: 'substack', file: 'export.zip', site: SITE },
    {
      'export.zip': zipSync({
        'posts.csv': strToU8(
          'post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n1.one,2026-06-10T08:00:00.000Z,true,,,newsletter,everyone,One,,\n2.two,2026-06-11T08:00:00.000Z,true,,,newsletter,everyone,Two,,\n',
        ),
        'posts/1.one.html': strToU8('<p>One.</p>'),
        'posts/2.two.html': strToU8('<p>Two.</p>'),
      }),
    },
  ),
};

it('Every kind is tested', () => {
  expect(Object.keys(WORLDS).sort()).toEqual(SOURCE_KINDS.map(({ kind }) => kind).sort());
});

for (const [kind, world] of Object.entries(WORLDS)) {
  describe(`A source of kind ${kind}`, () => {
    for (const { name, run } of sourceContract(world)) it(name, run);
  });
}

describe('the contract finds', () => {
  const good = WORLDS.feed as SourceUnderTest;
  /** A source that is right in everything but one. */
  const spoiled = (
    spoil: (collection: Awaited<ReturnType<ReturnType<typeof opened>['collect']>>, nth: number) => object,
  ): SourceUnderTest => {
    let nth = 0;
    return {
      ...good,
      open: async () => {
        const source = await good.open();
        return {
          ...source,
          collect: async (request) => {
            nth += 1;
            const collection = await source.collect(request);
            return { ...collection, ...spoil(collection, nth) };
          },
        };
      },
    };
  };
  const failuresOf = async (world: SourceUnderTest) => {
    const failures: string[] = [];
    for (const { name, run } of sourceContract(world)) await run().catch(() => failures.push(name));
    return failures;
  };

  it.each<[string, SourceUnderTest]>([
    ['another name', spoiled(() => ({ source: 'other' }))],
    ['a title of nothing', spoiled(({ posts }) => ({ posts: posts.map((post) => ({ ...post, title: ' ' })) }))],
    ['a key used twice', spoiled(({ posts }) => ({ posts: posts.map((post) => ({ ...post, keys: { id: 'x:1' } })) }))],
    [
      'a date that is none',
      spoiled(({ posts }) => ({ posts: posts.map((post) => ({ ...post, publishedAt: new Date(Number.NaN) })) })),
    ],
    ['a relative address', spoiled(({ posts }) => ({ posts: posts.map((post) => ({ ...post, url: '/one' })) }))],
    [
      'posts that change by themselves',
      spoiled(({ posts }, nth) => ({ posts: posts.map((post) => ({ ...post, title: `${nth}` })) })),
    ],
    [
      'a script',
      spoiled(({ posts }) => ({
        posts: posts.map((post) => ({
          ...post,
          body: [{ type: 'element', tagName: 'script', properties: {}, children: [] }],
        })),
      })),
    ],
    ['bodies that are not there', spoiled(({ posts }) => ({ posts: posts.map(({ body: _, ...post }) => post) }))],
    ['a place that is never unreadable', { ...good, openUnreadable: good.open }],
  ])('%s', async (_, world) => {
    expect(await failuresOf(world)).not.toEqual([]);
  });

  it('nothing in a good source', async () => {
    expect(await failuresOf(good)).toEqual([]);
    expect((await (await good.open()).collect(asked())).posts).toHaveLength(2);
  });
});
