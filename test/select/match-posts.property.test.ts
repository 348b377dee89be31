/**
 * Files that are renamed, moved, swapped, edited, deleted, restored and used again at random between looks at two sources of
 * one newsletter, held against who each post truly is (rule: identity).
 *
 * The oracle asks for a post's memory wherever its last known state and its present one agree so that nobody could doubt it
 * (`isSure`), and nobody else comes as near. It accepts that a post is taken for new where they do not: renamed or restored
 * elsewhere with two of title, date and body rewritten, or all three rewritten in place. And it never accepts that a post gets
 * the memory of another that it does not look like (`looksLike`).
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KnownKey, KnownPosts } from '../../src/domain/ports/posts.js';
import type { Collection, KnownPost, Post } from '../../src/domain/post.js';
import { matchPosts } from '../../src/select/match-posts.js';
import { recognisePosts } from '../../src/select/recognise-posts.js';
import { aBody, aPost, DAY_MS } from '../support/builders.js';

const SOURCES = ['blog', 'notes'] as const;
const START_MS = Date.parse('2026-06-01T00:00:00Z');
/** What many posts have, and what therefore tells nothing. */
const COMMON_TITLE = 'Note';
const COMMON_BODY = 'the same picture';

/** A post as it truly is, whatever its file is called. */
interface Truth {
  readonly who: number;
  readonly source: string;
  readonly path: string;
  readonly id?: string;
  readonly title: string;
  readonly day: number;
  readonly body: string;
}

const OPERATIONS = [
  'write',
  'rename',
  'move',
  'cross',
  'swap',
  'title',
  'body',
  'day',
  'id',
  'delete',
  'restore',
  'reuse',
  'copy',
] as const;
type Operation = { readonly kind: (typeof OPERATIONS)[number]; readonly which: number; readonly how: number };

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom(...OPERATIONS),
  which: fc.nat(1_000),
  how: fc.nat(1_000),
});
const look = fc.record({
  operations: fc.array(operation, { maxLength: 5 }),
  sources: fc.constantFrom<readonly string[]>(SOURCES, SOURCES, ['blog'], ['notes']),
});

/** Two folders that people work in. */
function openWorld() {
  let files: readonly Truth[] = [];
  const deleted: Truth[] = [];
  let serial = 0;
  const next = () => {
    serial += 1;
    return serial;
  };
  const fresh = (word: string) => `${word} ${next()}`;
  const newPath = () => `post-${next()}.md`;
  const isFree = (source: string, path: string) => !files.some((each) => each.source === source && each.path === path);
  const put = (before: Truth, after: Partial<Truth>) => {
    files = files.map((each) => (each === before ? { ...each, ...after } : each));
  };
  const write = (source: string, path: string, how: number) => {
    const file: Truth = {
      who: next(),
      source,
      path,
      title: how % 5 === 0 ? COMMON_TITLE : fresh('Title'),
      day: how % 4 === 0 ? 0 : next(),
      body: how % 3 === 0 ? COMMON_BODY : fresh('body'),
    };
    files = [...files, how % 6 === 0 ? { ...file, id: fresh('id') } : file];
  };

  const operations: { readonly [kind in Operation['kind']]: (file: Truth, how: number, other: Truth) => void } = {
    write: (_, how) => write(SOURCES[how % 2] as string, newPath(), how),
    rename: (file) => put(file, { path: newPath() }),
    move: (file) => put(file, { path: `${fresh('folder')}/${nameOf(file)}` }),
    cross: (file) => {
      const source = SOURCES.find((name) => name !== file.source) as string;
      put(file, { source, path: isFree(source, file.path) ? file.path : newPath() });
    },
    swap: (file, _, other) => {
      const placeOf = ({ source, path }: Truth) => ({ source, path });
      files = files.map((each) =>
        each === file ? { ...each, ...placeOf(other) } : each === other ? { ...each, ...placeOf(file) } : each,
      );
    },
    title: (file) => put(file, { title: fresh('Title') }),
    body: (file, how) => put(file, { body: how % 3 === 0 ? COMMON_BODY : fresh('body') }),
    day: (file) => put(file, { day: next() }),
    id: (file) => {
      const { id, ...rest } = file;
      files = files.map((each) => (each !== file ? each : id === undefined ? { ...rest, id: fresh('id') } : rest));
    },
    delete: (file) => {
      files = files.filter((each) => each !== file);
      deleted.push(file);
    },
    restore: (_, how) => {
      const back = deleted[how % Math.max(1, deleted.length)];
      if (!back || files.some(({ who }) => who === back.who)) return;
      files = [...files, isFree(back.source, back.path) ? back : { ...back, path: newPath() }];
    },
    reuse: (file, how) => {
      put(file, { path: newPath() });
      write(file.source, file.path, how);
    },
    copy: (file) => {
      files = [...files, { ...file, who: next(), path: newPath() }];
    },
  };

  return {
    files: () => files,
    write: (how: number) => write(SOURCES[how % 2] as string, newPath(), how),
    apply: ({ kind, which, how }: Operation) => {
      const file = files[which % Math.max(1, files.length)];
      if (file) operations[kind](file, how, files[how % files.length] as Truth);
    },
  };
}

