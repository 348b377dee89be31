import { describe, expect, it } from 'vitest';
import type { KnownKey, KnownPosts } from '../../src/domain/ports.js';
import type { Collection, KnownPost, Post } from '../../src/domain/post.js';
import { recognisePosts } from '../../src/select/recognise-posts.js';
import { aPost } from '../support/builders.js';

const MONDAY = new Date('2026-06-08T07:00:00Z');
const TUESDAY = new Date('2026-06-09T07:00:00Z');

const NOTHING: KnownPosts = { posts: [], keys: [], firstCollected: new Map(), carried: new Set() };

function collected(posts: readonly Post[], with_: Partial<Collection> = {}): Collection {
  return { source: 'blog', posts, broken: [], complete: true, ...with_ };
}

/** Remembers what a collection changed, as a store would. */
function remember(known: KnownPosts, collection: Collection, now: Date, with_: { accept?: boolean } = {}): KnownPosts {
  const changes = changesOf(known, collection, now, with_);
  const posts = new Map(known.posts.map((each) => [each.uid, each]));
  const keys: KnownKey[] = [...known.keys];
  for (const { uid, post, newsAt } of changes.seen) {
    const { body: _, ...head } = post;
    posts.set(uid, { uid, post: head, ...(newsAt && { newsAt }) });
    for (const kind of ['id', 'url', 'path'] as const) {
      const value = post.keys[kind];
      if (value !== undefined) keys.push({ source: 'blog', kind, value, uid });
    }
  }
  for (const uid of changes.withdrawn) posts.set(uid, { ...(posts.get(uid) as KnownPost), withdrawnAt: now });
  for (const { uid, ...broken } of changes.broken) posts.set(uid, { ...(posts.get(uid) as KnownPost), broken });
  const firstCollected = new Map([['blog', known.firstCollected.get('blog') ?? now]]);
  return { ...known, posts: [...posts.values()], keys, firstCollected };
}

function changesOf(known: KnownPosts, collection: Collection, now: Date, { accept = false } = {}) {
  let serial = known.posts.length;
  const newUid = () => {
    serial += 1;
    return `uid-${serial}`;
  };
  const recognised = recognisePosts({ collection, known, now, newUid, acceptWithdrawals: accept });
  if (recognised.kind !== 'changes') throw new Error(`shrunk: ${recognised.missing} of ${recognised.of}`);
  return recognised.changes;
}

describe('a first collection', () => {
  it('makes every publishable post news at its publication, so that it never floods an issue', () => {
    const post = aPost({ publishedAt: new Date('2024-01-01T00:00:00Z') });
    expect(changesOf(NOTHING, collected([post]), MONDAY).seen[0]?.newsAt).toEqual(post.publishedAt);
  });
  it('leaves drafts and future posts without a moment of news', () => {
    const seen = changesOf(NOTHING, collected([aPost({ draft: true }), aPost({ publishedAt: TUESDAY })]), MONDAY).seen;
    expect(seen.map(({ newsAt }) => newsAt)).toEqual([undefined, undefined]);
  });
});

describe('a later collection', () => {
  const old = aPost();
  const known = remember(NOTHING, collected([old]), MONDAY);

  it('makes a new post news at the moment it was seen', () => {
    const { seen } = changesOf(known, collected([old, aPost()]), TUESDAY);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.newsAt).toEqual(TUESDAY);
  });
  it('writes nothing for posts that did not change', () => {
    expect(changesOf(known, collected([old]), TUESDAY)).toMatchObject({ seen: [], withdrawn: [], broken: [] });
  });
  it('keeps the moment of news through an edit', () => {
    const edited = { ...old, title: 'Better words', bodyHash: 'other' };
    expect(changesOf(known, collected([edited]), TUESDAY).seen).toEqual([
      { uid: known.posts[0]?.uid, post: edited, newsAt: old.publishedAt },
    ]);
  });
  it('makes a draft news when it is first seen published', () => {
    const draft = aPost({ draft: true });
    const before = remember(NOTHING, collected([draft]), MONDAY);
    expect(changesOf(before, collected([{ ...draft, draft: false }]), TUESDAY).seen[0]?.newsAt).toEqual(TUESDAY);
  });
});

