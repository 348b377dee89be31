/**
 * Starts senders of one issue and kills each at a random point: while it starts, while it takes over, after a message
 * or in the middle of one; sometimes two send at once. Which rows were on the wire is read when all of them are dead.
 */
import { unsentCount } from '../../src/domain/delivery.js';
import { GazetteError } from '../../src/domain/errors.js';
import type { Issue } from '../../src/domain/issue.js';
import type { Clock } from '../../src/domain/ports/host.js';
import type { Ledger } from '../../src/domain/ports/ledger.js';

export interface StormTools {
  readonly ledger: Pick<Ledger, 'counts' | 'deliveries'>;
  readonly server: { readonly taken: readonly unknown[]; untilTaken(count: number): Promise<void> };
  /** Starts a process that goes on sending an issue. */
  startSender(issue: Issue): Sender;
  /** The time that processes share. */
  readonly clock: Clock;
  /** From 0 up to 1. */
  random(): number;
}

/** A process that sends. */
export interface Sender {
  /** It has taken over from the dead and sends, or it has ended. */
  untilSending(): Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<SenderEnd>;
  /** Without warning; resolves when it is gone. */
  kill(): Promise<SenderEnd>;
}

export interface SenderEnd {
  /** Its exit status; absent when a signal ended it. */
  readonly code?: number;
  readonly signal?: string;
  readonly lastWords: string;
}

export interface StormRequest {
  readonly kills: number;
  readonly signal?: AbortSignal | undefined;
  onKill?(kills: number): void;
}

export interface Storm {
  /** Senders that were alive when they were killed. */
  readonly kills: number;
  readonly senders: number;
  /** Addresses that were on the wire at a kill. */
  readonly mayRepeat: ReadonlySet<string>;
  /** Rows that one killed sender left begun and not settled, at most. */
  readonly mostUnsettled: number;
  /** Senders that ended by themselves as they should not, and those that stood still; a line each. */
  readonly failures: readonly string[];
}

/** So many of all kills come early: while the sender starts, takes over, or begins. */
const EARLY_SHARE = 0.15;
const EARLY_MS = 600;
/** A process of ours does not send so soon after its start. */
const STARTING_MS = 100;
/** So many of all rounds have two senders. */
const PAIR_SHARE = 0.25;
/** The second starts up to so long after the first: it finds the first at work, whose rows it must leave alone. */
const STAGGER_MS = 300;
/** A kill follows the message it waits for by up to so long: any step of the next ones may be cut. */
const DELAY_MS = 30;
/** With fewer messages than this left for each kill, senders are killed while they start: that uses up none. */
const SCARCE = 8;
/** Two senders use up more: only while there is so much of what each kill had at first. */
const PLENTY = 0.8;
/** More readers than two senders hold at once. */
const CLAIMED_BY_TWO = 160;
/** A sender at which nothing happens for so long stands still. */
const STANDSTILL_MS = 60_000;
/** Exit statuses of a run that went through: done, and done with rows in doubt. */
const GOOD_CODES: readonly number[] = [0, 4];
const MOST_FAILURES = 10;

/** Kills senders until it has killed as many as asked, or too many ended by themselves. */
export async function killSenders(tools: StormTools, issue: Issue, request: StormRequest): Promise<Storm> {
  const storm = new Killing(tools, issue, request);
  const mostRounds = request.kills * 2 + 10;
  for (let round = 0; round < mostRounds && storm.kills < request.kills; round += 1) {
    await storm.round();
    throwIfStopped(request.signal);
    if (storm.failures.length >= MOST_FAILURES) break;
  }
  return storm;
}

/** @throws GazetteError `send.stopped` when a person wants no more of it */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new GazetteError('send.stopped', 'The crash test was stopped before its end, so it proves nothing.', {
    hint: 'Run it again and let it finish.',
  });
}

class Killing implements Storm {
  kills = 0;
  senders = 0;
  readonly mayRepeat = new Set<string>();
  mostUnsettled = 0;
  /** Addresses whose rows were not settled when the last senders were dead. */
  private unsettled: ReadonlySet<string> = new Set();
  readonly failures: string[] = [];
  private firstShare: number | undefined;

  constructor(
    private readonly tools: StormTools,
    private readonly issue: Issue,
    private readonly request: StormRequest,
  ) {}

