import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GazetteError } from '../../src/domain/errors.js';
import { openSource, SOURCE_KINDS } from '../../src/sources/index.js';
import { markdownOptions } from '../../src/sources/markdown-options.js';
import { aSource, asked, filesOf, toolsOf, withKeys } from '../support/sources-files.js';

describe('collecting a folder', () => {
  it('gives every post, the broken ones with their place, and says that the listing is whole', async () => {
    const collection = await aSource({
      'posts/2026-06-01-one.md': withKeys('title: One'),
      'posts/notes/2026-06-02-two.markdown': 'Two.',
      'posts/2026-06-03-three/index.mdx': withKeys('title: Three'),
      'posts/2026-06-04-four.md': '---\ntitle: [\n---\n',
    }).collect(asked());
    expect(collection.source).toBe('blog');
    expect(collection.complete).toBe(true);
    expect(collection.posts.map(({ place }) => place)).toEqual([
      '2026-06-01-one.md',
      '2026-06-03-three/index.mdx',
      'notes/2026-06-02-two.markdown',
    ]);
    expect(collection.broken.map(({ where }) => where)).toEqual(['posts/2026-06-04-four.md:2:9']);
  });

  it('passes over what is no post', async () => {
    const collection = await aSource({
      'posts/README.md': '# Read me',
      'posts/_index.md': withKeys('title: Section'),
      'posts/_includes/2026-06-01-a.md': withKeys('title: a'),
      'posts/.obsidian/2026-06-01-a.md': withKeys('title: a'),
      'posts/node_modules/x/2026-06-01-a.md': withKeys('title: a'),
      'posts/a.png': Uint8Array.of(1, 2, 3),
    }).collect(asked());
    expect(collection).toMatchObject({ source: 'blog', posts: [], broken: [], complete: true });
  });

  it('gives each post its keys: id, address and path', async () => {
    const { posts } = await aSource({ 'posts/2026-06-01-one.md': withKeys('id: a1') }).collect(asked());
    expect(posts[0]?.keys).toEqual({
      id: 'a1',
      url: 'https://blog.example.org/2026/06/01/one/',
      path: '2026-06-01-one.md',
    });
  });

  it('fails when the folder is not there', async () => {
    const failure = aSource({ 'other/2026-06-01-a.md': 'A.' }).collect(asked());
    await expect(failure).rejects.toBeInstanceOf(GazetteError);
    await expect(failure).rejects.toMatchObject({ code: 'source.failed', message: expect.stringContaining('“posts”') });
  });

  it('tells a file that cannot be opened, and reads the others', async () => {
    const files = filesOf({ 'posts/2026-06-01-a.md': 'A.', 'posts/2026-06-02-b.md': 'B.' });
    const guarded = {
      ...files,
      read: (path: string) => (path.endsWith('a.md') ? Promise.reject(new Error('EACCES')) : files.read(path)),
    };
    const options = markdownOptions.parse({
      kind: 'markdown',
      dir: 'posts',
      site: 'https://blog.example.org',
      timezone: 'UTC',
    });
    const source = openSource('blog', options, toolsOf({ files: guarded }));
    const { posts, broken } = await source.collect(asked());
    expect(posts).toHaveLength(1);
    expect(broken[0]?.message).toContain('cannot be opened');
  });

  it('reads a folder outside the workspace', async () => {
    const { posts } = await aSource({ '../blog/_posts/2026-06-01-a.md': 'A.' }, { dir: '../blog/_posts' }).collect(
      asked(),
    );
    expect(posts[0]?.place).toBe('2026-06-01-a.md');
  });

  it('stops when it is told to', async () => {
    const source = aSource({ 'posts/2026-06-01-a.md': 'A.' });
    await expect(source.collect(asked({ signal: AbortSignal.abort() }))).rejects.toThrow();
  });
});

describe('the settings of a source', () => {
  const valid = { kind: 'markdown', dir: 'posts', site: 'https://blog.example.org', timezone: 'Europe/London' };
  const problemsOf = (change: object) => markdownOptions.safeParse({ ...valid, ...change }).error?.issues ?? [];

  it('need a folder and a site', () => {
    expect(markdownOptions.parse(valid)).toMatchObject({ optOutKey: 'newsletter' });
    for (const key of ['dir', 'site']) expect(problemsOf({ [key]: undefined })[0]?.path).toEqual([key]);
  });

  it.each([
    [{ timezone: 'Europe/Londn' }, 'timezone'],
    [{ site: 'blog.example.org' }, 'site'],
    [{ site: 'ftp://blog.example.org' }, 'site'],
    [{ url: '/:yaer/' }, 'url'],
    [{ url: 'x' }, 'url'],
    [{ language: 'english please' }, 'language'],
  ])('refuse %o', (change, key) => {
    expect(problemsOf(change)[0]?.path).toEqual([key]);
  });

  it('refuse a key nobody knows', () => {
    expect(problemsOf({ timezon: 'UTC' })[0]?.message).toContain('timezon');
  });

  it('say what every key is for', () => {
    for (const { options } of SOURCE_KINDS) {
      const schema = z.toJSONSchema(options, { io: 'input' });
      for (const property of Object.values(schema.properties ?? {})) expect(property).toHaveProperty('description');
    }
  });
});
