import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../src/domain/post.js';
import { openSource, SOURCE_KINDS, type SourceOptions } from '../../src/sources/index.js';
import { collectAgain } from '../support/collect-again.js';
import { filesOf, toolsOf } from '../support/sources-files.js';

const SITE = 'https://blog.example.org';

function aSource(options: { readonly kind: string; readonly [key: string]: unknown }, file: string | Uint8Array) {
  const files = filesOf({ export: file });
  const kind = SOURCE_KINDS.find((each) => each.kind === options.kind);
  const settings = kind?.options.parse({ file: 'export', ...options }) as SourceOptions;
  const source = openSource('blog', settings, toolsOf({ files }));
  return collectAgain(source, new Date('2026-06-15T07:00:00Z'));
}

const titled = ({ posts }: Collection, title: string) => posts.find((post) => post.title === title);
const titles = ({ posts }: Collection) => posts.map(({ title }) => title).sort();

const item = (fields: { readonly [tag: string]: string }, more = '') =>
  `<item>${Object.entries(fields)
    .map(([tag, value]) => `<${tag}><![CDATA[${value}]]></${tag}>`)
    .join('\n')}${more}</item>`;
const post = (id: number, fields: { readonly [tag: string]: string }, more = '') =>
  item(
    {
      ...{
        title: `Post ${id}`,
        link: `${SITE}/${id}/`,
        guid: `${SITE}/?p=${id}`,
        'dc:creator': 'mira',
        'content:encoded': 'Text.',
      },
      ...{
        'excerpt:encoded': '',
        'wp:post_id': String(id),
        'wp:post_date_gmt': '2026-06-10 08:00:00',
        'wp:status': 'publish',
      },
      ...{ 'wp:post_modified_gmt': '2026-06-10 09:00:00', 'wp:post_type': 'post', 'wp:post_name': `post-${id}` },
      ...fields,
    },
    more,
  );
