/**
 * Tells which collected posts are known already, and what the collection changed (laws §1.1, §1.6, §1.9, §1.10).
 * Pure: the store writes the changes it returns.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CollectionChanges, KnownPosts } from '../domain/ports.js';
import type { BrokenPost, Collection, KnownPost, Post, PostHead, PostKeys } from '../domain/post.js';
import { publishabilityAt } from '../domain/post.js';

export interface RecogniseInput {
  readonly collection: Collection;
  /** What the store remembers of this source. */
  readonly known: KnownPosts;
  readonly now: Date;
  readonly newUid: () => string;
  /** A person said that the missing posts are really gone. */
  readonly acceptWithdrawals: boolean;
}

export type Recognised =
  | { readonly kind: 'changes'; readonly changes: CollectionChanges }
  /** More than half of the unsent posts are missing: a fault of the source, not a withdrawal. */
  | { readonly kind: 'shrunk'; readonly missing: number; readonly of: number };

/** Compares one collection with what is remembered. */
export function recognisePosts(input: RecogniseInput): Recognised {
  const { collection, known, now } = input;
  const matches = matchPosts(collection, known);
  const byUid = new Map(known.posts.map((each) => [each.uid, each]));
  const missing = collection.complete ? known.posts.filter((each) => isMissing(each, matches.present)) : [];
  const unsent = (each: KnownPost) => each.withdrawnAt === undefined && !known.carried.has(each.uid);
  const of = known.posts.filter(unsent).length;
  const lost = missing.filter(unsent).length;
  if (lost * 2 > of && !input.acceptWithdrawals) return { kind: 'shrunk', missing: lost, of };

  const isFirst = !known.firstCollected.has(collection.source);
  const seen = collection.posts.flatMap((post) => {
    const before = byUid.get(matches.uids.get(post) ?? '');
    const newsAt = newsMoment({ post, before, isFirst, now, carried: known.carried });
    if (before && isUnchanged(before, post, newsAt)) return [];
    return [{ uid: before?.uid ?? input.newUid(), post, ...(newsAt && { newsAt }) }];
  });
  const broken = [...matches.broken].map(([uid, { where, message }]) => ({ uid, where, message }));
  const withdrawn = missing.map(({ uid }) => uid);
  const version = known.version === undefined ? {} : { version: known.version };
  const changes = { source: collection.source, ...version, collectedAt: now, seen, withdrawn, broken };
  return { kind: 'changes', changes };
}

function isMissing(known: KnownPost, present: ReadonlySet<string>): boolean {
  return known.withdrawnAt === undefined && !present.has(known.uid);
}

function isUnchanged(before: KnownPost, post: Post, newsAt: Date | undefined): boolean {
  const { body: _, ...head } = post;
  return (
    before.withdrawnAt === undefined &&
    before.broken === undefined &&
    before.newsAt?.getTime() === newsAt?.getTime() &&
    isDeepStrictEqual(before.post, head satisfies PostHead)
  );
}

/** When a reading makes a post news; what it was stays, unless it was withdrawn and never carried. */
function newsMoment(reading: {
  readonly post: Post;
  readonly before: KnownPost | undefined;
  readonly isFirst: boolean;
  readonly now: Date;
  readonly carried: ReadonlySet<string>;
}): Date | undefined {
  const { post, before, isFirst, now, carried } = reading;
  const isRestored = before?.withdrawnAt !== undefined && !carried.has(before.uid);
  if (before?.newsAt && !isRestored) return before.newsAt;
  if (publishabilityAt(post, now) !== 'publishable') return undefined;
  return isFirst ? post.publishedAt : now;
}

interface Matches {
  /** The known uid of each recognised post. */
  readonly uids: ReadonlyMap<Post, string>;
  /** Every known uid that is still there, readable or broken. */
  readonly present: ReadonlySet<string>;
  /** What is broken, by the known uid it is told of. */
  readonly broken: ReadonlyMap<string, BrokenPost>;
}

