/**
 * Sends what the ledger has planned of one issue (rule: states): claim, begin, fill, transport, settle. It may be killed
 * anywhere and run again; two processes may run it at once.
 */

import type { AppContext } from '../app-context.js';
import type { BegunDelivery, DeliveryCounts, DeliveryRef } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { MailConnection, Message, RateLimit, Transport } from '../domain/ports/mail.js';
import type { FrozenEdition, Settlement } from '../domain/ports/storage.js';
import { judgeAnswer, judgeEnd, type RefusalRecord, type RefusalVerdict, wireLimit } from '../domain/refusals.js';
import { asksForLess, type Outcome, type Refusal } from '../domain/reply.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import { answersBefore, pauseFor } from './judge-run.js';
import type { PauseReason } from './pause-reason.js';
import { reclaim } from './reclaim.js';
import { type AttemptRecorder, openAttemptRecorder } from './record-attempts.js';

export interface SendOptions {
  /** Stay until deferred deliveries have been tried again. */
  readonly wait?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: SendProgress): void;
}

export interface SendProgress {
  readonly issue: Issue;
  /** Of this run. */
  readonly accepted: number;
  readonly rejected: number;
  readonly deferred: number;
  readonly unknown: number;
  readonly skipped: number;
  /** What the issue still has to send when this run began. */
  readonly pending: number;
}

export interface SendReport {
  readonly issue: Issue;
  readonly counts: DeliveryCounts;
  /** Why the run ended before all was tried; absent when it went through. */
  readonly stopped?: StopReason;
}

export type StopReason =
  | { readonly kind: 'signal' | 'paused' | 'cancelled' }
  /**
   * A fault that is the same for every reader: a limit, sender, message, configuration, or no server. With `paused` the
   * issue stays so until a person resumes it.
   */
  | { readonly kind: 'fault'; readonly scope: string; readonly text: string; readonly paused?: PauseReason };

/** Of a claim. */
const LEASE_MS = 15 * 60_000;
/**
 * Of an attempt: longer than a server may take from its greeting to the answer to the final dot, each with the
 * patience RFC 5321 §4.5.3.2 asks for. A lease that ends early repeats a mail.
 */
const ATTEMPT_LEASE_MS = 60 * 60_000;
/** Claims are small so that a second process finds work, and large enough to be rare. */
const CLAIM_FACTOR = 8;
/** While it waits for its turn, a run looks this often whether the issue was paused or cancelled. */
const LONGEST_WAIT_MS = 10_000;
/** While it waits for deferred deliveries or the leases of others, it looks this often who has died meanwhile. */
const LONGEST_REST_MS = 60_000;

/** A pause stands: only a person’s word takes it back, and sends after it. */
export async function sendPlanned(deps: AppContext, issue: Issue, options: SendOptions = {}): Promise<SendReport> {
  await refuseCopy(deps.store);
  const { ledger } = deps.store;
  await ledger.setState(issue.id, ['frozen'], 'sending');
  await reclaim(deps, issue);
  const answers = await answersBefore(deps, issue);
  const run = new Run(deps, issue, options, (await ledger.counts(issue.id)).planned, answers);
  deps.log.info('issue.sending-started', { newsletter: issue.newsletter, issue: issue.number, pending: run.pending });
  try {
    await run.untilEmpty();
    while (run.stopped === undefined && (await moreToDo(deps, issue, options))) await run.untilEmpty();
  } catch (error) {
    // Nothing is on the wire any more: what could not be written down is in doubt. The first error is the one to tell.
    await ledger.reclaim(issue.id, deps.processes.self, deps.clock.now()).catch(() => undefined);
    throw error;
  }
  await ledger.release(issue.id, deps.processes.self);
  return finish(deps, issue, await endOf(deps, issue, run));
}