const WXR = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rss [<!ENTITY bomb "boom"><!ENTITY more "&bomb;&bomb;&bomb;">]>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>A blog</title>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_login><![CDATA[mira]]></wp:author_login><wp:author_display_name><![CDATA[Mira Example]]></wp:author_display_name></wp:author>
${post(1, { title: 'In <em>blocks</em> &amp; more', 'content:encoded': '<!-- wp:paragraph -->\n<p>Before.</p>\n<!-- /wp:paragraph -->\n\n<!--more-->\n\n<!-- wp:paragraph -->\n<p>BEHIND</p>\n<!-- /wp:paragraph -->' }, '<category domain="category" nicename="light"><![CDATA[Light &amp; Sound]]></category><category domain="post_tag" nicename="t"><![CDATA[A tag]]></category><wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value><![CDATA[9]]></wp:meta_value></wp:postmeta>')}
${post(2, { title: 'Classic', 'content:encoded': 'One\nline.\n\n[caption id="a" width="300"]<img src="/a.png" width="300" height="200" /> A disc[/caption]\n\n<pre>a\n\nb</pre>\n\nTwo.', 'excerpt:encoded': 'Written by hand.' })}
${post(3, { title: 'Behind a password', 'wp:post_password': 'word', 'content:encoded': 'PROTECTED' })}
${post(4, { title: 'Draft', 'wp:status': 'draft', 'wp:post_date_gmt': '0000-00-00 00:00:00' })}
${post(5, { title: 'Thrown away', 'wp:status': 'trash' })}
${post(6, { title: 'A page', 'wp:post_type': 'page' })}
${post(7, { title: 'Private', 'wp:status': 'private' })}
${item({ title: 'A picture', 'wp:post_id': '9', 'wp:post_type': 'attachment', 'wp:status': 'inherit', 'wp:attachment_url': `${SITE}/disc.png` })}
</channel></rss>`;

describe('an export of WordPress', () => {
  it('gives posts with the keys they have in the API, and what a reader would see', async () => {
    const { collect, bodyOf } = aSource({ kind: 'wxr' }, WXR);
    const collection = await collect();
    expect(collection.complete).toBe(true);
    expect(titles(collection)).toEqual(['Behind a password', 'Classic', 'Draft', 'In blocks & more', 'Private']);
    const blocks = titled(collection, 'In blocks & more');
    expect(blocks).toMatchObject({
      keys: { id: `${SITE}/?p=1`, url: `${SITE}/1/`, path: 'posts/1' },
      publishedAt: new Date('2026-06-10T08:00:00Z'),
      authors: ['Mira Example'],
      categories: ['Light & Sound'],
      image: { src: `${SITE}/disc.png` },
    });
    expect(await bodyOf(blocks)).toBe('<p>Before.</p><!--more--><p>BEHIND</p>');
    for (const title of ['Behind a password', 'Draft', 'Private']) expect(titled(collection, title)?.draft).toBe(true);
  });

  it('makes paragraphs of blank lines, and puts a written excerpt first', async () => {
    const { collect, bodyOf } = aSource({ kind: 'wxr' }, WXR);
    const body = (await bodyOf(titled(await collect(), 'Classic'))) as string;
    expect(body).toContain('<p>Written by hand.</p><!--more--><p>One<br></br>line.</p>');
    expect(body).toContain('<pre>a\n\nb</pre><p>Two.</p>');
    expect(body).toContain('<figcaption> A disc</figcaption></figure>');
    expect(body).not.toContain('[');
  });

  it('is not parsed again while it stays as it is', async () => {
    const { collect } = aSource({ kind: 'wxr' }, WXR);
    await collect();
    expect(await collect()).toMatchObject({ posts: [], complete: false });
  });

  it.each([
    ['a feed', '<rss><channel><title>A feed</title></channel></rss>'],
    ['no XML', 'just text'],
    ['an empty file', ''],
  ])('that is %s is told', async (_what, text) => {
    await expect(aSource({ kind: 'wxr' }, text).collect()).rejects.toMatchObject({
      code: 'source.failed',
      message: expect.stringContaining('no export of WordPress'),
    });
  });

  it('that is not there is told', async () => {
    await expect(aSource({ kind: 'wxr', file: 'other.xml' }, WXR).collect()).rejects.toMatchObject({
      message: expect.stringContaining('other.xml'),
    });
  });

  it('survives characters that XML does not allow', async () => {
    const { collect } = aSource({ kind: 'wxr' }, WXR.replace('One\nline.', 'One \u0001 & line.'));
    expect(titles(await collect())).toContain('Classic');
  });
});

const GHOST = JSON.stringify({
  db: [
    {
      meta: { version: '6.0.0' },
      data: {
        posts: [
          {
            id: 'a1',
            type: 'post',
            title: 'Open',
            slug: 'open',
            status: 'published',
            visibility: 'public',
            html: '<p>See <a href="__GHOST_URL__/other/">this</a>.</p>',
            feature_image: '__GHOST_URL__/content/images/x.png',
            published_at: '2026-06-10T08:00:00.000Z',
            updated_at: '2026-06-10T09:00:00.000Z',
            custom_excerpt: 'In short.',
          },
          {
            id: 'a2',
            type: 'post',
            title: 'Half',
            slug: 'half',
            status: 'published',
            visibility: 'members',
            html: '<p>Open.</p><!--members-only--><p>SECRET</p>',
            published_at: '2026-06-09T08:00:00.000Z',
            updated_at: '2026-06-09T09:00:00.000Z',
          },
          {
            id: 'a3',
            type: 'post',
            title: 'Closed',
            slug: 'closed',
            status: 'published',
            visibility: 'paid',
            html: '<p>SECRET</p>',
            published_at: '2026-06-08T08:00:00.000Z',
            updated_at: '2026-06-08T09:00:00.000Z',
          },
          {
            id: 'a4',
            type: 'post',
            title: 'Draft',
            slug: 'draft',
            status: 'draft',
            visibility: 'public',
            html: '',
            published_at: null,
            updated_at: '2026-06-08T09:00:00.000Z',
          },
          {
            id: 'a5',
            type: 'page',
            title: 'Page',
            slug: 'page',
            status: 'published',
            visibility: 'public',
            html: '',
            published_at: '2026-06-08T08:00:00.000Z',
            updated_at: '2026-06-08T09:00:00.000Z',
          },
        ],
        tags: [
          { id: 't1', name: 'Time', visibility: 'public' },
          { id: 't2', name: '#in', visibility: 'internal' },
          { id: 't3', name: 'Craft', visibility: 'public' },
        ],
        posts_tags: [
          { post_id: 'a1', tag_id: 't3', sort_order: 1 },
          { post_id: 'a1', tag_id: 't1', sort_order: 0 },
          { post_id: 'a1', tag_id: 't2', sort_order: 2 },
        ],
        users: [{ id: 'u1', name: 'Ada Example', email: 'ada@example.org' }],
        posts_authors: [{ post_id: 'a1', author_id: 'u1', sort_order: 0 }],
        posts_meta: [{ post_id: 'a1', feature_image_alt: 'A dial', feature_image_caption: 'A <em>dial</em>' }],
      },
    },
  ],
});

describe('an export of Ghost', () => {
  const options = { kind: 'ghost-export', site: SITE };

  it('gives posts as the Content API does', async () => {
    const { collect, bodyOf } = aSource(options, GHOST);
    const collection = await collect();
    expect(titles(collection)).toEqual(['Closed', 'Draft', 'Half', 'Open']);
    const open = titled(collection, 'Open');
    expect(open).toMatchObject({
      keys: { id: 'a1', url: `${SITE}/open/`, path: 'posts/a1' },
      authors: ['Ada Example'],
      categories: ['Time', 'Craft'],
      image: { src: `${SITE}/content/images/x.png`, alt: 'A dial' },
    });
    expect(await bodyOf(open)).toBe(`<p>See <a href="${SITE}/other/">this</a>.</p>`);
  });

  it('keeps what is for members to itself', async () => {
    const { collect, bodyOf } = aSource(options, GHOST);
    const collection = await collect();
    expect(await bodyOf(titled(collection, 'Half'))).toBe('<p>Open.</p><!--more-->');
    expect(await bodyOf(titled(collection, 'Closed'))).toBe('');
  });

  it('that is something else is told', async () => {
    await expect(aSource(options, '{"db":[]}').collect()).rejects.toMatchObject({
      message: expect.stringContaining('no export of Ghost'),
    });
  });
});

const SUBSTACK = zipSync({
  'posts.csv': strToU8(
    [
      'post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url',
      '101.first-steps,2026-06-01T08:00:00.000Z,true,2026-06-01T08:05:00.000Z,,newsletter,everyone,First steps,"How, and why",',
      '102.for-payers,2026-06-02T08:00:00.000Z,true,,,newsletter,only_paid,For payers,,',
      '103.half,2026-06-03T08:00:00.000Z,true,,,newsletter,only_paid,Half,,',
      '104.draft,,false,,,newsletter,everyone,,,',
    ].join('\n'),
  ),
  'posts/101.first-steps.html': strToU8('<h2>Walk</h2><p>One foot, then the <a href="/other">other</a>.</p>'),
  'posts/102.for-payers.html': strToU8('<p>SECRET</p>'),
  'posts/103.half.html': strToU8(
    '<p>Open.</p><div class="paywall-jump" data-component-name="PaywallToDOM"></div><p>SECRET</p>',
  ),
});

describe('an export of Substack', () => {
  const options = { kind: 'substack', site: 'https://walks.example.org' };

  it('gives posts with their addresses', async () => {
    const { collect, bodyOf } = aSource(options, SUBSTACK);
    const collection = await collect();
    expect(titles(collection)).toEqual(['Draft', 'First steps', 'For payers', 'Half']);
    const first = titled(collection, 'First steps');
    expect(first).toMatchObject({
      keys: { id: '101', url: 'https://walks.example.org/p/first-steps' },
      summary: [{ type: 'text', value: 'How, and why' }],
      publishedAt: new Date('2026-06-01T08:00:00Z'),
    });
    expect(await bodyOf(first)).toContain('<a href="https://walks.example.org/other">other</a>');
    expect(titled(collection, 'Draft')?.draft).toBe(true);
  });

  it('keeps what is paid for to itself', async () => {
    const { collect, bodyOf } = aSource(options, SUBSTACK);
    const collection = await collect();
    expect(await bodyOf(titled(collection, 'For payers'))).toBe('');
    expect(await bodyOf(titled(collection, 'Half'))).toBe('<p>Open.</p>');
  });

  it.each([
    ['no zip', 'no zip at all'],
    ['a zip of something else', zipSync({ 'readme.txt': strToU8('hello') })],
  ])('that is %s is told', async (_what, file) => {
    await expect(aSource(options, file).collect()).rejects.toMatchObject({
      message: expect.stringContaining('no export of Substack'),
    });
  });
});
