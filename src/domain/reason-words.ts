/** Why a post is in or out of an issue, and why a reader gets no mail, for people. */
import type { SkipReason } from './delivery.js';
import type { InReason, OutReason } from './selection.js';

/** A sentence without its full stop. */
export function reasonWords(reason: InReason | OutReason): string {
  switch (reason.kind) {
    case 'news':
      return 'new since the last issue';
    case 'pinned':
      return 'pinned by the editor';
    case 'brought-in':
      return 'added by the editor';
    case 'left-out-by-editor':
      return 'excluded by the editor';
    case 'draft':
      return 'a draft';
    case 'future':
      return 'not published yet';
    case 'expired':
      return 'expired';
    case 'withdrawn':
      return 'removed from its source';
    case 'opted-out':
      return 'kept out of newsletters by its front matter';
    case 'filtered':
      return 'filtered by this newsletter’s sources';
    case 'before-baseline':
      return 'older than the first issue looks back';
    case 'too-old':
      return 'too late: older than maxAge';
    case 'carried':
      return reason.issue === 0 ? 'sent before Gazette' : `sent in issue ${reason.issue}`;
    case 'duplicate-of':
      return `the same as ${reason.id}`;
    case 'broken':
      return `cannot be read: ${reason.message}`;
    case 'held-over':
      return 'why' in reason ? CARRIED_OVER[reason.why] : 'waited for this issue';
  }
}

const CARRIED_OVER = {
  limit: 'waits: the issue is full (maxPosts)',
  'min-posts': 'waits: there are too few posts (minPosts)',
  skipped: 'waits since an issue was skipped',
  vetoed: 'waits since an issue was vetoed',
  cancelled: 'waits since an issue was cancelled',
} as const;

/** Why readers get no mail. */
export const SKIP_WORDS: { readonly [reason in SkipReason]: string } = {
  'nothing-wished': 'chose nothing that is in it',
  suppressed: 'are suppressed',
  paused: 'are paused',
  unsubscribed: 'have unsubscribed',
  unconfirmed: 'have not confirmed',
  erased: 'were erased',
  overdue: 'could not be reached in time',
  cancelled: 'the issue was cancelled',
};
