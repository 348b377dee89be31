import { describe, expect, it } from 'vitest';
import type { Collection } from '../../src/domain/post.js';
import { openSource } from '../../src/sources/index.js';
import { wordPressOptions } from '../../src/sources/wordpress/wordpress-options.js';
import { collectAgain } from '../support/collect-again.js';
import { PHYSICS, type RecordedBlog, recordedWordPress, WORDPRESS } from '../support/recorded-blogs.js';
import { asked, markupOf, toolsOf } from '../support/sources-files.js';

const NOW = new Date('2026-06-15T07:00:00Z');
const HOUR = 3_600_000;

/** A source over a blog, collected one time after another; `kept` goes from one collection to the next. */
function aSource(blog: RecordedBlog, options: object = {}, credentials?: string) {
  const settings = wordPressOptions.parse({ kind: 'wordpress', url: `${WORDPRESS}/`, ...options });
  const source = openSource('blog', settings, toolsOf({ fetchWeb: blog.fetchWeb, credentialsOf: () => credentials }));
  const again = collectAgain(source, NOW);
  const collect = (now = NOW) => {
    blog.forget();
    return again.collect(now);
  };
  return { ...again, collect };
}

/** What is kept of a collection in which the API was found there. */
const keptBy = (settings: object, root: string) => ({
  ...{ settings: JSON.stringify(settings), api: { root }, listedAt: NOW.getTime(), types: {} },
});

const titled = ({ posts }: Collection, title: string) => posts.find((post) => post.title.startsWith(title));
const titles = ({ posts }: Collection) => posts.map(({ title }) => title).sort();
const questions = (blog: RecordedBlog) => blog.asked.map(({ url }) => new URL(url).pathname);

describe('what is read of a WordPress blog', () => {
  it('A post has its keys, date in UTC, author, categories and picture', async () => {
    const collection = await aSource(recordedWordPress()).collect();
    expect(collection.complete).toBe(true);
    expect(titled(collection, 'Ampersands')).toMatchObject({
      title: 'Ampersands & “quotes” – 5 < 6',
      keys: {
        id: expect.stringMatching(/^https:/),
        path: 'posts/7',
        url: `${WORDPRESS}/notes/2026/ampersands-quotes-5-6/`,
      },
      publishedAt: new Date('2026-06-08T09:00:00Z'),
      authors: ['Mira Example'],
      categories: ['News', 'Physics & Light'],
      image: {
        alt: 'A disc, called featured',
        width: expect.any(Number),
        src: expect.stringMatching(/^https:.*featured.*\.png$/),
      },
      draft: false,
      language: 'en',
    });
  });

  it('The caption of the featured picture and the markup of a title are kept', async () => {
    const collection = await aSource(recordedWordPress()).collect();
    expect(markupOf(titled(collection, 'Ampersands')?.image?.caption ?? [])).toBe('A disc <strong>again</strong>');
    expect(markupOf(titled(collection, 'Lenses')?.titleHtml ?? [])).toBe('Lenses <em>without</em> glass');
  });

  it('The introduction is what is before the more mark, in blocks and in old posts', async () => {
    const { collect, bodyOf } = aSource(recordedWordPress());
    const collection = await collect();
    const tides = (await bodyOf(titled(collection, 'Tides'))) as string;
    const [introduction, rest] = tides.split('<!--more-->');
    expect(introduction).toContain('<code>h = v * v / (g * r)</code>');
    expect(introduction).toContain('<figcaption>The glass, <em>seen from above</em>.</figcaption>');
    expect(introduction).toContain('What the spoon showed');
    expect(rest).toBe('<p>BEHIND-THE-MARK one.</p>');
    const lenses = (await bodyOf(titled(collection, 'Lenses'))) as string;
    expect(lenses).toBe(
      '<p>Hot air bends light as a lens does.</p><p>So does a soap film. <!--more--></p><p>BEHIND-THE-MARK two.</p>',
    );
  });

  it('Without a mark, an excerpt that its author wrote is the introduction, and one that WordPress made is not', async () => {
    const { collect, bodyOf } = aSource(recordedWordPress());
    const collection = await collect();
    expect(await bodyOf(titled(collection, 'Ampersands'))).toBe(
      '<p>What its author says of it, with <strong>bold</strong> & an entity.</p><!--more--><p>BODY-BEHIND-AN-EXCERPT</p>',
    );
    expect(await bodyOf(titled(collection, 'Gezeiten'))).toBe('<p>Ein Glas Wasser im Zug.</p>');
    expect(await bodyOf(titled(collection, 'Pictures'))).not.toContain('<!--more-->');
  });

  it('Galleries are figures, frames are links, and the brackets of shortcodes are gone', async () => {
    const { collect, bodyOf } = aSource(recordedWordPress());
    const body = (await bodyOf(titled(await collect(), 'Pictures'))) as string;
    expect(body.match(/<figure>/g)).toHaveLength(2);
    expect(body).toMatch(/src="[^"]*\/first\.png"/);
    expect(body).toContain('<p>inside the box</p>');
    expect(body).toContain('<a href="https://video.example.org/watch?v=1">');
    expect(body).toContain('<a href="https://www.youtube.com/watch?v=abcdefg1234">▶ A talk on light</a>');
    expect(body).toContain('[sic] with <code>[not a=shortcode]</code>');
    expect(body).not.toContain('alert');
  });

  it('A post behind a password is listed and never sent; an untitled one is called by how it begins', async () => {
    const { collect, bodyOf } = aSource(recordedWordPress());
    const collection = await collect();
    expect(titled(collection, 'Behind')).toMatchObject({ draft: true });
    expect(await bodyOf(titled(collection, 'Behind'))).toMatchObject({
      kind: 'broken',
      message: expect.stringContaining('password'),
    });
    expect(titled(collection, 'A note without')?.title).toBe('A note without a title, written on the way to the…');
    expect(titles(collection)).not.toContain('For us alone');
  });

  it('The language is the one Polylang or WPML gives', async () => {
    const blog = recordedWordPress();
    const [first] = blog.posts;
    Object.assign(first as object, { lang: undefined, wpml_current_locale: 'pt_BR' });
    const collection = await aSource(blog, { language: 'en' }).collect();
    expect(titled(collection, 'Gezeiten')?.language).toBe('de-DE');
    expect(titled(collection, 'Tides')?.language).toBe('pt-BR');
  });

  it('Other types of posts are read when they are named', async () => {
    const collection = await aSource(recordedWordPress(), { types: ['posts', 'talks'] }).collect();
    expect(titled(collection, 'A talk on tides')).toMatchObject({ categories: ['Physics & Light'] });
    await expect(aSource(recordedWordPress(), { types: ['films'] }).collect()).rejects.toMatchObject({
      code: 'source.failed',
      message: expect.stringContaining('films'),
    });
  });
});

