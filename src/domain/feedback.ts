/** What comes back after a server has accepted a mail: bounces, complaints, answers (rule: feedback). */
import type { Reply } from './reply.js';

/** What a report names, as it was received: none of it is verified. */
export interface ReportNames {
  /**
   * Addresses that may be a signed envelope sender of ours: where the report was sent to, and the return path that the
   * returned message shows.
   */
  readonly envelopes: readonly string[];
  /** Message-ID of the returned message, without angle brackets. */
  readonly messageId?: string;
  /** Feedback-ID of the returned message. */
  readonly feedbackId?: string;
  /** Signed links of ours in the returned message: its List-Unsubscribe. */
  readonly links?: readonly string[];
  /** The address that the report is about: Original-Recipient, else Final-Recipient, else as the text says. */
  readonly recipient?: string;
}

/** What a report says about its recipient. */
export type ReportFinding =
  /**
   * The mail was not delivered. `hard`: the address is dead · `soft`: a mailbox that is full or unavailable · `policy`: the
   * receiving server refuses what we send, which says nothing about the reader (rule: whose-fault).
   */
  | { readonly kind: 'bounce'; readonly bounce: 'hard' | 'soft' | 'policy'; readonly reply: Reply }
  /** The server still tries. */
  | { readonly kind: 'delayed'; readonly reply: Reply }
  | { readonly kind: 'delivered' }
  /** The reader pressed “spam”. */
  | { readonly kind: 'complaint' }
  /** The reader asks for no more mail. */
  | { readonly kind: 'unsubscribe' }
  /** Out of office and the like; never a bounce (RFC 3834). */
  | { readonly kind: 'auto-reply' }
  /** Something else: a person’s reply, a disposition notification, a report about authentication. */
  | { readonly kind: 'other' };

/** One thing said about one recipient. A message or a webhook call may hold several. */
export interface FeedbackReport {
  /**
   * The same for the same report, however often it comes: the provider and its event’s id, or the report’s Message-ID (a hash
   * of its bytes where it has none) with the recipient.
   */
  readonly id: string;
  /** When the report says it happened. */
  readonly at?: Date;
  readonly names: ReportNames;
  readonly finding: ReportFinding;
}

/** What the reply of a bounce means. */
export interface BounceVerdict {
  readonly bounce: 'hard' | 'soft' | 'policy';
  /** The reply says no more than that it was refused. */
  readonly isGuess: boolean;
}

/** Judges the reply of a bounce by the one table of replies. */
export type JudgeBounce = (reply: Reply) => BounceVerdict;