describe('identity', () => {
  const id = { id: 'a', url: 'https://blog.example.org/a/', path: 'posts/a.md' };
  const original = aPost({ keys: id });
  const known = remember(NOTHING, collected([original, aPost(), aPost()]), MONDAY);
  const others = (collection: readonly Post[]) => changesOf(known, collected(collection), TUESDAY, { accept: true });
  const uid = known.posts[0]?.uid;

  it.each([
    ['its id', { id: 'a', url: 'https://blog.example.org/new/', path: 'posts/new.md' }],
    ['its URL', { url: 'https://blog.example.org/a/', path: 'posts/new.md' }],
    ['its path', { url: 'https://blog.example.org/new/', path: 'posts/a.md' }],
  ])('is kept by %s', (_, keys) => {
    expect(others([aPost({ keys })]).seen[0]?.uid).toBe(uid);
  });
  it('is another one when both carry different ids', () => {
    expect(others([aPost({ keys: { ...id, id: 'b' }, title: 'New' })]).seen[0]?.uid).not.toBe(uid);
  });
  it('follows a post that moved with an equal body, once its old path is gone', () => {
    const moved = aPost({ keys: { path: 'archive/a.md' }, bodyHash: original.bodyHash });
    expect(others([moved]).seen[0]?.uid).toBe(uid);
    expect(others([original, moved]).seen.map((each) => each.uid)).not.toContain(uid);
  });
  it('follows a post that moved with an equal date and title', () => {
    const moved = aPost({ keys: { path: 'archive/a.md' }, title: original.title });
    expect(others([moved]).seen[0]?.uid).toBe(uid);
  });
  it('goes with the id when another post took over the path', () => {
    const renamed = { ...original, keys: { ...id, path: 'posts/z.md' } };
    const usurper = aPost({ keys: { url: 'https://blog.example.org/z/', path: 'posts/a.md' } });
    const { seen } = others([usurper, renamed]);
    expect(seen.find(({ post }) => post === renamed)?.uid).toBe(uid);
    expect(seen.find(({ post }) => post === usurper)?.uid).not.toBe(uid);
  });
});

describe('a post that is gone', () => {
  const [one, two, three] = [aPost(), aPost(), aPost()];
  const known = remember(NOTHING, collected([one, two, three]), MONDAY);

  it('is withdrawn by a complete listing, and not by a view', () => {
    expect(changesOf(known, collected([one, two]), TUESDAY).withdrawn).toEqual([known.posts[2]?.uid]);
    expect(changesOf(known, collected([one, two], { complete: false }), TUESDAY).withdrawn).toEqual([]);
  });
  it('is news again when it comes back and was never carried', () => {
    const without = remember(known, collected([one, two]), TUESDAY);
    const wednesday = new Date('2026-06-10T07:00:00Z');
    expect(changesOf(without, collected([one, two, three]), wednesday).seen[0]?.newsAt).toEqual(wednesday);
    const carried = { ...without, carried: new Set([known.posts[2]?.uid as string]) };
    expect(changesOf(carried, collected([one, two, three]), wednesday).seen[0]?.newsAt).toEqual(three.publishedAt);
  });
  it('is a fault of the source when more than half of the unsent posts go at once', () => {
    expect(() => changesOf(known, collected([one]), TUESDAY)).toThrow('shrunk: 2 of 3');
    expect(changesOf(known, collected([one]), TUESDAY, { accept: true }).withdrawn).toHaveLength(2);
    const mostlySent = { ...known, carried: new Set(known.posts.slice(1).map(({ uid }) => uid)) };
    expect(changesOf(mostlySent, collected([one]), TUESDAY).withdrawn).toHaveLength(2);
  });
  it('is broken, not withdrawn, while its file cannot be read', () => {
    const broken = {
      source: 'blog',
      keys: { path: three.keys.path as string },
      where: 'posts/3.md:2:1',
      message: 'no date',
    };
    const changes = changesOf(known, collected([one, two], { broken: [broken] }), TUESDAY);
    expect(changes.withdrawn).toEqual([]);
    expect(changes.broken).toEqual([{ uid: known.posts[2]?.uid, where: 'posts/3.md:2:1', message: 'no date' }]);
  });
  it('is broken, not withdrawn, when another post’s address was written into its file', () => {
    const clash = (post: Post, where: string) => ({
      source: 'blog',
      keys: { ...post.keys, url: one.keys.url as string },
      where,
      message: 'the same address',
    });
    const broken = [clash(one, 'posts/1.md:1:1'), clash(two, 'posts/2.md:1:1')];
    const onlyUnsent = { ...known, carried: new Set([known.posts[0]?.uid as string, known.posts[2]?.uid as string]) };
    const changes = changesOf(onlyUnsent, collected([three], { broken }), TUESDAY);
    expect(changes.withdrawn).toEqual([]);
    expect(changes.broken.map(({ uid, where }) => [uid, where])).toEqual([
      [known.posts[0]?.uid, 'posts/1.md:1:1'],
      [known.posts[1]?.uid, 'posts/2.md:1:1'],
    ]);
  });
  it('is broken at its own file, not at the copy that took its id', () => {
    const copied = aPost({ keys: { id: 'a', path: 'posts/a.md' } });
    const before = remember(NOTHING, collected([copied, one, two]), MONDAY);
    const clash = (path: string) => ({ source: 'blog', keys: { id: 'a', path }, where: `${path}:1:1`, message: '' });
    const broken = [clash('posts/a.md'), clash('posts/z-copy.md')];
    expect(changesOf(before, collected([one, two], { broken }), TUESDAY).broken).toMatchObject([
      { uid: before.posts[0]?.uid, where: 'posts/a.md:1:1' },
    ]);
    expect(changesOf(before, collected([one, two], { broken: broken.toReversed() }), TUESDAY).broken).toMatchObject([
      { uid: before.posts[0]?.uid, where: 'posts/a.md:1:1' },
    ]);
  });
});