describe('which posts are read', () => {
  const inPhysics = [
    'Ampersands & “quotes” – 5 < 6',
    'Behind a password',
    'Lenses without glass',
    'Pictures, frames and brackets',
    'Tides in a glass',
  ];

  it('The address of a category means its posts and those of the categories below it', async () => {
    expect(titles(await aSource(recordedWordPress(), { url: PHYSICS }).collect())).toEqual(inPhysics);
  });

  it('The same where WordPress does not say which category a page shows', async () => {
    const blog = recordedWordPress({ isOld: true });
    expect(titles(await aSource(blog, { url: PHYSICS }).collect())).toEqual(inPhysics);
  });

  it('Where the API is switched off, the feed is read and that is told; the API is tried again a day later', async () => {
    const blog = recordedWordPress({ isClosed: true });
    const source = aSource(blog, { url: PHYSICS }, 'mira:abcd');
    const collection = await source.collect();
    expect(titles(collection)).toEqual(['Tides in a glass']);
    expect(collection).toMatchObject({
      complete: false,
      notes: [{ kind: 'reading', text: expect.stringContaining('REST API') }],
    });
    const [post] = collection.posts;
    expect(post?.keys.id).toBe(`${WORDPRESS}/notes/2026/tides-in-a-glass/`);
    expect(markupOf(post?.body ?? [])).toBe('<p>Before.</p><!--more--><p>Behind.</p>');
    await source.collect(new Date(NOW.getTime() + HOUR));
    expect(blog.asked.map(({ url }) => url)).toEqual([`${PHYSICS}feed/`]);
    expect(blog.asked.some(({ headers }) => headers?.authorization)).toBe(false);
    await source.collect(new Date(NOW.getTime() + 25 * HOUR));
    expect(questions(blog)).toContain('/wp-json/');
  });

  it('Without a feed either, the way out is told', async () => {
    const blog = recordedWordPress({ isClosed: true, hasNoFeed: true });
    await expect(aSource(blog).collect()).rejects.toMatchObject({
      code: 'source.failed',
      message: expect.stringContaining('REST API'),
      hint: expect.stringContaining('kind: feed'),
    });
  });

  it('Drafts and scheduled posts are listed with an application password, which no other question carries', async () => {
    const blog = recordedWordPress();
    blog.posts.push(
      {
        ...(blog.posts[0] as object),
        id: 901,
        status: 'draft',
        date_gmt: null,
        guid: { rendered: 'x?p=901' },
        title: { rendered: 'Not ready' },
      },
      {
        ...(blog.posts[0] as object),
        id: 902,
        status: 'future',
        date_gmt: '2037-06-20T09:00:00',
        guid: { rendered: 'x?p=902' },
        title: { rendered: 'Planned' },
      },
    );
    const collection = await aSource(blog, {}, 'mira:abcd efgh').collect();
    expect(titled(collection, 'Not ready')).toMatchObject({ draft: true });
    expect(titled(collection, 'Planned')).toMatchObject({
      draft: false,
      publishedAt: new Date('2037-06-20T09:00:00Z'),
    });
    const withPassword = blog.asked.filter(({ headers }) => headers?.authorization !== undefined);
    expect(withPassword.map(({ url }) => new URL(url).searchParams.get('status'))).toEqual(['draft,pending,future']);
    expect(titles(await aSource(blog).collect())).not.toContain('Planned');
  });

  it('An application password that does not work keeps nothing from being sent', async () => {
    const blog = recordedWordPress();
    const fetchWeb: RecordedBlog['fetchWeb'] = (request) => blog.fetchWeb({ ...request, headers: {} });
    const collection = await aSource({ ...blog, fetchWeb }, {}, 'mira:wrong').collect();
    expect(titled(collection, 'Tides')).toBeDefined();
    expect(collection.notes).toEqual([
      expect.objectContaining({ text: expect.stringContaining('application password') }),
    ]);
  });

  it('An application password is not sent without https', async () => {
    const blog = recordedWordPress();
    const fetchWeb: RecordedBlog['fetchWeb'] = (request) =>
      blog.fetchWeb({ ...request, url: request.url.replace('http:', 'https:') });
    const settings = wordPressOptions.parse({ kind: 'wordpress', url: `${WORDPRESS}/` });
    const tools = toolsOf({ fetchWeb, credentialsOf: () => 'mira:abcd' });
    const kept = keptBy(settings, 'http://wordpress.example.org/wp-json/');
    const { notes } = await openSource('blog', settings, tools).collect(asked({ kept }));
    expect(notes).toEqual([expect.objectContaining({ text: expect.stringContaining('not https') })]);
    expect(blog.asked.some(({ headers }) => headers?.authorization)).toBe(false);
  });
});