function nameOf({ path }: Truth): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function postOf(file: Truth): Post {
  const url = urlOf(file);
  return aPost({
    source: file.source,
    keys: { path: file.path, url, ...(file.id !== undefined && { id: file.id }) },
    url,
    title: file.title,
    publishedAt: new Date(START_MS - file.day * 60_000),
    bodyHash: file.body,
    body: aBody(file.body),
    place: file.path,
  });
}

/** Half of the sites keep addresses when a file changes its folder or source. */
function urlOf({ source, path }: Truth): string {
  const slug = path.slice(path.lastIndexOf('/') + 1);
  return slug.length % 2 === 0 ? `https://example.org/${slug}/` : `https://${source}.example.org/${path}/`;
}

/** Titles and bodies that several posts have. */
function sharedAmong(truths: readonly Truth[]): ReadonlySet<string> {
  const all = truths.flatMap(({ title, body }) => [title, body]);
  return new Set(all.filter((text, index) => all.indexOf(text) !== index));
}

function agreement(before: Truth, now: Truth, shared: ReadonlySet<string> = new Set()) {
  const inSource = before.source === now.source;
  return {
    inSource,
    path: inSource && before.path === now.path,
    url: urlOf(before) === urlOf(now),
    id: before.id !== undefined && before.id === now.id,
    otherId: before.id !== undefined && now.id !== undefined && before.id !== now.id,
    title: before.title === now.title,
    day: before.day === now.day,
    body: before.body === now.body,
    slug: before.path.split('/').at(-1) === now.path.split('/').at(-1),
    tells:
      (before.title === now.title && !shared.has(now.title)) || (before.body === now.body && !shared.has(now.body)),
  };
}

const count = (...facts: readonly boolean[]) => facts.filter(Boolean).length;

/** Whether anybody could take the one for the other. */
function looksLike(before: Truth, now: Truth): boolean {
  const { id, path, url, title, day, body, slug } = agreement(before, now);
  return id || ((path || url) && (title || day || body)) || count(title, day, body, slug) >= 2;
}

/** Whether nobody could doubt that it is the same. @param wasThere listed at the look before */
function isSure(before: Truth, now: Truth, wasThere: boolean, shared: ReadonlySet<string>): boolean {
  const { inSource, id, otherId, path, url, title, day, body, slug, tells } = agreement(before, now, shared);
  const isExact = title && day && body;
  if (isExact && path) return true;
  if (otherId) return false;
  if (id) return inSource || url || title || body || day;
  if ((path || url) && tells) return true;
  if (!wasThere) return false;
  return tells && count(title, day, body, slug) >= 2;
}

