/**
 * The states of a delivery and what moves them (rule: states). Pure: the store writes what these functions decide.
 */
import { isWanted } from './category.js';
import type { OnUnknownOutcome } from './newsletter.js';
import type { Outcome, Reply } from './reply.js';
import type { ReaderNow } from './subscriber.js';

interface DeliveryMeaning {
  /** `open`: it can still be sent · `needs-person`: only a person can move it on · `final`: it stays as it is. */
  readonly phase: 'open' | 'needs-person' | 'final';
  /** Whether the reader has the mail, or may have it. */
  readonly mayHaveArrived: boolean;
  /** For people. */
  readonly label: string;
}

/** What each state means, in the order of a delivery's life. */
const MEANINGS = {
  planned: { phase: 'open', mayHaveArrived: false, label: 'waiting' },
  claimed: { phase: 'open', mayHaveArrived: false, label: 'next' },
  attempted: { phase: 'open', mayHaveArrived: true, label: 'being sent' },
  accepted: { phase: 'final', mayHaveArrived: true, label: 'accepted' },
  /** It was accepted, and a report says that it came back. */
  bounced: { phase: 'final', mayHaveArrived: true, label: 'came back' },
  rejected: { phase: 'final', mayHaveArrived: false, label: 'rejected' },
  unknown: { phase: 'needs-person', mayHaveArrived: true, label: 'unknown outcome' },
  skipped: { phase: 'final', mayHaveArrived: false, label: 'skipped' },
} as const satisfies { readonly [state: string]: DeliveryMeaning };

export type DeliveryState = keyof typeof MEANINGS;

/** All states, in the order of a delivery's life. */
export const DELIVERY_STATES = Object.keys(MEANINGS) as readonly DeliveryState[];
/** A delivery in one of these states can still be sent. */
export const OPEN_STATES = DELIVERY_STATES.filter(isOpen);
/** A reader whose delivery is in one of these states has the mail, or may have it. */
export const MAY_HAVE_ARRIVED = DELIVERY_STATES.filter(mayHaveArrived);

/** The name of a state for people. */
export function labelOf(state: DeliveryState): string {
  return MEANINGS[state].label;
}

/** A value for each state. */
export function byState<Value>(of: (state: DeliveryState) => Value): { [state in DeliveryState]: Value } {
  const entries = DELIVERY_STATES.map((state) => [state, of(state)]);
  return Object.fromEntries(entries) as { [state in DeliveryState]: Value };
}

type CountsByState = { readonly [state in DeliveryState]: number };

/** How many deliveries can still be sent. */
export function openCount(counts: CountsByState): number {
  return countWhere(counts, isOpen);
}

/** How many deliveries can still be sent and cannot have arrived: cancelling ends them. */
export function unsentCount(counts: CountsByState): number {
  return countWhere(counts, (state) => isOpen(state) && !mayHaveArrived(state));
}

/** How many deliveries only a person can move on. */
export function needsPersonCount(counts: CountsByState): number {
  return countWhere(counts, (state) => MEANINGS[state].phase === 'needs-person');
}

/** How many readers have the mail, or may have it. */
export function mayHaveArrivedCount(counts: CountsByState): number {
  return countWhere(counts, mayHaveArrived);
}

function isOpen(state: DeliveryState): boolean {
  return MEANINGS[state].phase === 'open';
}

function mayHaveArrived(state: DeliveryState): boolean {
  return MEANINGS[state].mayHaveArrived;
}

function countWhere(counts: CountsByState, isCounted: (state: DeliveryState) => boolean): number {
  return DELIVERY_STATES.reduce((sum, state) => sum + (isCounted(state) ? counts[state] : 0), 0);
}

/** Why a reader of the issue gets no mail. */
export type SkipReason =
  | 'nothing-wished'
  | 'suppressed'
  | 'paused'
  | 'unsubscribed'
  | 'unconfirmed'
  | 'erased'
  | 'overdue'
  | 'cancelled';

/** Names one row of the ledger. */
export interface DeliveryRef {
  readonly issue: number;
  readonly subscriber: number;
}

/** A delivery whose `begin` was written: it may go on the wire, once. */
export interface BegunDelivery extends DeliveryRef {
  readonly edition: number;
  /** 1 for the first try on the wire. */
  readonly attempt: number;
  readonly reader: ReaderNow;
  /** What the server said at the try before, where that used up one of this delivery's tries. */
  readonly before?: Reply;
}

