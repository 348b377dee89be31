/** What the public archive asks of the store: by key or by page, whatever the number of posts, issues and readers. */
import type { Issue } from '../issue.js';
import type { KnownPost } from '../post.js';
import type { FrozenEdition } from './ledger.js';

export interface ArchiveStore {
  /** Issues that everybody may read, newest first. An issue is published with its first message. */
  issues(newsletter: string, part: Part): Promise<readonly Issue[]>;
  /** `undefined` when no issue of that number was sent. */
  issue(newsletter: string, number: number): Promise<Issue | undefined>;
  /** The edition of an issue with the most posts; of several, one in that language. */
  fullestEdition(issue: number, language: string): Promise<FrozenEdition | undefined>;
  /** The posts of a section that may be shown at a moment, newest first. */
  posts(newsletter: string, section: string, now: Date, part: Part): Promise<readonly KnownPost[]>;
  /** These posts, newest first; those that no page may show any more are left out. */
  readable(uids: readonly string[], now: Date): Promise<readonly KnownPost[]>;
  /** Of these posts, the ones that no page may show any more: withdrawn, expired, or drafts again. */
  gone(uids: readonly string[], now: Date): Promise<ReadonlySet<string>>;
  /**
   * Changes with whatever the archive of a newsletter shows, except by the passing of time.
   * `isStale`: some posts changed since `update` was last called to its end.
   */
  state(newsletter: string): Promise<{ readonly version: string; readonly isStale: boolean }>;
  /** Works out again where changed posts are shown, a few hundred at a time. False once all have been. */
  update(placing: Placing): Promise<boolean>;
}

/** A part of a list. */
export interface Part {
  readonly limit: number;
  readonly skip: number;
}

/** How posts get their places. */
export interface Placing {
  /** Newsletters with a text of the settings that `place` depends on: when it changes, every post is placed again. */
  readonly settings: ReadonlyMap<string, string>;
  /** The places of posts, of which each comes with all others that have its URL. Pure. */
  place(posts: readonly KnownPost[]): readonly PostPlace[];
}

/** A section of a newsletter that shows a post. */
export interface PostPlace {
  readonly newsletter: string;
  readonly section: string;
  readonly uid: string;
}
