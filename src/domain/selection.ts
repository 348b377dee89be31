import type { KnownPost } from './post.js';

/** Why a post is out of an issue (rule: one-reason). */
export type OutReason =
  | { readonly kind: 'draft' | 'future' | 'expired' | 'before-baseline' | 'too-old' | 'withdrawn' | 'filtered' }
  /** Its author keeps it out of newsletters. */
  | { readonly kind: 'opted-out' }
  /** Issue 0: another program mailed it, before Gazette. */
  | { readonly kind: 'carried'; readonly issue: number }
  | { readonly kind: 'duplicate-of'; readonly id: string }
  | { readonly kind: 'held-over'; readonly why: CarriedOverWhy }
  | { readonly kind: 'broken'; readonly where: string; readonly message: string }
  | { readonly kind: 'left-out-by-editor' };

export type CarriedOverWhy = 'limit' | 'min-posts' | 'skipped' | 'vetoed' | 'cancelled';

/** Why a post is in an issue. */
export type InReason = { readonly kind: 'news' | 'held-over' | 'pinned' | 'brought-in' };

/** What was decided on one post. */
export type Verdict =
  | { readonly known: KnownPost; readonly in: true; readonly reason: InReason }
  | { readonly known: KnownPost; readonly in: false; readonly reason: OutReason };

/** What a newsletter remembers of a post from its earlier issues and skipped occurrences. */
export type PostOutcome =
  | { readonly kind: 'carried'; readonly issue: number }
  | { readonly kind: 'held-over'; readonly why: CarriedOverWhy }
  | { readonly kind: 'left-out-by-editor' }
  | { readonly kind: 'too-old' }
  /** It was news, and at the cut-off it could not be shown: broken, a draft, future, expired or withdrawn. */
  | { readonly kind: 'missed' };

/** The outcome of choosing: an ordered list of posts, and a verdict on every post there is. */
export interface Selection {
  readonly outcome: 'issue' | 'nothing-new' | 'too-few';
  /** Pinned first, then by age, oldest first. Empty unless the outcome is `issue`. */
  readonly chosen: readonly KnownPost[];
  /** How many posts are carried over because of `maxPosts`. */
  readonly carriedOver: number;
  /** Posts that are news and cannot be shown at this cut-off: they are still news once they can be. */
  readonly missed: readonly KnownPost[];
  /** One verdict for each post given, in the order they were published. */
  readonly verdicts: readonly Verdict[];
}

/** A reason as people and `--json` see it: `carried(#3)`, `held-over(limit)`, `broken(posts/a.md:2:1)`. */
export function reasonText(reason: InReason | OutReason): string {
  switch (reason.kind) {
    case 'carried':
      return reason.issue === 0 ? 'carried(before)' : `carried(#${reason.issue})`;
    case 'duplicate-of':
      return `duplicate-of(${reason.id})`;
    case 'broken':
      return `broken(${reason.where})`;
    case 'held-over':
      return 'why' in reason ? `held-over(${reason.why})` : 'held-over';
    default:
      return reason.kind;
  }
}
