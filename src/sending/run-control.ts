/** What slows a run down and what stops it: refusals, lost connections, used-up quotas, a person, a signal (rule: whose-fault). */

import { maskedAddressesIn } from '../domain/address.js';
import type { BegunDelivery } from '../domain/delivery.js';
import { judgeAnswer, judgeEnd, type RefusalRecord, type RefusalVerdict, wireLimit } from '../domain/refusals.js';
import type { Outcome, Refusal } from '../domain/reply.js';
import { openLimitReplies } from './limit-replies.js';
import type { StopReason } from './run.js';

/** After so many rounds of failures on all connections a run stops, unless it waits. */
const MOST_CONNECTION_FAULTS = 6;
/** The same for replies about a rate: a server may count by the minute. */
const MOST_RATE_FAULTS = 8;
const FIRST_BACKOFF_MS = 500;
/** After so many replies in a row that a quota is used up a run stops; one that waits rests for so long. */
const MOST_QUOTA_REPLIES = 3;
const QUOTA_REST_MS = 15 * 60_000;

export interface RunControlOptions {
  /** What servers replied to earlier runs of the issue. */
  readonly earlier: RefusalRecord;
  /** How many connections the run has. */
  readonly connections: number;
  /** How many of them may be open at present. */
  sharing(): number;
  /** Wait for whatever ends by itself. */
  readonly wait: boolean;
}

/** What had been counted when an attempt was begun: other messages may have been on the wire already. */
export interface BegunAt {
  readonly limitReplies: number;
  readonly unknown: number;
}

export type RunControl = ReturnType<typeof openRunControl>;

export function openRunControl({ earlier, connections, sharing, wait }: RunControlOptions) {
  let answers = earlier;
  const limits = openLimitReplies(earlier.accepted);
  let stopped: StopReason | undefined;
  let verdict: RefusalVerdict | undefined;
  let connectionFaults = 0;
  let quotaReplies = 0;
  let onWire = 0;
  let waiters: (() => void)[] = [];

  /** Ends the run; only the first reason counts. */
  function stop(reason: StopReason): void {
    stopped ??= reason;
    wake();
  }

  function stopFor({ scope, reply }: Refusal): void {
    stop({ kind: 'fault', scope, text: maskedAddressesIn(reply.text) });
  }

  function wake(): void {
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  }

  /**
   * Few messages are on the wire until the first replies, and one while refusals come in a row: each of them is a reader
   * who may be refused before the run stops.
   */
  function hasRoom(): boolean {
    return onWire < wireLimit(answers, connections);
  }

  /**
   * Counts an outcome, and stops the run for a verdict on it.
   * @param begun `begunAt()` when the attempt was begun
   * @returns whether a refusal belongs to this delivery alone
   */
  function judge(outcome: Outcome, delivery: BegunDelivery, begun: BegunAt): boolean {
    const judged = judgeAnswer(answers, outcome, delivery.before, begun.unknown);
    answers = judged.record;
    // A run that waits tries deferred readers again, so they do not stop it.
    const isWaitedFor = wait && outcome.kind === 'deferred' && outcome.scope === 'recipient';
    if (judged.verdict && !stopped && !isWaitedFor) {
      verdict = judged.verdict;
      stopFor(verdict.refusal);
    }
    const isOwnLimit = limits.isOfRow(outcome, delivery, begun.limitReplies);
    return judged.ofRow || isOwnLimit;
  }

  /** How long a connection rests after an outcome, in milliseconds; stops the run where waiting does not help. */
  function restAfter(outcome: Outcome): number {
    if (!isTemporary(outcome)) {
      connectionFaults = 0;
      quotaReplies = 0;
      return 0;
    }
    if (outcome.meaning === 'wait') quotaReplies += 1;
    const rounds = Math.floor(connectionFaults / sharing());
    connectionFaults += 1;
    const isQuotaUsedUp = quotaReplies >= MOST_QUOTA_REPLIES;
    if (
      (isQuotaUsedUp || rounds >= (outcome.meaning === 'slow-down' ? MOST_RATE_FAULTS : MOST_CONNECTION_FAULTS)) &&
      !wait
    )
      stopFor(outcome);
    if (stopped) return 0;
    return isQuotaUsedUp ? QUOTA_REST_MS : FIRST_BACKOFF_MS * 2 ** Math.min(9, rounds);
  }

  return {
    stop,
    judge,
    restAfter,
    hasRoom,
    begunAt: (): BegunAt => ({ limitReplies: limits.replies(), unknown: answers.unknown }),
    stopped: (): StopReason | undefined => stopped,
    /** Whether as many messages may be on the wire as there are connections. */
    isOpen: () => !stopped && wireLimit(answers, connections) >= connections,
    /** Takes a place on the wire once there is room; false when the run has stopped. */
    async enterWire(): Promise<boolean> {
      while (!stopped && !hasRoom()) await new Promise<void>((resolve) => waiters.push(resolve));
      if (stopped) return false;
      onWire += 1;
      return true;
    },
    leaveWire(): void {
      onWire -= 1;
      wake();
    },
    /** What the replies say of a run that has ended. @param hasTried whether it tried any delivery */
    verdict: (hasTried: boolean): RefusalVerdict | undefined => (stopped || !hasTried ? verdict : judgeEnd(answers)),
  };
}

/** Limits, connections, and faults of ours that the server expects to pass. */
function isTemporary(outcome: Outcome): outcome is Refusal {
  if (outcome.kind !== 'deferred' && outcome.kind !== 'rejected') return false;
  if (outcome.scope === 'limit' || outcome.scope === 'connection') return true;
  return outcome.kind === 'deferred' && outcome.scope !== 'recipient';
}
