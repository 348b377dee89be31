import { beforeEach, describe, expect, it } from 'vitest';
import type { FileLook, FileLooks } from '../../src/domain/ports/content.js';
import type { FileVersion } from '../../src/domain/ports/host.js';
import { bodyKeyOf } from '../../src/domain/post.js';
import { parseHere } from '../../src/sources/index.js';
import { markdownSource } from '../../src/sources/markdown.js';
import { asked, filesOf, optionsOf, toolsOf, withKeys } from '../support/sources-files.js';

const NOW = new Date('2026-06-15T07:00:00Z');
const LONG_AGO = NOW.getTime() - 60_000;

let texts: Map<string, { text: string; version: FileVersion }>;
let opened: string[];
let parsed: string[];
let kept: Map<string, FileLook>;

function write(path: string, text: string, changedAt = LONG_AGO, version = `${Math.random()}`): void {
  texts.set(`posts/${path}`, { text, version: { version, changedAt } });
}

const looks: FileLooks = {
  // As a store has it.
  read: async () => new Map([...kept].map(([path, look]) => [path, JSON.parse(JSON.stringify(look)) as FileLook])),
  keep: async (changed, gone) => {
    for (const [path, look] of changed) kept.set(path, look);
    for (const path of gone) kept.delete(path);
  },
};

async function collect(listing?: string, options = {}) {
  opened = [];
  parsed = [];
  const files = filesOf(Object.fromEntries([...texts].map(([path, { text }]) => [path, text])));
  const tools = toolsOf({
    files: {
      ...files,
      read: (path) => {
        if (path.endsWith('.md')) opened.push(path.split('/').at(-1) as string);
        return files.read(path);
      },
      versions: async () => new Map([...texts].map(([path, { version }]) => [`/content/${path}`, version])),
    },
    runParse: (job) => {
      parsed.push((job as { path: string }).path);
      return parseHere(job);
    },
  });
  const request = { now: NOW, looks, ...(listing !== undefined && { listing }) };
  return markdownSource('blog', optionsOf(options), tools).collect(asked(request));
}

beforeEach(() => {
  kept = new Map();
  texts = new Map();
  write('2026-06-01-a.md', withKeys('title: A', 'expirydate: 2026-12-01'));
  write('2026-06-02-b.md', withKeys('title: B'));
  write('2026-06-03-c.md', '---\ntitle: [\n---\n');
  write('about.md', withKeys('title: About'));
});

describe('files that are as they were', () => {
  it('are not opened again, and give the same', async () => {
    const first = await collect();
    expect(opened).toHaveLength(4);
    expect(await collect()).toEqual(first);
    expect(opened).toEqual([]);
    expect(await collect(first.listing)).toMatchObject({ isUnchanged: true, posts: [], complete: true });
  });

  it('are told apart from one that was written, added or removed', async () => {
    const { listing } = await collect();
    write('2026-06-02-b.md', withKeys('title: New'));
    const second = await collect(listing);
    expect(second.posts.map(({ title }) => title)).toEqual(['A', 'New']);
    expect(opened).toEqual(['2026-06-02-b.md']);
    texts.delete('posts/2026-06-03-c.md');
    const third = await collect(second.listing);
    expect([third.isUnchanged, third.broken]).toEqual([undefined, []]);
    expect([...kept.keys()]).not.toContain('2026-06-03-c.md');
    write('2026-06-04-d.md', withKeys('title: D'));
    expect((await collect(third.listing)).posts).toHaveLength(3);
    expect(opened).toEqual(['2026-06-04-d.md']);
  });

  it('are opened but not parsed when only their times are new', async () => {
    const first = await collect();
    for (const [path, { text }] of texts) write(path.replace('posts/', ''), text);
    expect((await collect(first.listing)).posts).toEqual(first.posts);
    expect([opened.length, parsed]).toEqual([4, []]);
    expect((await collect()).posts).toEqual(first.posts);
    expect(opened).toEqual([]);
  });

  it('are read again with other settings', async () => {
    const first = await collect();
    const other = await collect(first.listing, { url: '/:slug/' });
    expect(other.posts[0]?.url).toBe('https://blog.example.org/a/');
    expect(parsed).toHaveLength(4);
    const elsewhere = await collect(first.listing, { site: 'https://notes.example.org' });
    const keys = [first, other, elsewhere].map(({ posts }) => posts[0] && bodyKeyOf({ ...posts[0], url: '' }));
    expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([true, false]);
  });

  it('are not believed when they were written just now: a second write may look the same', async () => {
    write('2026-06-02-b.md', withKeys('title: B'), NOW.getTime() - 500, 'same');
    const first = await collect();
    expect(first.listing).toBeUndefined();
    write('2026-06-02-b.md', withKeys('title: C'), NOW.getTime() - 500, 'same');
    const second = await collect();
    expect(second.posts.map(({ title }) => title)).toEqual(['A', 'C']);
    expect(opened).toEqual(['2026-06-02-b.md']);
  });
});