/** Why the run ended, once what its refusals ask for is done. What a person did meanwhile goes before it. */
async function endOf(deps: AppContext, issue: Issue, run: Run): Promise<StopReason | undefined> {
  const verdict = run.verdict ?? (run.stopped ? undefined : run.verdictAtEnd());
  if (!verdict) return run.stopped;
  const state = (await deps.store.ledger.issue(issue.newsletter, issue.number))?.state;
  if (state === 'paused' || state === 'cancelled') return { kind: state };
  const paused = verdict.kind === 'pause' ? await pauseFor(deps, issue, verdict) : undefined;
  if (!paused) return run.stopped;
  const text = paused.advice === undefined ? paused.reason : `${paused.reason} ${paused.advice}`;
  return { kind: 'fault', scope: paused.scope, text, paused };
}

/**
 * Whether there is another round: doubts to try once more, what another process left when it died, or, for a run that
 * waits, deferred deliveries and what others still hold.
 */
async function moreToDo(deps: AppContext, issue: Issue, { wait, signal }: SendOptions): Promise<boolean> {
  const { ledger } = deps.store;
  if ((await reclaim(deps, issue)) > 0) return true;
  if (!wait) return false;
  const due = await ledger.nextDue(issue.id);
  if (!due && (await ledger.owners(issue.id)).length === 0) return false;
  const restMs = due ? due.getTime() - deps.clock.now().getTime() : LONGEST_REST_MS;
  await deps.clock.sleep(Math.max(0, Math.min(restMs, LONGEST_REST_MS)), signal);
  return true;
}

async function finish(deps: AppContext, issue: Issue, stopped: StopReason | undefined): Promise<SendReport> {
  const { ledger } = deps.store;
  // A run that was stopped made no further round: a doubt of its last moments is owed one, so the issue must stay open.
  await ledger.retryUnknown(issue.id, deps.clock.now());
  const counts = await ledger.counts(issue.id);
  if (counts.planned + counts.claimed + counts.attempted === 0) await ledger.setState(issue.id, ['sending'], 'done');
  const after = (await ledger.issue(issue.newsletter, issue.number)) ?? issue;
  const { accepted, rejected, unknown, skipped, deferred } = counts;
  const fields = { newsletter: issue.newsletter, issue: issue.number, accepted, rejected, unknown, skipped, deferred };
  if (stopped?.kind === 'fault') deps.log.error('issue.sending-stopped', { ...fields, reason: stopped.text });
  else deps.log.info('issue.sending-ended', { ...fields, state: after.state });
  return { issue: after, counts, ...(stopped && { stopped }) };
}

/** How many rounds of all lanes may fail to reach the server before a run gives up. */
const MOST_CONNECTION_FAULTS = 6;
const FIRST_BACKOFF_MS = 500;
/** So many replies in a row that a quota is used up end a run, or make one that waits rest for so long. */
const MOST_QUOTA_REPLIES = 3;
const QUOTA_REST_MS = 15 * 60_000;

/** An issue may have hundreds of editions of up to a tenth of a megabyte: so many are kept at once. */
const KEPT_EDITIONS = 100;

/** One process at work on one issue: a lane a connection, all fed from one queue of claims. */
class Run {
  stopped: StopReason | undefined;
  private readonly queue: DeliveryRef[] = [];
  private claimedAt = new Date(0);
  private asking: Promise<unknown> = Promise.resolve();
  private isPaced = false;
  private readonly editions = new Map<number, Promise<FrozenEdition>>();
  private readonly tally = { accepted: 0, rejected: 0, deferred: 0, unknown: 0, skipped: 0 };
  private connectionFaults = 0;
  private quotaReplies = 0;
  verdict: RefusalVerdict | undefined;
  private onWire = 0;
  private waiting: (() => void)[] = [];
  private readonly transport: Transport;
  private readonly rateLimit: RateLimit;
  private readonly recorder: AttemptRecorder;

  constructor(
    private readonly deps: AppContext,
    private readonly issue: Issue,
    private readonly options: SendOptions,
    readonly pending: number,
    private record: RefusalRecord,
  ) {
    this.transport = deps.transport();
    this.rateLimit = deps.rateLimit();
    this.recorder = openAttemptRecorder(deps.store.ledger, () => ({
      owner: deps.processes.self,
      now: deps.clock.now(),
      leaseMs: ATTEMPT_LEASE_MS,
    }));
  }

