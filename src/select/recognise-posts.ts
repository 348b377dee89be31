/**
 * Tells which collected posts are known already, and what a look at the sources changed (rules: identity, withdrawn,
 * news-since-last-issue, edits-are-not-news). Pure: the store writes the changes it returns.
 */
import { isDeepStrictEqual } from 'node:util';
import { suspicionPlace } from '../domain/collecting.js';
import type { CollectionChanges, KnownPosts } from '../domain/ports/posts.js';
import type { Collection, KnownPost, Post, PostHead } from '../domain/post.js';
import { publishabilityAt } from '../domain/post.js';
import { type Accepted, judgeListing } from './judge-listing.js';
import { type Matches, matchPosts } from './match-posts.js';

export interface RecogniseInput {
  /** One for each source that was read. */
  readonly collections: readonly Collection[];
  /** What the store remembers of these sources, and of those that share a newsletter with them. */
  readonly known: KnownPosts;
  readonly now: Date;
  readonly newUid: () => string;
  /** Which process looks. */
  readonly by: string;
  /** What a person said is really gone. */
  readonly accepted: Accepted;
  /** Nothing is sent after this reading: it does not count towards those that must agree. */
  readonly isGlance: boolean;
}

export interface Recognised {
  /** One for each collection. */
  readonly changes: readonly CollectionChanges[];
  /** Sources to be read along before this is sure. */
  readonly unread: ReadonlySet<string>;
}

/** Compares what was collected with what is remembered. */
export function recognisePosts(input: RecogniseInput): Recognised {
  const matches = matchPosts(input.collections, input.known);
  const byUid = new Map(input.known.posts.map((each) => [each.uid, each]));
  const present = new Set([...matches.uids.values(), ...matches.broken.keys()]);
  const changes = input.collections.map((collection) => changesOf(input, collection, matches, byUid, present));
  return { changes, unread: matches.unread };
}

function changesOf(
  input: RecogniseInput,
  collection: Collection,
  matches: Matches,
  byUid: ReadonlyMap<string, KnownPost>,
  present: ReadonlySet<string>,
): CollectionChanges {
  const { known, now } = input;
  const { source, complete } = collection;
  const seen = collection.posts.flatMap((post) => {
    const before = byUid.get(matches.uids.get(post) ?? '');
    const newsAt = newsMoment(post, before, input);
    if (before && isUnchanged(before, post, newsAt)) return [];
    return [{ uid: before?.uid ?? input.newUid(), post, ...(newsAt && { newsAt }) }];
  });
  const version = known.version === undefined ? {} : { version: known.version };
  const broken = [...matches.broken].flatMap(([uid, { where, message }]) =>
    byUid.get(uid)?.post.source === source ? [{ uid, where, message }] : [],
  );
  const common = { source, ...version, collectedAt: now, seen };
  if (!complete) return { ...common, withdrawn: [], broken: changed(broken, byUid) };

  const here = known.posts.filter(({ post, withdrawnAt }) => post.source === source && !withdrawnAt);
  const missing = here.filter(({ uid }) => !present.has(uid));
  const couldBeSent = ({ uid, post, broken: trouble }: KnownPost) =>
    !known.carried.has(uid) &&
    (!trouble || trouble.where === suspicionPlace(source)) &&
    publishabilityAt(post, now) === 'publishable';
  const suspicion = judgeListing({
    missing: new Set(missing.map(({ uid }) => uid)),
    lost: missing.filter(couldBeSent).map(({ uid }) => uid),
    of: here.filter(couldBeSent).length,
    before: known.suspicions.get(source),
    now,
    by: input.by,
    accepted: input.accepted,
    isGlance: input.isGlance,
  });
  const isGone = ({ uid }: KnownPost) => !suspicion || (input.accepted !== 'all' && input.accepted.has(uid));
  const inQuestion = missing.filter((each) => !isGone(each) && !each.broken);
  const unlisted = {
    where: suspicionPlace(source),
    message: 'Its source lists too few posts; it waits until that is certain.',
  };
  return {
    ...common,
    withdrawn: missing.filter(isGone).map(({ uid }) => uid),
    broken: changed([...broken, ...inQuestion.map(({ uid }) => ({ uid, ...unlisted }))], byUid),
    look: suspicion ? { suspicion } : { ...keptListing(collection) },
  };
}

/** A listing that is not believed is looked at again, even if it does not change. */
function keptListing({ listing, broken, notes }: Collection): CollectionChanges['look'] {
  return listing === undefined ? {} : { kept: { listing, broken, ...(notes && { notes }) } };
}

function changed(
  broken: CollectionChanges['broken'],
  byUid: ReadonlyMap<string, KnownPost>,
): CollectionChanges['broken'] {
  return broken.filter(({ uid, where, message }) => {
    const before = byUid.get(uid)?.broken;
    return before?.where !== where || before.message !== message;
  });
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
function newsMoment(post: Post, before: KnownPost | undefined, { known, now }: RecogniseInput): Date | undefined {
  const isRestored =
    before?.withdrawnAt !== undefined && !known.carried.has(before.uid) && !hasMoved(post, before, known);
  if (before?.newsAt && !isRestored) return before.newsAt;
  if (publishabilityAt(post, now) !== 'publishable') return undefined;
  return known.firstCollected.has(post.source) ? now : post.publishedAt;
}

/** Whether a post left another source since this one was looked at: it was never away. */
function hasMoved({ source }: Post, { withdrawnAt, post }: KnownPost, { lookedAt }: KnownPosts): boolean {
  const before = lookedAt.get(source);
  return post.source !== source && before !== undefined && withdrawnAt !== undefined && withdrawnAt > before;
}