/** What `begin` decides, reading the reader as they are at this moment (rule: as-they-are-now). */
export type BeginVerdict =
  | { readonly kind: 'go' }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  /** The reader has unsubscribed and an earlier try may have arrived: not resent, stays unknown. */
  | { readonly kind: 'leave-unknown' };

/**
 * The last check before a message is sent.
 * @param sections the category keys of the delivery's edition
 * @param unknownOutcomes how many tries of this delivery ended with an unknown outcome
 */
export function judgeBegin(
  reader: ReaderNow,
  sections: readonly string[],
  unknownOutcomes: number,
  now: Date,
): BeginVerdict {
  const reason =
    whyNoMail(reader, now) ??
    (sections.some((key) => isWanted(reader.preferences, key)) ? undefined : 'nothing-wished');
  if (reason === undefined) return { kind: 'go' };
  return unknownOutcomes > 0 ? { kind: 'leave-unknown' } : { kind: 'skip', reason };
}

/** Why a reader may not be written to at all at this moment; `undefined` when they may. */
export function whyNoMail(reader: ReaderNow, now: Date): SkipReason | undefined {
  if (reader.erased) return 'erased';
  if (reader.suppressed) return 'suppressed';
  if (reader.state === 'unsubscribed') return 'unsubscribed';
  if (reader.state === 'pending') return 'unconfirmed';
  if (reader.pausedUntil && reader.pausedUntil > now) return 'paused';
  return undefined;
}

/** Where an attempted delivery goes with the outcome of its attempt. */
export type Settled =
  | { readonly state: 'accepted' | 'rejected' | 'unknown' }
  /** Back in the queue, not before `dueAt`. `counts`: whether the reader used up one of their tries. */
  | { readonly state: 'planned'; readonly dueAt: Date; readonly counts: boolean };

/**
 * How long an attempted delivery waits after its n-th deferral (n from 1): 1, 5, 15, 30, 60 minutes, then twice as long
 * each time, up to 12 hours. The first waits are shorter than RFC 5321 §4.5.4.1 advises for relays: greylisting opens
 * within minutes.
 */
export function retryWaitMs(deferrals: number): number {
  const minutes = [1, 5, 15, 30, 60, 120, 240, 480][deferrals - 1] ?? 720;
  return minutes * 60_000;
}

/**
 * How often a delivery is tried before it is given up, without a mark on its reader (rule: fairness): put off, about
 * five days (RFC 5321 §4.5.4.1); refused for good by a policy that lets others through, about two hours.
 */
export const MOST_TRIES = { deferred: 16, rejected: 6 } as const;

/**
 * Moves an attempted delivery by what the wire said.
 * @param deferrals earlier deferrals of this delivery
 * @param ofRow a refusal of sender, message or configuration, or a limit, that only this delivery meets
 */
export function settle(outcome: Outcome, deferrals: number, now: Date, ofRow = false): Settled {
  if (outcome.kind === 'accepted' || outcome.kind === 'unknown') return { state: outcome.kind };
  if (outcome.kind === 'rejected' && outcome.scope === 'recipient') return { state: 'rejected' };
  // A limit, a broken connection or a fault of ours does not count as a try: the delivery waits for the run or the operator.
  if (outcome.scope !== 'recipient' && !ofRow) return { state: 'planned', dueAt: now, counts: false };
  const tries = deferrals + 1;
  // A quota may be used up for days, whatever the code says.
  if (tries >= MOST_TRIES[outcome.scope === 'limit' ? 'deferred' : outcome.kind]) return { state: 'rejected' };
  return { state: 'planned', dueAt: new Date(now.getTime() + retryWaitMs(tries)), counts: true };
}

/** The state of an attempted delivery whose sender died (rule: states). @param unknownOutcomes including the present one */
export function settleUnknown(policy: OnUnknownOutcome, unknownOutcomes: number): 'planned' | 'unknown' {
  return policy === 'resend' && unknownOutcomes <= 1 ? 'planned' : 'unknown';
}

/** How many deliveries of an issue are in each state. */
export type DeliveryCounts = CountsByState & {
  /** Of the planned ones, those whose reader’s server asked to try again later. */
  readonly deferred: number;
  /** Of the skipped ones, by reason. */
  readonly skippedBy: { readonly [reason in SkipReason]?: number };
  /** All rows, counted separately: must equal the sum of the states (rule: sum). */
  readonly all: number;
};

/** Whether the sum holds: every planned reader is in exactly one state. */
export function isSumRight(counts: DeliveryCounts): boolean {
  return countWhere(counts, () => true) === counts.all;
}
