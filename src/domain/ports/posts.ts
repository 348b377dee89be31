/** The posts that were collected. */
import type { Suspicion } from '../collecting.js';
import type { Html } from '../html.js';
import type { BrokenPlace, KeptListing, KnownPost, Post, PostKeys } from '../post.js';
import type { PostOutcome } from '../selection.js';

export interface PostStore {
  /** What is remembered of these sources. */
  known(sources: readonly string[]): Promise<KnownPosts>;
  /** The same of the posts that have or had one of these keys, and no others: enough for a view that withdraws nothing. */
  knownAmong(sources: readonly string[], keys: readonly PostKeys[]): Promise<KnownPosts>;
  /** The sources whose latest listing is not believed, by name. */
  suspicions(): Promise<ReadonlyMap<string, Suspicion>>;
  /**
   * The posts an issue that looks back to `since` could carry, with what decides on them.
   * @param since absent: all posts
   * @param named keys of further posts
   */
  candidates(
    newsletter: string,
    sources: readonly string[],
    since: Date | undefined,
    named?: readonly string[],
  ): Promise<Candidates>;
  /** What was kept of the latest whole listing of these sources, where it is still true of their posts. */
  listings(sources: readonly string[]): Promise<ReadonlyMap<string, KeptListing>>;
  /** Posts of a source, published by then, that are not news yet. */
  notNews(source: string, at: Date): Promise<Pick<KnownPosts, 'posts'> & { readonly version: number }>;
  /** Writes what collections of several sources changed, in one transaction; `stale` when another came in between. */
  save(...changes: readonly CollectionChanges[]): Promise<'saved' | 'stale'>;
  /** What was kept of the bodies of these posts, by uid. */
  bodies(uids: readonly string[]): Promise<ReadonlyMap<string, KeptBody>>;
  /** Keeps what reading some bodies gave. A body that cannot be read leaves the one before, which an archive shows. */
  keepBodies(bodies: ReadonlyMap<string, KeptBody>): Promise<void>;
}

/** What reading a body gave. */
export interface KeptBody {
  /** `bodyKeyOf` the post at that time. */
  readonly key: string;
  readonly body?: Html;
  /** Why it cannot be read. */
  readonly broken?: BrokenPlace;
}

/** Posts that are news after a moment, carried over, missed or named, and the ones that share a URL with them. */
export interface Candidates {
  readonly posts: readonly KnownPost[];
  /** Whose keys the named ones are. */
  readonly keys: readonly KnownKey[];
  readonly outcomes: ReadonlyMap<string, PostOutcome>;
}

export interface KnownPosts {
  /** Changes with every collection that brings something. */
  readonly version?: number;
  /** Without bodies. */
  readonly posts: readonly KnownPost[];
  readonly keys: readonly KnownKey[];
  /** When each source was first collected with success. */
  readonly firstCollected: ReadonlyMap<string, Date>;
  /** When each source was last listed whole. */
  readonly lookedAt: ReadonlyMap<string, Date>;
  readonly suspicions: ReadonlyMap<string, Suspicion>;
  /** The uids that some newsletter has carried. */
  readonly carried: ReadonlySet<string>;
}

/** A key that a post has, or once had; several posts may have had one key after another (rule: identity). */
export interface KnownKey {
  readonly source: string;
  readonly kind: 'id' | 'url' | 'path';
  readonly value: string;
  readonly uid: string;
}

export interface CollectionChanges {
  readonly source: string;
  /** `KnownPosts.version` that the posts were recognised against; absent: written in any case. */
  readonly version?: number;
  readonly collectedAt: Date;
  /** New posts and new readings of known ones; the uid is the caller's. A reading clears `broken` and `withdrawnAt`. */
  readonly seen: readonly { readonly uid: string; readonly post: Post; readonly newsAt?: Date }[];
  readonly withdrawn: readonly string[];
  /** Posts known by uid that cannot be used while this holds. */
  readonly broken: readonly { readonly uid: string; readonly where: string; readonly message: string }[];
  /** What a whole listing says of its source; absent for a view. */
  readonly look?: { readonly suspicion?: Suspicion; readonly kept?: KeptListing };
}
