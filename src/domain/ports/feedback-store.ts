/** What the program remembers of what came back. */
import type { DeliveryRef, DeliveryState } from '../delivery.js';
import type { ReportFinding } from '../feedback.js';
import type { SoftBouncePolicy } from '../feedback-effects.js';

export interface FeedbackStore {
  /** A delivery that has left, or may have; `undefined` when there is none. */
  sentDelivery(ref: DeliveryRef): Promise<SentDelivery | undefined>;
  /** The latest deliveries to a reader that left, newest first: at most some dozens. */
  sentTo(subscriber: number): Promise<readonly SentDelivery[]>;
  /**
   * Keeps events and does what they mean, in one transaction: all, or nothing. An event whose id is known changes nothing, so
   * the same may be recorded again at any time.
   */
  record(events: readonly FeedbackEvent[], policy: SoftBouncePolicy): Promise<FeedbackEffects>;
  /** What came back of an issue. */
  ofIssue(issue: number): Promise<IssueFeedback>;
  /** The deliveries of issues by the receiving domain, largest first, and what came back. */
  byDomain(issues: readonly number[]): Promise<readonly DomainHealth[]>;
  /** What came back since a moment, by the receiving domain, most first. Costs what came back, not what was sent. */
  cameBackSince(since: Date): Promise<readonly DomainFeedback[]>;
  /** How many reports were taken since a moment, by how they were tied. */
  ties(since: Date): Promise<{ readonly [tie in Tie]: number }>;
  /** Readers whose address is suppressed by what came back, or who have not confirmed since a moment, oldest first. */
  tidyable(pendingBefore: Date): AsyncIterable<TidyableReader>;
  /** Ends the subscriptions of these readers; what was recorded of them stays. Gives how many ended. */
  tidy(readers: readonly TidyableReader[]): Promise<number>;
}

/** `forged`: it claims a delivery that its signature does not prove, or that never left. `untied`: it names none. */
export type Tie = 'tied' | 'forged' | 'untied';

export interface SentDelivery extends DeliveryRef {
  readonly newsletter: string;
  readonly number: number;
  /** Of the issue. */
  readonly uid: string;
  readonly state: DeliveryState;
  readonly settledAt?: Date;
}

/** A report with whom it is about. */
export interface FeedbackEvent {
  readonly id: string;
  readonly takenAt: Date;
  readonly happenedAt?: Date;
  readonly tie: Tie;
  /** Of a tied one. */
  readonly delivery?: DeliveryRef & { readonly newsletter: string };
  readonly finding: ReportFinding;
}

export interface FeedbackEffects {
  /** The ids that were not known before. */
  readonly fresh: ReadonlySet<string>;
  readonly suppressed: number;
  readonly unsubscribed: number;
}

/** How many readers of an issue each thing came back from. */
export interface IssueFeedback {
  readonly hard: number;
  readonly soft: number;
  readonly policy: number;
  readonly complaints: number;
  readonly unsubscribes: number;
}

export interface DomainFeedback extends IssueFeedback {
  readonly domain: string;
}

export interface DomainHealth extends DomainFeedback {
  /** Including those that came back later. */
  readonly accepted: number;
  readonly deferred: number;
  readonly rejected: number;
}

export interface TidyableReader {
  readonly newsletter: string;
  readonly subscriber: number;
  readonly address: string;
  readonly why: 'hard-bounce' | 'soft-bounces' | 'complaint' | 'unconfirmed';
  readonly since: Date;
}
