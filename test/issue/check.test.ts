import { expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import { aContext, addReaders, type ContextOptions } from '../support/app-context.js';
import { aBody, aPost } from '../support/builders.js';

async function check(wishes: ContextOptions = {}) {
  const deps = await aContext(wishes);
  const [newsletter] = [...deps.newsletters.values()];
  if (!newsletter) throw new Error('no newsletter');
  return { deps, newsletter, look: async () => (await deps.issues.check({ newsletter })).findings };
}

const NEWS = { publishedAt: new Date('2026-06-12T08:00:00Z') };

it('A sound issue has no findings, and nothing is kept of having looked', async () => {
  const { deps, look } = await check({ posts: [aPost({ ...NEWS, categories: ['software'] })] });
  expect(await look()).toEqual([]);
  expect((await deps.store.posts.known(['blog'])).posts).toEqual([]);
});

it('Without anything new the theme, the sender and the headers are looked at all the same', async () => {
  const { look } = await check({ newsletter: { sender: { name: 'Re: ✓ News', address: 'notes@gmail.com' } } });
  expect((await look()).map(({ code, where }) => [code, where])).toEqual([
    ['sender.name', 'weekly.yaml, sender'],
    ['sender.name', 'weekly.yaml, sender'],
    ['sender.free-mail', 'weekly.yaml, sender'],
  ]);
});

it('A finding of all editions is told once; one of some says of which', async () => {
  const bare = (url: string) =>
    aBody(`Read it.`).concat({
      type: 'element',
      tagName: 'p',
      properties: {},
      children: [
        { type: 'element', tagName: 'a', properties: { href: url }, children: [{ type: 'text', value: 'here' }] },
      ],
    });
  const posts = [
    aPost({
      ...NEWS,
      title: 'For all',
      categories: ['software', 'chemistry'],
      body: bare('https://blog.example.org/x'),
      place: 'x.md',
    }),
    aPost({
      ...NEWS,
      title: 'For some',
      categories: ['chemistry'],
      body: bare('https://blog.example.org/y'),
      place: 'y.md',
    }),
  ];
  const { deps, look } = await check({ posts });
  await addReaders(deps, [{}, { preferences: ['software'] }]);
  const found = (await look()).map(({ code, where, editions }) => [code, where, editions]);
  expect(found).toEqual([
    ['link.bare-text', 'x.md', undefined],
    ['link.bare-text', 'y.md', ['en: chemistry']],
  ]);
});

it('A newsletter whose categories no post has is told once, with what the posts name', async () => {
  const { look } = await check({
    posts: [
      aPost({ ...NEWS, title: 'A', categories: ['Alchemy', 'Lab'] }),
      aPost({ ...NEWS, title: 'B', categories: ['Alchemy'] }),
      aPost({ ...NEWS, title: 'C', categories: [] }),
    ],
  });
  const found = (await look()).filter(({ code }) => code === 'category.unmatched' || code === 'post.other');
  expect(found.map(({ code, where, message }) => [code, where, message])).toEqual([
    ['category.unmatched', 'weekly.yaml, categories', expect.stringContaining('“Alchemy” (2), “Lab” (1)')],
  ]);
});

it('What was left out by the way is told with its place', async () => {
  const { deps, look } = await check({
    newsletter: { onSourceFailure: { kind: 'send-without' } },
    posts: [
      aPost({ ...NEWS, title: 'A', categories: ['Alchemy'] }),
      aPost({ ...NEWS, title: 'B', categories: ['alchemy'] }),
      aPost({ ...NEWS, title: 'C', categories: ['Alchemy', 'software'] }),
      aPost({ ...NEWS, title: 'D', expiresAt: new Date('2026-06-14T08:00:00Z'), place: 'd.md' }),
    ],
  });
  deps.source.broken = [{ source: 'blog', keys: { path: 'e.md' }, where: 'posts/e.md:3:1', message: 'No date.' }];
  expect((await look()).map(({ code, where, message }) => [code, where, message])).toEqual([
    ['post.broken', 'posts/e.md:3:1', expect.stringContaining('No date.')],
    ['post.other', 'weekly.yaml, categories', expect.stringMatching(/^“A” and 1 more .*“Alchemy”/)],
    ['post.expired', 'd.md', expect.stringContaining('“D”')],
  ]);
});

it('Posts that share an address are told as errors at their files; one that will not be sent is none of them', async () => {
  const url = 'https://blog.example.org/same/';
  const at = (place: string) => ({
    ...NEWS,
    title: place,
    categories: ['software'],
    url,
    keys: { path: place, url },
    place,
  });
  const posts = [aPost(at('a.md')), aPost(at('b.md')), aPost({ ...at('c.md'), expiresAt: NEWS.publishedAt })];
  const { look } = await check({ posts });
  const clashes = (await look()).filter(({ code }) => code === 'post.clash');
  expect(clashes.map(({ where, level }) => [where, level]).sort()).toEqual([
    ['a.md', 'error'],
    ['b.md', 'error'],
  ]);
  expect(clashes.map(({ message }) => message).join()).not.toContain('c.md');
});

it('A source that failed is told, where the issue goes without it', async () => {
  const { deps, look } = await check({ newsletter: { onSourceFailure: { kind: 'send-without' } } });
  deps.source.failure = new GazetteError('source.failed', 'The folder is gone.', { hint: 'Bring it back.' });
  expect(await look()).toMatchObject([
    { code: 'source.failed', where: 'content/sources.yaml, blog', fix: 'Bring it back.' },
  ]);
});

it('A shortened issue says how it was shortened', async () => {
  const long = Array.from({ length: 40 }, (_, nth) =>
    aPost({
      ...NEWS,
      title: `Post ${nth}`,
      categories: ['software'],
      body: aBody('word '.repeat(300)),
      summary: aBody('語'.repeat(1500)),
    }),
  );
  const { look } = await check({ posts: long });
  expect(await look()).toMatchObject([{ code: 'size.shortened', message: expect.stringContaining('excerpts cut') }]);
});

it('Names that an arrangement gives to no post are told at their place; a moved post is in a section', async () => {
  const posts = [aPost({ ...NEWS, keys: { id: 'a', path: 'a.md' }, categories: ['gardening'] })];
  const text = 'pinned: [nobody]\nsections: { a: software }\nsubject: Party!!\n';
  const { look } = await check({ posts, arranged: { 'weekly/2026-06-15.yaml': text } });
  expect((await look()).map(({ code, where }) => [code, where])).toEqual([
    ['subject.shouting', 'content/issues/weekly/2026-06-15.yaml'],
    ['arrangement.unknown', 'content/issues/weekly/2026-06-15.yaml:1:10'],
  ]);
});

it('What the editor wrote is found in their file, and a file no issue will read is told', async () => {
  const { look } = await check({
    posts: [aPost({ ...NEWS, categories: ['software'] })],
    arranged: {
      'weekly/2026-06-15.yaml':
        'introduction: "See [here](https://blog.example.org/tea)."\nsubject: "TEA IS BACK AGAIN"\n',
      'weekly/2026-06-23.yaml': 'subject: Never\n',
    },
  });
  const file = 'content/issues/weekly/2026-06-15.yaml';
  expect((await look()).map(({ code, where }) => [code, where])).toEqual([
    ['subject.shouting', file],
    ['link.bare-text', file],
    ['arrangement.stray', 'content/issues/weekly/2026-06-23.yaml:1:1'],
  ]);
});
