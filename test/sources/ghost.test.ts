import { describe, expect, it } from 'vitest';
import type { Collection } from '../../src/domain/post.js';
import { ghostOptions } from '../../src/sources/ghost/ghost-options.js';
import { openSource } from '../../src/sources/index.js';
import { collectAgain } from '../support/collect-again.js';
import { GHOST, GHOST_KEY, type RecordedBlog, recordedGhost } from '../support/recorded-blogs.js';
import { asked, markupOf, toolsOf } from '../support/sources-files.js';

const NOW = new Date('2026-06-15T07:00:00Z');
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

function aSource(blog: RecordedBlog, options: object = {}, key: string | undefined = GHOST_KEY) {
  const settings = ghostOptions.parse({ kind: 'ghost', url: `${GHOST}/`, ...options });
  const source = openSource('blog', settings, toolsOf({ fetchWeb: blog.fetchWeb, credentialsOf: () => key }));
  const again = collectAgain(source, NOW);
  const collect = (now = NOW) => {
    blog.forget();
    return again.collect(now);
  };
  return { ...again, collect };
}

const titled = ({ posts }: Collection, title: string) => posts.find((post) => post.title === title);

describe('what is read of a Ghost blog', () => {
  it('A post has its keys, date, author, public tags, excerpt and picture', async () => {
    const collection = await aSource(recordedGhost()).collect();
    expect(collection.complete).toBe(true);
    const post = titled(collection, 'Reading clocks & dials');
    expect(post).toMatchObject({
      keys: { id: expect.stringMatching(/^[0-9a-f]{24}$/), url: `${GHOST}/reading-clocks-dials/` },
      publishedAt: new Date('2026-06-10T08:00:00Z'),
      authors: ['Ada Example'],
      categories: ['Time', 'Craft'],
      image: { alt: 'A dial' },
      summary: [{ type: 'text', value: 'Why a <dial> says two things.' }],
      draft: false,
    });
    expect(markupOf(post?.image?.caption ?? [])).toBe('A <em>dial</em>, drawn');
    expect(titled(collection, 'Cards of every kind')?.categories).toEqual(['Cards', 'Time']);
  });

  it('What is for members never leaves Ghost: the public part is shown, and continues there', async () => {
    const { collect, bodyOf } = aSource(recordedGhost());
    const collection = await collect();
    expect(await bodyOf(titled(collection, 'The second half'))).toBe('<p>Everybody reads this.</p><!--more-->');
    expect(await bodyOf(titled(collection, 'For those who pay'))).toBe('');
  });

  it('The text for members is left out even where an answer contains it', async () => {
    const blog = recordedGhost();
    const post = blog.posts.find(({ title }) => title === 'The second half');
    Object.assign(post as object, { html: '<p>Everybody.</p><!--members-only--><p>SECRET</p>' });
    const { collect, bodyOf } = aSource(blog);
    expect(await bodyOf(titled(await collect(), 'The second half'))).toBe('<p>Everybody.</p><!--more-->');
  });

  it('Cards are shown as a mail can show them', async () => {
    const { collect, bodyOf } = aSource(recordedGhost());
    const body = (await bodyOf(titled(await collect(), 'Cards of every kind'))) as string;
    expect(body).toContain('<figcaption>The letter <em>A</em></figcaption>');
    expect(body.match(/<figure>/g)?.length).toBeGreaterThanOrEqual(3);
    expect(body).toContain('<p><a href="https://example.org/read">Read this</a> – A page to read.</p>');
    expect(body).toContain('<blockquote><p>💡 Mind the gap.</p></blockquote>');
    expect(body).toContain('▶ A film');
    expect(body).toContain('▶ A sound');
    expect(body).toContain('">The paper</a> – In full');
    expect(body).toContain('<a href="https://www.youtube.com/watch?v=abcdefg1234">▶ A talk</a>');
    expect(body).toContain('<a href="https://example.org/buy">Buy</a>');
    for (const rest of ['0:00', '1×', 'SIGN-UP', 'f.pdf12', 'audio-thumbnail']) expect(body).not.toContain(rest);
    expect(body).not.toContain('?ref=');
  });

  it('A post names the address it was first published at', async () => {
    const blog = recordedGhost();
    const fetchWeb: typeof blog.fetchWeb = async (request) => {
      const answer = await blog.fetchWeb(request);
      if (answer.kind !== 'answered') return answer;
      const text = new TextDecoder().decode(answer.body);
      const body = text.replaceAll('"slug":', '"canonical_url":"https://first.example.org/a","slug":');
      return { ...answer, body: new TextEncoder().encode(body) };
    };
    const { posts } = await aSource({ ...blog, fetchWeb }).collect();
    expect(titled({ source: '', posts, broken: [], complete: true }, 'Reading clocks & dials')?.canonical).toBe(
      'https://first.example.org/a',
    );
  });

  it('Pages are read when they are named', async () => {
    const blog = recordedGhost();
    expect(titled(await aSource(blog).collect(), 'A page')).toBeUndefined();
    expect(titled(await aSource(blog, { types: ['posts', 'pages'] }).collect(), 'A page')).toMatchObject({
      keys: { path: expect.stringMatching(/^pages\//) },
    });
  });

  it('The address of a tag means its posts', async () => {
    const { posts } = await aSource(recordedGhost(), { url: `${GHOST}/tag/craft/` }).collect();
    expect(posts.map(({ title }) => title).sort()).toEqual(['Reading clocks & dials', 'The second half']);
  });
});

describe('collecting again', () => {
  it('One conditional question when nothing is new', async () => {
    const blog = recordedGhost();
    const { collect, kept } = aSource(blog);
    await collect();
    expect(await collect(later(1))).toMatchObject({ posts: [], complete: false });
    expect(blog.asked).toHaveLength(1);
    expect(blog.asked[0]?.validators?.etag).toMatch(/^W/);
    expect(JSON.stringify(kept())).not.toContain(GHOST_KEY);
  });

  it('An edited post is read, a removed one is missed at once', async () => {
    const blog = recordedGhost();
    const { collect } = aSource(blog);
    await collect();
    Object.assign(blog.posts[1] as object, { updated_at: '2026-06-15T07:30:00.000+00:00', title: 'Edited' });
    expect((await collect(later(1))).posts.map(({ title }) => title)).toEqual(['Edited']);
    blog.posts.splice(1, 1);
    const collection = await collect(later(2));
    expect(collection.complete).toBe(true);
    expect(titled(collection, 'Edited')).toBeUndefined();
  });
});

describe('what is wrong is told', () => {
  it.each([
    ['no key', undefined, 'no key'],
    ['a key that is none', 'my key', 'not a key'],
    ['a key Ghost does not know', 'ffff', 'does not know the key'],
  ])('%s', async (_what, key, message) => {
    const settings = ghostOptions.parse({ kind: 'ghost', url: GHOST });
    const tools = toolsOf({ fetchWeb: recordedGhost().fetchWeb, credentialsOf: () => key });
    const failure = openSource('blog', settings, tools).collect(asked());
    await expect(failure).rejects.toMatchObject({
      code: 'source.failed',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('docs/ghost.md'),
    });
  });

  it('An address without Ghost', async () => {
    await expect(aSource(recordedGhost(), { url: `${GHOST}/somewhere/` }).collect()).rejects.toMatchObject({
      message: expect.stringContaining('no Content API'),
    });
  });
});
