/**
 * Judges whether a listing that lacks known posts is believed (rule: withdrawn). Pure. One that has lost at least five posts
 * that could still be sent, and more than half of them, is a likely fault of the source: nothing is withdrawn until the next
 * two looks agree with it, or a person does. Drafts, future and broken posts do not count.
 */
import type { Suspicion } from '../domain/collecting.js';

export interface Listing {
  /** Everything that was known of the source and is not listed. */
  readonly missing: ReadonlySet<string>;
  /** The posts that could be sent and are not listed. */
  readonly lost: readonly string[];
  /** How many could be sent before. */
  readonly of: number;
  /** What was thought of the source at the look before. */
  readonly before: Suspicion | undefined;
  readonly now: Date;
  /** Which process looks. */
  readonly by: string;
  /** What a person said is really gone. */
  readonly accepted: Accepted;
  /** A reading that only shows the present state; it does not count towards the two that must agree. */
  readonly isGlance: boolean;
}

export type Accepted = 'all' | ReadonlySet<string>;

const FEWEST = 5;
/** The one that raises the suspicion, and the two that agree with it. */
const LOOKS = 3;
/** Several newsletters of one process read a source in one minute: that is one look. */
const ONE_LOOK_MS = 60_000;

/** The suspicion that remains after this reading; `undefined` when the listing is believed. */
export function judgeListing(listing: Listing): Suspicion | undefined {
  const { accepted, now, by, isGlance } = listing;
  if (accepted === 'all') return undefined;
  const lost = new Set(listing.lost.filter((uid) => !accepted.has(uid)));
  const before = listing.before?.missing.some((uid) => lost.has(uid)) ? listing.before : undefined;
  const of = before?.of ?? listing.of;
  if (lost.size < FEWEST || lost.size * 2 <= of) return undefined;
  const missing = [...lost];
  // A post that has expired meanwhile is missing still.
  if (!before?.missing.every((uid) => listing.missing.has(uid))) {
    return { since: now.getTime(), missing, of, looks: 1, lookedAt: now.getTime(), by };
  }
  const isOneLook = by === before.by && Math.abs(now.getTime() - before.lookedAt) < ONE_LOOK_MS;
  if (isGlance || isOneLook) return { ...before, missing };
  if (before.looks + 1 >= LOOKS) return undefined;
  return { ...before, missing, looks: before.looks + 1, lookedAt: now.getTime(), by };
}