  /** One sender, or two at once, from their start to their death. */
  async round(): Promise<void> {
    const { random, clock } = this.tools;
    const share = await this.messagesPerKill();
    this.firstShare ??= share;
    const killsLeft = this.request.kills - this.kills;
    // A sender without readers of its own takes over what a dead one held, and settles it before it was read.
    const isPlenty = share >= this.firstShare * PLENTY && share * (killsLeft - 2) >= CLAIMED_BY_TWO;
    const hasRoom = killsLeft > 1 && isPlenty;
    const isPair = hasRoom && random() < PAIR_SHARE;
    const senders = [this.start()];
    try {
      if (isPair) {
        await clock.sleep(random() * STAGGER_MS, this.request.signal);
        senders.push(this.start());
        // A sender that takes over from a dead one settles rows that have not been read yet: both must be past that.
        for (const sender of senders) await this.orStandstill(sender, sender.untilSending());
      }
      for (const sender of senders) {
        await this.orEnd(sender, isPair ? this.messages(sender, share) : this.anyMoment(sender, share));
        this.judge(await sender.kill());
      }
    } finally {
      for (const sender of senders) await sender.kill();
    }
    await this.readDoubts(senders.length);
  }

  private start(): Sender {
    this.senders += 1;
    return this.tools.startSender(this.issue);
  }

  /** Waits for the moment to kill a sender that has just been started. */
  private anyMoment(sender: Sender, share: number): Promise<void> {
    const { random, clock, server } = this.tools;
    const { signal } = this.request;
    if (share < SCARCE) return clock.sleep(random() * STARTING_MS, signal);
    if (random() >= EARLY_SHARE) return this.messages(sender, share);
    // However fast this host is, one kill must leave something for the others.
    const enough = server.untilTaken(server.taken.length + Math.ceil(share * 2));
    return Promise.race([enough, clock.sleep(random() * EARLY_MS, signal)]);
  }

  /** Waits for some messages, and then until somewhere in the middle of one. */
  private async messages(sender: Sender, share: number): Promise<void> {
    const { random, clock, server } = this.tools;
    const count = 1 + Math.floor(random() * share);
    await this.orStandstill(sender, server.untilTaken(server.taken.length + count));
    await clock.sleep(random() * DELAY_MS, this.request.signal);
  }

  private judge({ code, signal, lastWords }: SenderEnd): void {
    if (signal === 'SIGKILL') {
      this.kills += 1;
      this.request.onKill?.(this.kills);
    } else if (code === undefined || !GOOD_CODES.includes(code)) {
      this.failures.push(`A sender ended by itself with ${code ?? signal}: ${lastWords}`);
    }
  }

  /** How many messages each kill that is left may use up, so that all fit into the issue. */
  private async messagesPerKill(): Promise<number> {
    const counts = await this.tools.ledger.counts(this.issue.id);
    return (unsentCount(counts) - counts.deferred) / Math.max(1, this.request.kills - this.kills);
  }

  private async readDoubts(senders: number): Promise<void> {
    const unsettled = new Set<string>();
    let left = 0;
    for await (const { state, address } of this.tools.ledger.deliveries(this.issue.id)) {
      if (state !== 'attempted') continue;
      unsettled.add(address);
      this.mayRepeat.add(address);
      // A sender that is killed while it starts leaves the rows of the one before it as they are.
      if (!this.unsettled.has(address)) left += 1;
    }
    this.unsettled = unsettled;
    this.mostUnsettled = Math.max(this.mostUnsettled, Math.ceil(left / senders));
  }

  private async orStandstill(sender: Sender, event: Promise<void>): Promise<void> {
    const over = new AbortController();
    const stop = () => over.abort();
    this.request.signal?.addEventListener('abort', stop);
    let isStill = false;
    const standstill = this.tools.clock.sleep(STANDSTILL_MS, over.signal).then(() => {
      isStill = !over.signal.aborted;
    });
    await this.orEnd(sender, Promise.race([event, standstill]));
    over.abort();
    this.request.signal?.removeEventListener('abort', stop);
    if (isStill) this.failures.push(`A sender stood still for ${STANDSTILL_MS / 1000} seconds.`);
  }

  private async orEnd(sender: Sender, event: Promise<void>): Promise<void> {
    await Promise.race([event, sender.ended]);
  }
}
