/** Deliveries in the ledger: claimed, begun, settled, and read. */
import type { BegunDelivery, DeliveryCounts, DeliveryRef, DeliveryState, SkipReason } from '../delivery.js';
import type { Outcome, Refusal, Reply } from '../reply.js';

/** What happens to the deliveries of an issue. */
export interface DeliveryLedger {
  counts(issue: number): Promise<DeliveryCounts>;
  /** How many deliveries of an issue have an unknown outcome that only a person can settle. */
  unknownCount(issue: number): Promise<number>;
  /** How many deliveries of an issue were accepted after a moment. */
  acceptedSince(issue: number, since: Date): Promise<number>;
  /**
   * Takes up to `limit` planned deliveries that are due, for `leaseMs`, in the order they are due: fresh ones before
   * those that were tried. Also gives ended leases back first.
   */
  claim(request: ClaimRequest): Promise<readonly DeliveryRef[]>;
  /**
   * One transaction around the wire: writes what became of earlier attempts, then begins the next ones.
   * A begin reads the reader as they are at that moment and asks `judge`; a delivery this owner no longer holds is `lost`.
   */
  exchange(
    settled: readonly Settlement[],
    begin: readonly DeliveryRef[],
    by: ExchangeContext,
  ): Promise<readonly BeginResult[]>;
  /** Gives an owner's claimed rows back as planned. */
  release(issue: number, owner: string): Promise<void>;
  /** Gives back deliveries of an owner that were begun and never sent: as if they had not been begun. */
  giveBack(issue: number, owner: string, subscribers: readonly number[], now: Date): Promise<void>;
  /** Owners that hold claimed or attempted rows of an issue; with a moment, only those whose every lease ended by then. */
  owners(issue: number, leasesEndedBy?: Date): Promise<readonly string[]>;
  /** Frees an owner's rows: claimed → planned; attempted → as `settleUnknown` says. */
  reclaim(issue: number, owner: string, now: Date): Promise<{ readonly freed: number; readonly unknown: number }>;
  /** Deliveries whose only unknown outcome is the latest go back to planned, when the issue's policy is to resend. */
  retryUnknown(issue: number): Promise<number>;
  /** When the earliest delivery that was tried before is due. */
  nextDue(issue: number): Promise<Date | undefined>;
  /** By a person: plans once more those of these deliveries whose readers may get a mail now; the others stay as they are. */
  resend(issue: number, only: 'rejected' | 'unknown', now: Date): Promise<number>;
  /** How many deliveries `resend` would plan. */
  resendable(
    issue: { readonly id: number; readonly newsletter: string },
    only: 'rejected' | 'unknown',
    now: Date,
  ): Promise<number>;
  /** Deletes what became of each reader of issues that were frozen before a moment and are over; their counts stay. */
  forgetDeliveries(frozenBefore: Date): Promise<{ readonly issues: number; readonly deliveries: number }>;
  /** What became of every issue for one reader, oldest first. */
  deliveriesTo(subscriber: number): Promise<readonly ReaderDelivery[]>;
  /** The deliveries of an issue in order of subscriber: all, or only those in these states. */
  deliveries(issue: number, only?: readonly (DeliveryState | 'deferred')[]): AsyncIterable<DeliveryRow>;
}

export interface ClaimRequest {
  readonly issue: number;
  readonly owner: string;
  readonly limit: number;
  readonly leaseMs: number;
  readonly now: Date;
}

export interface Settlement {
  /**
   * With its attempt, so that the answer to an earlier one is never taken for the answer to a later one; and with its
   * reader as they were written to, whose address it is that bounces.
   */
  readonly delivery: DeliveryRef & Partial<Pick<BegunDelivery, 'attempt' | 'reader'>>;
  readonly outcome: Outcome;
  readonly at: Date;
  /** A refusal of sender, message or configuration that only this delivery meets: it is put off, and in the end given up. */
  readonly ofRow?: boolean;
}

export interface ExchangeContext {
  readonly owner: string;
  readonly now: Date;
  readonly leaseMs: number;
}

export type BeginResult =
  | { readonly kind: 'begun'; readonly delivery: BegunDelivery }
  | { readonly kind: 'skipped'; readonly ref: DeliveryRef; readonly reason: SkipReason }
  | { readonly kind: 'left-unknown' | 'lost'; readonly ref: DeliveryRef };

export interface DeliveryRow {
  readonly subscriber: number;
  readonly address: string;
  readonly edition?: string;
  readonly state: DeliveryState;
  readonly reason?: SkipReason;
  readonly attempts: number;
  readonly unknownOutcomes: number;
  readonly reply?: Reply;
  readonly settledAt?: Date;
}

/** One issue on its way to one reader, as they may know it. */
export interface ReaderDelivery {
  readonly newsletter: string;
  readonly number: number;
  readonly state: DeliveryState;
  readonly reason?: SkipReason;
  /** The server's reply when it did not accept the mail. */
  readonly reply?: Reply;
  readonly settledAt?: Date;
}

export interface Returned {
  readonly deliveries: number;
  readonly suppressions: number;
}

export interface Answers {
  readonly accepted: number;
  /** Attempts that a server refused, for now or for good. */
  readonly refused: number;
  /** The latest of them after the last accepted message and after `since`, oldest first: at most some dozens. */
  readonly latest: readonly Refusal[];
}