/** What a store would remember. */
function openMemory() {
  const posts = new Map<string, KnownPost>();
  const keys = new Map<string, KnownKey>();
  const [firstCollected, lookedAt] = [new Map<string, Date>(), new Map<string, Date>()];
  let serial = 0;
  const known = (): KnownPosts => ({
    posts: [...posts.values()],
    keys: [...keys.values()],
    carried: new Set(),
    suspicions: new Map(),
    firstCollected,
    lookedAt,
  });
  function collect(collections: readonly Collection[], all: readonly Collection[], now: Date): Map<Post, string> {
    const newUid = () => {
      serial += 1;
      return `uid-${serial}`;
    };
    const input = { known: known(), now, newUid, by: 'a process', accepted: 'all', isGlance: false } as const;
    const { unread } = recognisePosts({ ...input, collections });
    if (unread.size > 0 && collections.length < all.length) return collect(all, all, now);
    const uids = new Map(matchPosts(collections, known()).uids);
    for (const { source, seen, withdrawn } of recognisePosts({ ...input, collections }).changes) {
      for (const { uid, post } of seen) {
        uids.set(post, uid);
        const { body: _, ...head } = post;
        posts.set(uid, { uid, post: head, newsAt: now });
        for (const kind of ['id', 'url', 'path'] as const) {
          const value = post.keys[kind];
          if (value !== undefined) keys.set([source, kind, value, uid].join(' '), { source, kind, value, uid });
        }
      }
      for (const uid of withdrawn) posts.set(uid, { ...(posts.get(uid) as KnownPost), withdrawnAt: now });
    }
    for (const { source } of collections) {
      firstCollected.set(source, firstCollected.get(source) ?? now);
      lookedAt.set(source, now);
    }
    return uids;
  }
  return { collect, known, lookedAt: (source: string) => lookedAt.get(source) };
}

/** One look after another at a world, each held against who every post is. */
function openOracle() {
  const memory = openMemory();
  const world = openWorld();
  /** Each post as it was when it was last listed. */
  const last = new Map<number, { readonly truth: Truth; readonly uid: string }>();
  /** Whom each uid stood for when it was last listed, and where it has been. */
  const owners = new Map<string, Truth>();
  const places = new Map<string, Truth[]>();
  /** The words it had last, under any key it ever had. */
  const couldBe = (uid: string, truth: Truth) => {
    const { title, day, body } = owners.get(uid) as Truth;
    return (places.get(uid) ?? []).some((place) => looksLike({ ...place, title, day, body }, truth));
  };
  const judged = { sure: 0, doubtful: 0 };

  function look(sources: readonly string[], nth: number): void {
    const truths = new Map(world.files().map((file) => [postOf(file), file]));
    const collections = SOURCES.map((source): Collection => {
      const posts = [...truths.keys()].filter((post) => post.source === source);
      return { source, posts: posts.sort((a, b) => (a.place < b.place ? -1 : 1)), broken: [], complete: true };
    });
    const before = memory.known();
    const asked = collections.filter(({ source }) => sources.includes(source));
    const uids = memory.collect(asked, collections, new Date(START_MS + nth * DAY_MS));
    expect(new Set(uids.values()).size).toBe(uids.size);
    const listed = [...uids].map(([post, uid]) => ({ truth: truths.get(post) as Truth, uid }));
    for (const { truth, uid } of listed)
      judge(
        truth,
        uid,
        listed.map((each) => each.truth),
        before,
      );
    for (const { truth, uid } of listed) {
      last.set(truth.who, { truth, uid });
      owners.set(uid, truth);
      places.set(uid, [...(places.get(uid) ?? []), truth]);
    }
  }

  function judge(truth: Truth, uid: string, listed: readonly Truth[], before: KnownPosts): void {
    const owner = owners.get(uid);
    if (owner && owner.who !== truth.who) expect(couldBe(uid, truth), show(owner, truth)).toBe(true);
    const own = last.get(truth.who);
    if (!own || owners.get(own.uid)?.who !== truth.who) return;
    const withdrawnAt = before.posts.find((each) => each.uid === own.uid)?.withdrawnAt;
    const lookedAt = before.lookedAt.get(truth.source);
    const isFromElsewhere = own.truth.source !== truth.source;
    const wasThere = !withdrawnAt || (isFromElsewhere && lookedAt !== undefined && withdrawnAt > lookedAt);
    const shared = new Set([...sharedAmong([...owners.values()]), ...sharedAmong(listed)]);
    const rivals = [
      ...listed.filter((each) => each !== truth && couldBe(own.uid, each)).map((each) => [own.truth, each] as const),
      ...[...owners].flatMap(([other, each]) =>
        other !== own.uid && couldBe(other, truth) ? [[each, truth] as const] : [],
      ),
    ];
    const { path, tells } = agreement(own.truth, truth, shared);
    const isExact = isSameText(own.truth, truth);
    // Nobody comes as near as a post that says the same as before, at its place or with words of its own.
    const isBest =
      rivals.length === 0 ||
      (isExact && path) ||
      (isExact && tells && !rivals.some(([one, other]) => isSameText(one, other) || agreement(one, other).id));
    if (isBest && isSure(own.truth, truth, wasThere, shared)) {
      judged.sure += 1;
      // One that was taken for new before may come back as what it was first.
      const isOwn = uid === own.uid || places.get(uid)?.at(-1)?.who === truth.who;
      expect(isOwn, show(own.truth, truth)).toBe(true);
    } else judged.doubtful += 1;
  }

  return { world, look, judged };
}