  /** Sends until nothing is due any more, or the run is stopped. */
  async untilEmpty(): Promise<void> {
    const lanes = Array.from({ length: this.transport.connections }, () => this.work(this.transport.open()));
    const results = await Promise.allSettled(lanes);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** One lane: settles what it sent before it begins again, so that no more rows are in doubt than lanes. */
  private async work(lane: MailConnection): Promise<void> {
    let settlement: Settlement | undefined;
    try {
      for (;;) {
        // What would wait for a claim or a turn is settled by itself: a crash in that time must leave no doubt.
        if (settlement && (this.queue.length === 0 || this.isPaced || !this.hasRoom())) {
          await this.recorder.exchange(settlement, undefined);
          settlement = undefined;
        }
        const ref = await this.next();
        const result = await this.recorder.exchange(settlement, ref);
        settlement = undefined;
        if (!ref) return;
        if (result?.kind === 'skipped') this.count('skipped');
        if (result?.kind !== 'begun') {
          this.leaveWire();
          continue;
        }
        settlement = await this.send(lane, result.delivery);
        this.leaveWire();
        const waitMs = settlement.ofRow ? 0 : this.react(settlement.outcome);
        if (waitMs === 0) continue;
        await this.recorder.exchange(settlement, undefined);
        if (asksForLess(settlement.outcome)) await this.rateLimit.slow(this.deps.clock.now());
        settlement = undefined;
        await this.deps.clock.sleep(waitMs, this.options.signal);
      }
    } catch (error) {
      this.stop({ kind: 'fault', scope: 'program', text: String(error) });
      // What the server said is worth one more try to write; the first error is the one to tell.
      if (settlement) await this.recorder.exchange(settlement, undefined).catch(() => undefined);
      throw error;
    } finally {
      await lane.close();
    }
  }

  private async send(lane: MailConnection, delivery: BegunDelivery): Promise<Settlement> {
    const outcome = await this.attempt(lane, delivery);
    // A no that is not the reader's own leaves them planned.
    this.count(outcome.kind === 'rejected' && outcome.scope !== 'recipient' ? 'deferred' : outcome.kind);
    const { record, ofRow, verdict } = judgeAnswer(this.record, outcome);
    this.record = record;
    // Who waits until everybody was tried again is not stopped by readers who are put off.
    const isWaitedOut = this.options.wait && outcome.kind === 'deferred' && outcome.scope === 'recipient';
    if (verdict && !this.stopped && !isWaitedOut) {
      this.verdict = verdict;
      this.stopFor(verdict.refusal);
    }
    return { delivery, outcome, at: this.deps.clock.now(), ...(ofRow && { ofRow }) };
  }

  /** What the answers say when nothing is due any more. */
  verdictAtEnd(): RefusalVerdict | undefined {
    return this.hasSent() ? judgeEnd(this.record) : undefined;
  }

  private hasSent(): boolean {
    return Object.values(this.tally).some((count) => count > 0);
  }

  private stop(reason: StopReason): void {
    this.stopped ??= reason;
    this.wake();
  }

  private stopFor({ scope, reply }: Refusal): void {
    this.stop({ kind: 'fault', scope, text: reply.text });
  }

  /**
   * Few messages go at once until answers came, and one while refusals come in a row: each message on the wire is a
   * reader that may be spent before the run is paused.
   */
  private hasRoom(): boolean {
    return this.onWire < wireLimit(this.record, this.transport.connections);
  }

  private leaveWire(): void {
    this.onWire -= 1;
    this.wake();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }

  /** A message that cannot be built was never on the wire: that is no doubt, but our fault. */
  private async attempt(lane: MailConnection, delivery: BegunDelivery): Promise<Outcome> {
    const edition = await this.edition(delivery.edition);
    let message: Message;
    try {
      message = await this.deps.messages.build(edition, delivery, this.deps.clock.now());
    } catch (error) {
      return { kind: 'rejected', scope: 'message', bounce: 'none', reply: { text: String(error) } };
    }
    return lane.send(message);
  }

  /** The next delivery to begin; `undefined` when nothing is due or the run is to end. Lanes ask one after another. */
  private next(): Promise<DeliveryRef | undefined> {
    const next = this.asking.then(() => this.take());
    this.asking = next.catch(() => undefined);
    return next;
  }

  private async take(): Promise<DeliveryRef | undefined> {
    while (!this.stopped && !this.hasRoom()) await new Promise<void>((go) => this.waiting.push(go));
    if (this.options.signal?.aborted) this.stop({ kind: 'signal' });
    if (this.stopped) return undefined;
    if (this.queue.length === 0) await this.claim();
    // A turn is taken for a delivery that is there, so that none is wasted and nobody waits for nothing.
    if (this.queue.length > 0) await this.takeTurn();
    if (this.deps.clock.now().getTime() - this.claimedAt.getTime() > LEASE_MS / 2) await this.claimAnew();
    const next = this.stopped ? undefined : this.queue.shift();
    if (next) this.onWire += 1;
    return next;
  }

  /** Waits until the pace lets one more message go, or the run is to end. */
  private async takeTurn(): Promise<void> {
    const { clock } = this.deps;
    const { signal } = this.options;
    while (!this.stopped) {
      const waitMs = await this.rateLimit.take(clock.now());
      if (waitMs === 0) return;
      if (!this.isPaced) this.deps.log.info('sending.paced', { issue: this.issue.number, waitMs });
      this.isPaced = true;
      await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
      if (signal?.aborted) this.stop({ kind: 'signal' });
      else await this.stopIfAsked();
    }
  }

  /** Whether another process paused or cancelled the issue. */
  private async stopIfAsked(): Promise<void> {
    const issue = await this.deps.store.ledger.issue(this.issue.newsletter, this.issue.number);
    if (issue?.state === 'paused' || issue?.state === 'cancelled') this.stop({ kind: issue.state });
  }

  private async claim(): Promise<void> {
    await this.stopIfAsked();
    if (this.stopped) return;
    const { connections } = this.transport;
    const limit = this.isPaced ? connections : connections * CLAIM_FACTOR;
    const owner = this.deps.processes.self;
    this.claimedAt = this.deps.clock.now();
    const request = { issue: this.issue.id, owner, limit, leaseMs: LEASE_MS, now: this.claimedAt };
    this.queue.push(...(await this.deps.store.ledger.claim(request)));
  }

  /** After a long wait the leases may have ended, or will before the server has answered. */
  private async claimAnew(): Promise<void> {
    this.queue.length = 0;
    await this.deps.store.ledger.release(this.issue.id, this.deps.processes.self);
    await this.claim();
  }

  private edition(id: number): Promise<FrozenEdition> {
    const known = this.editions.get(id);
    if (known) return known;
    if (this.editions.size >= KEPT_EDITIONS) this.editions.delete(this.editions.keys().next().value as number);
    const read = this.deps.store.ledger.edition(id);
    this.editions.set(id, read);
    return read;
  }

  private count(kind: keyof Run['tally']): void {
    this.tally[kind] += 1;
    this.options.onProgress?.({ issue: this.issue, ...this.tally, pending: this.pending });
  }

  /** How long this lane waits after an outcome; ends the run when waiting does not help (rule: whose-fault). */
  private react(outcome: Outcome): number {
    if (!isForNow(outcome)) {
      this.connectionFaults = 0;
      this.quotaReplies = 0;
      return 0;
    }
    if (outcome.meaning === 'wait') this.quotaReplies += 1;
    const rounds = Math.floor(this.connectionFaults / this.transport.connections);
    this.connectionFaults += 1;
    const isUsedUp = this.quotaReplies >= MOST_QUOTA_REPLIES;
    if ((isUsedUp || rounds >= MOST_CONNECTION_FAULTS) && !this.options.wait) this.stopFor(outcome);
    if (this.stopped) return 0;
    return isUsedUp ? QUOTA_REST_MS : FIRST_BACKOFF_MS * 2 ** Math.min(9, rounds);
  }
}

/** Limits and connections, and faults of ours that the server expects to end by themselves. */
function isForNow(outcome: Outcome): outcome is Refusal {
  if (outcome.kind !== 'deferred' && outcome.kind !== 'rejected') return false;
  if (outcome.scope === 'limit' || outcome.scope === 'connection') return true;
  return outcome.kind === 'deferred' && outcome.scope !== 'recipient';
}