/**
 * Pairs collected posts with known ones. Surer keys go first for all posts, so that a post that took over another's
 * path does not take over its memory: id, then URL, then path, then a move.
 */
function matchPosts(collection: Collection, known: KnownPosts): Matches {
  const index = indexKeys(known);
  const uids = new Map<Post, string>();
  const present = new Set<string>();
  const claim = (post: Post, uid: string | undefined) => {
    if (uid === undefined || uids.has(post) || present.has(uid)) return;
    if (post.keys.id !== undefined && index.hasOtherId(uid, post.keys.id)) return;
    uids.set(post, uid);
    present.add(uid);
  };
  for (const kind of ['id', 'url', 'path'] as const) {
    for (const post of collection.posts) claim(post, index.find(kind, post.keys[kind]));
  }
  const broken = matchBroken(collection.broken, index, new Set(present));
  for (const uid of broken.keys()) present.add(uid);
  claimMoves(collection, known, present, claim, uids);
  return { uids, present, broken };
}

/**
 * Posts that clash name one another's keys: none of them is gone, whichever is meant. A breakage is told of the post of its
 * file before any other that its keys name; what can be read elsewhere is not broken.
 */
function matchBroken(
  entries: readonly BrokenPost[],
  index: KeyIndex,
  readable: ReadonlySet<string>,
): ReadonlyMap<string, BrokenPost> {
  const broken = new Map<string, BrokenPost>();
  const tell = (entry: BrokenPost, uid: string | undefined) => {
    if (uid !== undefined && !readable.has(uid) && !broken.has(uid)) broken.set(uid, entry);
  };
  const ownOf = ({ id, path }: PostKeys) => {
    const uid = index.find('path', path);
    return uid !== undefined && id !== undefined && index.hasOtherId(uid, id) ? undefined : uid;
  };
  for (const entry of entries) tell(entry, ownOf(entry.keys));
  for (const entry of entries) for (const uid of uidsNamed(entry.keys, index)) tell(entry, uid);
  return broken;
}

/** A move needs the old path gone in the same listing, and an equal body or an equal date and title (laws §1.9). */
function claimMoves(
  collection: Collection,
  known: KnownPosts,
  present: ReadonlySet<string>,
  claim: (post: Post, uid: string) => void,
  uids: ReadonlyMap<Post, string>,
): void {
  if (!collection.complete) return;
  const gone = known.posts.filter((each) => !present.has(each.uid));
  const byBody = new Map(gone.map((each) => [each.post.bodyHash, each.uid]));
  const byName = new Map(gone.map((each) => [nameOf(each.post), each.uid]));
  for (const post of collection.posts) {
    if (uids.has(post)) continue;
    const uid = byBody.get(post.bodyHash) ?? byName.get(nameOf(post));
    if (uid !== undefined) claim(post, uid);
  }
}

function nameOf(post: PostHead): string {
  return `${post.publishedAt.getTime()} ${post.title}`;
}

interface KeyIndex {
  find(kind: 'id' | 'url' | 'path', value: string | undefined): string | undefined;
  /** Whether a known post carries an id, and another one. */
  hasOtherId(uid: string, id: string): boolean;
}

function indexKeys(known: KnownPosts): KeyIndex {
  const uids = new Map(known.keys.map(({ kind, value, uid }) => [`${kind} ${value}`, uid]));
  const ids = new Map<string, Set<string>>();
  for (const { kind, value, uid } of known.keys) {
    if (kind === 'id') ids.set(uid, (ids.get(uid) ?? new Set()).add(value));
  }
  return {
    find: (kind, value) => (value === undefined ? undefined : uids.get(`${kind} ${value}`)),
    hasOtherId: (uid, id) => ids.has(uid) && !ids.get(uid)?.has(id),
  };
}

function uidsNamed(keys: PostKeys, index: KeyIndex): readonly string[] {
  return (['id', 'url', 'path'] as const).flatMap((kind) => index.find(kind, keys[kind]) ?? []);
}