function isSameText(one: Truth, other: Truth): boolean {
  return one.title === other.title && one.day === other.day && one.body === other.body;
}

it('A post keeps its memory through whatever is done to files, and gets nobody else’s', () => {
  const total = { sure: 0, doubtful: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000), { minLength: 4, maxLength: 12 }),
      fc.array(look, { maxLength: 8 }),
      (first, looks) => {
        const oracle = openOracle();
        for (const how of first) oracle.world.write(how);
        oracle.look(SOURCES, 0);
        looks.forEach(({ operations, sources }, index) => {
          for (const each of operations) oracle.world.apply(each);
          oracle.look(sources, index + 1);
        });
        total.sure += oracle.judged.sure;
        total.doubtful += oracle.judged.doubtful;
      },
    ),
    { numRuns: 300 },
  );
  // The oracle has an opinion nearly always.
  expect(total.sure).toBeGreaterThan(4 * total.doubtful);
});

function show(before: Truth, now: Truth): string {
  return `${JSON.stringify(before)} → ${JSON.stringify(now)}`;
}

it('A file that is read alone holds the post it holds among all files, while its title or body stays', () => {
  const edit = fc.record({ nth: fc.nat(100), title: fc.boolean(), day: fc.boolean(), body: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 10 }), edit, (first, { nth, title, day, body }) => {
      const world = openWorld();
      for (const how of first) world.write(how);
      const files = world.files().filter(({ source }) => source === 'blog');
      const memory = openMemory();
      const listing = (posts: readonly Post[], complete = true): Collection => ({
        source: 'blog',
        posts,
        broken: [],
        complete,
      });
      const all = [listing(files.map(postOf))];
      const uids = memory.collect(all, all, new Date(START_MS));
      const file = files[nth % Math.max(1, files.length)];
      if (!file || (title && body)) return;
      const edited = postOf({
        ...file,
        ...(title && { title: 'New' }),
        ...(day && { day: -1 }),
        ...(body && { body: 'new' }),
      });
      const known = memory.known();
      const own = [...uids].find(([post]) => post.place === file.path)?.[1];
      const among = known.posts.filter(({ uid }) => uid === own);
      const alone = matchPosts([listing([edited], false)], { ...known, posts: among });
      const whole = matchPosts([listing(files.map((each) => (each === file ? edited : postOf(each))))], known);
      expect(alone.uids.get(edited)).toBe(own);
      expect(whole.uids.get(edited)).toBe(own);
    }),
    { numRuns: 300 },
  );
});