describe('collecting again', () => {
  const later = (hours: number) => new Date(NOW.getTime() + hours * HOUR);

  it('One question when nothing is new', async () => {
    const blog = recordedWordPress();
    const { collect } = aSource(blog);
    await collect();
    const collection = await collect(later(1));
    expect(collection).toMatchObject({ posts: [], broken: [], complete: false });
    expect(questions(blog)).toEqual(['/wp-json/wp/v2/posts']);
    expect(new URL(blog.asked[0]?.url ?? '').searchParams.get('_fields')).toBe('id,modified_gmt,date_gmt');
  });

  it('A new post, an edited one, and a scheduled one that nobody edited since are read, and nothing else', async () => {
    const blog = recordedWordPress();
    const { collect, bodyOf } = aSource(blog);
    const before = await collect();
    const [tides] = blog.posts as [object];
    blog.posts.push({
      ...tides,
      id: 950,
      title: { rendered: 'Planned long ago' },
      date: '2026-06-15T08:00:00',
      date_gmt: '2026-06-15T07:00:00',
      modified_gmt: '2026-01-01T00:00:00',
    });
    Object.assign(blog.posts[1] as object, {
      modified_gmt: '2026-06-15T07:30:00',
      title: { rendered: 'Lenses, edited' },
    });
    const collection = await collect(later(1));
    expect(titles(collection)).toEqual(['Lenses, edited', 'Planned long ago']);
    expect(collection.complete).toBe(false);
    expect(questions(blog)).toHaveLength(2);
    expect(await bodyOf(titled(before, 'Lenses'))).toMatchObject({ kind: 'unread' });
  });

  it('Everything is listed when a post is gone, and some times a day', async () => {
    const blog = recordedWordPress();
    const { collect } = aSource(blog);
    await collect();
    blog.posts.splice(0, 1);
    const collection = await collect(later(1));
    expect(collection.complete).toBe(true);
    expect(titled(collection, 'Tides')).toBeUndefined();
    expect(await collect(later(2))).toMatchObject({ complete: false });
    expect(await collect(later(9))).toMatchObject({ complete: true });
  });

  it('A post that only left the hundred newest is not gone', async () => {
    const blog = recordedWordPress();
    const [tides] = blog.posts as [object];
    const add = (id: number, date: string) =>
      blog.posts.push({
        ...tides,
        id,
        guid: { rendered: `x?p=${id}` },
        date,
        date_gmt: date,
        title: { rendered: `Note ${id}` },
      });
    for (let id = 1000; id < 1095; id += 1) add(id, `2025-01-01T00:00:${String(id % 60).padStart(2, '0')}`);
    const { collect } = aSource(blog);
    expect((await collect()).posts).toHaveLength(blog.posts.length);
    add(2000, '2026-06-15T07:30:00');
    expect(await collect(later(1))).toMatchObject({ complete: false, posts: [{ title: 'Note 2000' }] });
  });

  it('A listing that changes while it is read withdraws nothing', async () => {
    const blog = recordedWordPress();
    const [tides] = blog.posts as [object];
    for (let id = 1000; id < 1150; id += 1) blog.posts.push({ ...tides, id, guid: { rendered: `x?p=${id}` } });
    const fetchWeb: RecordedBlog['fetchWeb'] = async (request) => {
      const response = await blog.fetchWeb(request);
      if (request.url.includes('page=1')) blog.posts.splice(3, 1);
      return response;
    };
    const { complete } = await aSource({ ...blog, fetchWeb }).collect();
    expect(complete).toBe(false);
  });

  it('Another category in the settings is another list, whatever was kept', async () => {
    const blog = recordedWordPress();
    let kept: unknown;
    const collect = (url: string) =>
      openSource(
        'blog',
        wordPressOptions.parse({ kind: 'wordpress', url }),
        toolsOf({ fetchWeb: blog.fetchWeb }),
      ).collect(
        asked({
          kept,
          keep: (value) => {
            kept = value;
          },
        }),
      );
    await collect(`${WORDPRESS}/`);
    const collection = await collect(PHYSICS);
    expect(collection.complete).toBe(true);
    expect(titles(collection)).not.toContain('Gezeiten im Glas');
  });

  it('An application password does not go to another host, whatever a page says', async () => {
    const blog = recordedWordPress();
    const settings = wordPressOptions.parse({ kind: 'wordpress', url: 'https://other.example.org/' });
    const tools = toolsOf({ fetchWeb: blog.fetchWeb, credentialsOf: () => 'mira:abcd' });
    const kept = keptBy(settings, `${WORDPRESS}/wp-json/`);
    const { notes } = await openSource('blog', settings, tools).collect(asked({ kept }));
    expect(notes).toEqual([expect.objectContaining({ text: expect.stringContaining('another host') })]);
    expect(blog.asked.some(({ headers }) => headers?.authorization)).toBe(false);
  });

  it('A server that names further pages without end is not asked without end, and withdraws nothing', async () => {
    const blog = recordedWordPress();
    const fetchWeb: RecordedBlog['fetchWeb'] = async (request) => {
      const response = await blog.fetchWeb(request);
      const page = Number(new URL(request.url).searchParams.get('page') ?? 1);
      if (response.kind !== 'answered' || page === 1) {
        if (response.kind === 'answered') (response.headers as Map<string, string>).set('x-wp-totalpages', '999999');
        return response;
      }
      return {
        ...response,
        status: 200,
        headers: new Map([['content-type', 'application/json']]),
        body: new TextEncoder().encode('[]'),
      };
    };
    const collection = await aSource({ ...blog, fetchWeb }).collect();
    expect(collection.posts.length).toBeGreaterThan(5);
    expect(collection.complete).toBe(false);
  });

  it('An API that moved is found again', async () => {
    const blog = recordedWordPress();
    const settings = wordPressOptions.parse({ kind: 'wordpress', url: `${WORDPRESS}/` });
    const source = openSource('blog', settings, toolsOf({ fetchWeb: blog.fetchWeb }));
    const kept = keptBy(settings, `${WORDPRESS}/wp-json/old/`);
    expect((await source.collect(asked({ now: NOW, kept }))).posts.length).toBeGreaterThan(5);
  });

  it('A server with a fault of its own, and one that answers with something else, are told', async () => {
    const broken =
      (status: number, body: string): RecordedBlog['fetchWeb'] =>
      async ({ url }) => ({
        ...{
          kind: 'answered',
          status,
          url,
          headers: new Map([['content-type', 'application/json']]),
          body: new TextEncoder().encode(body),
        },
      });
    const settings = wordPressOptions.parse({ kind: 'wordpress', url: WORDPRESS });
    const kept = keptBy(settings, `${WORDPRESS}/wp-json/`);
    const collect = (fetchWeb: RecordedBlog['fetchWeb']) =>
      openSource('blog', settings, toolsOf({ fetchWeb })).collect(asked({ kept }));
    await expect(collect(broken(503, ''))).rejects.toMatchObject({
      code: 'source.failed',
      message: expect.stringContaining('503'),
    });
    await expect(collect(broken(200, '{"a":'))).rejects.toMatchObject({ code: 'source.failed' });
  });
});
