import { describe, expect, it } from 'vitest';
import type { CollectionChanges, KnownKey, KnownPosts } from '../../src/domain/ports/posts.js';
import type { Collection, KnownPost, Post } from '../../src/domain/post.js';
import { recognisePosts } from '../../src/select/recognise-posts.js';
import { aPost } from '../support/builders.js';

const MONDAY = new Date('2026-06-08T07:00:00Z');
const TUESDAY = new Date('2026-06-09T07:00:00Z');

const NOTHING: KnownPosts = {
  posts: [],
  keys: [],
  firstCollected: new Map(),
  lookedAt: new Map(),
  suspicions: new Map(),
  carried: new Set(),
};

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
  const suspicion = changes.look?.suspicion;
  const looks = { lookedAt: new Map([['blog', now]]), suspicions: new Map(suspicion ? [['blog', suspicion]] : []) };
  return { ...known, posts: [...posts.values()], keys, firstCollected, ...looks };
}

function changesOf(known: KnownPosts, collection: Collection, now: Date, { accept = false } = {}) {
  let serial = known.posts.length;
  const newUid = () => {
    serial += 1;
    return `uid-${serial}`;
  };
  const accepted = accept ? 'all' : new Set<string>();
  const input = { collections: [collection], known, now, newUid, accepted, by: 'a process', isGlance: false } as const;
  return recognisePosts(input).changes[0] as CollectionChanges;
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
  it('is another one where nothing but the name is the same', () => {
    const other = aPost({ keys: { path: 'posts/a.md', url: id.url }, title: 'New', publishedAt: TUESDAY });
    expect(others([other]).seen[0]?.uid).not.toBe(uid);
  });
  it('is kept when its id is written anew in a file that is the same in all else', () => {
    expect(others([{ ...original, keys: { ...id, id: 'b' } }]).seen[0]?.uid).toBe(uid);
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

describe('a listing that lacks most of what could be sent', () => {
  const posts = Array.from({ length: 9 }, () => aPost());
  const known = remember(NOTHING, collected(posts), MONDAY);
  const minute = (nth: number) => new Date(TUESDAY.getTime() + nth * 60_000);
  const left = (count: number) => collected(posts.slice(0, count));

  it('is believed below five posts, and up to one half', () => {
    const few = remember(NOTHING, collected(posts.slice(0, 4)), MONDAY);
    expect(changesOf(few, collected([]), TUESDAY).withdrawn).toHaveLength(4);
    expect(changesOf(known, left(4), TUESDAY)).toMatchObject({
      withdrawn: [],
      look: { suspicion: { of: 9, looks: 1 } },
    });
    const ten = remember(known, collected([...posts, aPost()]), MONDAY);
    expect(
      changesOf(ten, collected([...posts.slice(0, 4), ten.posts[9]?.post as Post]), TUESDAY).withdrawn,
    ).toHaveLength(5);
  });
  it('does not count what was carried, is a draft, lies in the future or is broken', () => {
    const sent = { ...known, carried: new Set(known.posts.slice(1).map(({ uid }) => uid)) };
    expect(changesOf(sent, left(1), TUESDAY).withdrawn).toHaveLength(8);
    for (const state of [{ draft: true }, { publishedAt: new Date('2027-01-01T00:00:00Z') }]) {
      const others = remember(
        NOTHING,
        collected(posts.map((post, nth) => (nth < 4 ? post : { ...post, ...state }))),
        MONDAY,
      );
      expect(changesOf(others, collected([]), TUESDAY).withdrawn).toHaveLength(9);
    }
  });
  it('keeps what is missing back, and gives nothing up', () => {
    const after = remember(known, left(3), TUESDAY);
    expect(after.posts.filter(({ broken }) => broken).map(({ broken }) => broken?.where)).toEqual(
      Array(6).fill('source blog'),
    );
    expect(changesOf(after, left(3), minute(1)).broken).toEqual([]);
    expect(remember(after, collected(posts), minute(1)).posts.some(({ broken }) => broken)).toBe(false);
  });
  it('takes what is new all the same', () => {
    const fresh = aPost();
    expect(changesOf(known, collected([fresh]), TUESDAY).seen).toEqual([
      { uid: 'uid-10', post: fresh, newsAt: TUESDAY },
    ]);
  });
  it('counts when two more looks agree, those of one process a minute apart', () => {
    const first = remember(known, left(3), TUESDAY);
    const again = remember(first, left(3), new Date(TUESDAY.getTime() + 1));
    expect(again.suspicions.get('blog')?.looks).toBe(1);
    const second = remember(again, collected([...posts.slice(0, 3), aPost()]), minute(1));
    expect(second.suspicions.get('blog')).toMatchObject({ looks: 2, since: TUESDAY.getTime() });
    const third = changesOf(second, left(3), minute(2));
    expect(third.withdrawn).toHaveLength(7);
    expect(third.look).toEqual({});
  });
  it('goes on counting when one of the missing has expired meanwhile', () => {
    const expiring = posts.map((post, nth) => (nth === 8 ? { ...post, expiresAt: minute(1) } : post));
    const first = remember(remember(NOTHING, collected(expiring), MONDAY), left(2), TUESDAY);
    expect(changesOf(first, left(2), minute(2)).look?.suspicion).toMatchObject({ looks: 2, of: 9 });
  });
  it('begins anew when some are back and most are not, and ends when most are', () => {
    const twice = remember(remember(known, left(1), TUESDAY), left(1), minute(1));
    expect(changesOf(twice, left(3), minute(2)).look?.suspicion).toMatchObject({ looks: 1, of: 9 });
    const ended = changesOf(twice, left(5), minute(2));
    expect(ended.look).toEqual({});
    expect(ended.withdrawn).toHaveLength(4);
  });
  it('is answered by a person for the posts they were shown, and for no others', () => {
    const { uid } = known.posts[8] as KnownPost;
    const input = {
      collections: [left(1)],
      known,
      now: TUESDAY,
      newUid: () => 'new',
      by: 'a process',
      isGlance: false,
    };
    const [changes] = recognisePosts({ ...input, accepted: new Set([uid]) }).changes;
    expect(changes?.withdrawn).toEqual([uid]);
    expect(changes?.look?.suspicion?.missing).toHaveLength(7);
  });
});
